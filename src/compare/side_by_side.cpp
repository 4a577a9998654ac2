#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compare/pictures.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::compare {
namespace {

constexpr int kGap = 8;
constexpr std::uint8_t kGround = 48;              // of the gap and below a shorter picture
constexpr int kCheck = 8;                         // squares under transparent parts
constexpr std::uint8_t kLight = 205, kDark = 155; // of the squares

image::Image scaled(image::ImageView picture, const image::DisplayTransform& view, double factor) {
    const auto side = [&](int s) { return std::max(1, static_cast<int>(std::lround(s * factor))); };
    const Size size{side(picture.size.width), side(picture.size.height)};
    image::Image displayed, own;
    if (!view.is_identity()) {
        displayed = view.to_display(picture, image::SampleType::u8);
        picture = displayed.view();
    }
    // To 8 bits first: a quarter of the memory on the way down, and no more is shown.
    const image::PixelFormat format{picture.format.has_alpha() ? 4 : 3, image::SampleType::u8};
    if (picture.format != format) {
        own = image::convert(picture, format);
        picture = own.view();
    }
    if (size == picture.size) return own.empty() ? image::clone(picture) : std::move(own);
    return image::resample(picture, size, image::Filter::area);
}

void lay(image::ImageView picture, image::ImageSpan out) {
    const int n = picture.format.channels;
    for (int y = 0; y < picture.size.height; ++y) {
        const auto* p = picture.row<std::uint8_t>(y);
        auto* to = out.row<std::uint8_t>(y);
        for (int x = 0; x < picture.size.width; ++x, p += n, to += 3) {
            const int alpha = n == 4 ? p[3] : 255;
            const int under = ((x / kCheck + y / kCheck) & 1) ? kDark : kLight;
            for (int c = 0; c < 3; ++c)
                to[c] =
                    static_cast<std::uint8_t>((p[c] * alpha + under * (255 - alpha) + 127) / 255);
        }
    }
}

} // namespace

Result<image::Image> side_by_side(image::ImageView a, image::ImageView b, int max_width,
                                  const Views& views) {
    if (a.empty() || b.empty())
        return fail(ErrorCode::invalid_argument,
                    "One of the two pictures has no pixels, so they cannot be shown beside each "
                    "other.");
    const double room = std::max(2, max_width - kGap);
    const double factor = std::min(1.0, room / (double(a.size.width) + b.size.width));
    try {
        const image::Image left = scaled(a, views.a, factor), right = scaled(b, views.b, factor);
        const Size size{left.width() + kGap + right.width(),
                        std::max(left.height(), right.height())};
        auto out = image::Image::try_create(size, image::kRgb8);
        if (!out) return tl::unexpected(out.error());
        std::fill(out->bytes().begin(), out->bytes().end(), std::byte{kGround});
        lay(left.view(), out->span().sub(left.rect()));
        lay(right.view(), out->span().sub(right.rect().translated(left.width() + kGap, 0)));
        return std::move(*out);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "Not enough memory to show the two pictures beside each "
                    "other; close other pictures first.");
    }
}

Result<image::Image> shown_picture(image::ImageView picture, const image::DisplayTransform& view,
                                   int max_side) {
    if (picture.empty()) return fail(ErrorCode::invalid_argument, "A picture has no pixels.");
    const double factor = std::min(1.0, double(std::max(1, max_side)) / picture.size.longer_side());
    try {
        const image::Image small = scaled(picture, view, factor);
        image::Image out(small.size(), image::kRgb8);
        lay(small.view(), out.span());
        return out;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "Not enough memory to show the picture; close other pictures first.");
    }
}

} // namespace mw::compare
