#include "compare/fit.h"

#include <fmt/format.h>

#include "image/resample.h"

namespace mw::compare {
namespace {

Result<image::Image> on_canvas(image::ImageView picture, Size size) {
    auto out = image::Image::try_create(size, picture.format);
    if (!out) return out;
    image::copy_pixels(picture, out->span().sub(picture.rect()));
    return out;
}

} // namespace

Status check_sizes(Size a, Size b) {
    if (a == b && !a.empty()) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("The pictures are {} x {} and {} x {}, and only pictures of one size "
                            "can be compared; scale or crop one of them first.",
                            a.width, a.height, b.width, b.height));
}

Result<Fitted> bring_together(image::ImageView a, image::ImageView b, Fit fit) {
    Fitted out;
    out.a = a, out.b = b;
    if (a.size == b.size) return out;
    if (a.empty() || b.empty()) return tl::unexpected(check_sizes(a.size, b.size).error());
    const auto sizes = [&] {
        return fmt::format("A is {} x {}, B {} x {}: ", a.size.width, a.size.height, b.size.width,
                           b.size.height);
    };
    if (fit == Fit::crop) {
        const Rect both = intersect(a.rect(), b.rect());
        out.a = a.sub(both), out.b = b.sub(both);
        out.note = fmt::format("{}the top left {} x {} both have was compared", sizes(), both.width,
                               both.height);
        return out;
    }
    if (fit == Fit::scale) {
        const bool smaller = a.size.area() < b.size.area();
        try {
            out.own_b =
                image::resample(b, a.size, smaller ? image::Filter::area : image::Filter::lanczos);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::too_large,
                        "Not enough memory to bring the two pictures to one size; close other "
                        "pictures first.");
        }
        out.b = out.own_b.view();
        out.note = sizes() + "B was scaled to A's size";
        return out;
    }
    const Rect both = unite(a.rect(), b.rect());
    if (a.size != both.size()) {
        auto own = on_canvas(a, both.size());
        if (!own) return tl::unexpected(own.error());
        out.own_a = std::move(*own), out.a = out.own_a.view();
    }
    if (b.size != both.size()) {
        auto own = on_canvas(b, both.size());
        if (!own) return tl::unexpected(own.error());
        out.own_b = std::move(*own), out.b = out.own_b.view();
    }
    out.note = fmt::format("{}compared on {} x {}, empty where one is missing", sizes(), both.width,
                           both.height);
    return out;
}

Result<Overlap> overlap(image::ImageView a, image::ImageView b, Point nudge) {
    constexpr int kFar = 1 << 28; // so that sums of ints stay in range
    const int dx = std::clamp(nudge.x, -kFar, kFar), dy = std::clamp(nudge.y, -kFar, kFar);
    const Rect in_a = intersect(a.rect(), b.rect().translated(dx, dy));
    if (in_a.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("Moved by {}, {} the pictures do not overlap any more; less than "
                                "{} x {} leaves something to compare.",
                                nudge.x, nudge.y, std::max(a.size.width, b.size.width),
                                std::max(a.size.height, b.size.height)));
    return Overlap{a.sub(in_a), b.sub(in_a.translated(-dx, -dy)), in_a};
}

mask::Mask cut(const mask::Mask& mask, const Rect& part) {
    if (part == mask.rect()) return mask;
    mask::Mask out(part.size());
    constexpr int kBand = mask::kTileSide;
    for (int y = 0; y < part.height; y += kBand) {
        const Rect band{0, y, part.width, std::min(kBand, part.height - y)};
        out.write(band, mask.read(band.translated(part.x, part.y)).view());
    }
    return out;
}

} // namespace mw::compare
