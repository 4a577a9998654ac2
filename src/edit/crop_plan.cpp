#include "edit/crop_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "edit/legal_size.h"
#include "image/resample.h"
#include "mask/refine.h"

namespace mw::edit {
namespace {

// A request this much smaller or larger than 1:1 is made 1:1 by taking more or less context, when a
// size was asked for: unresampled pixels are worth more than a fifth of context.
constexpr double kSnapLow = 0.8, kSnapHigh = 1.1;

int default_context(Size support, double share) {
    return std::max(
        64, static_cast<int>(std::ceil(support.longer_side() * std::clamp(share, 0.0, 8.0))));
}

// The rectangle of `size` centred on `support`, slid into the picture where it fits, else centred
// on the picture's axis so that both ends are reflected alike. Holds the support whenever size
// does.
Rect place(Size size, const Rect& support, Size picture) {
    const auto slide = [](int at, int length, int limit) {
        return length <= limit ? std::clamp(at, 0, limit - length) : -((length - limit) / 2);
    };
    const int x = support.x - (size.width - support.width) / 2;
    const int y = support.y - (size.height - support.height) / 2;
    return {slide(x, size.width, picture.width), slide(y, size.height, picture.height), size.width,
            size.height};
}

// A crop in the shape of `request`, `k` times as large.
struct Fitted {
    Size size;
    double k = 1;
};

// Holds `wanted` if that stays inside the picture, less context (never less than the support)
// otherwise, and sticks out only when even the support in this shape does not fit.
Fitted fit_shape(Size request, Size wanted, Size support, Size picture, bool snap) {
    const auto cover = [&](Size s) {
        return std::max(double(s.width) / request.width, double(s.height) / request.height);
    };
    const double least = cover(support);
    const double room =
        std::min(double(picture.width) / request.width, double(picture.height) / request.height);
    double k = std::max(least, std::min(cover(wanted), room));
    if (snap && k >= kSnapLow && k <= kSnapHigh && least <= 1 && (room >= 1 || least > room)) k = 1;
    const auto side = [&](int r, int need, int limit) {
        const int length = static_cast<int>(std::llround(k * r));
        // Rounding must neither cut the support nor cross the border by a pixel.
        const int inside = k <= room ? std::min(length, limit) : length;
        return std::max({inside, need, 1});
    };
    return {{side(request.width, support.width, picture.width),
             side(request.height, support.height, picture.height)},
            k};
}

bool inside(Size size, Size picture) {
    return size.width <= picture.width && size.height <= picture.height;
}

// The support exceeds every legal size: the request that shows it at the best scale, with little
// padding and little context lost.
Result<Size> shrunk_request(Size wanted, Size support, Size picture, const SizeRules& rules) {
    Size best;
    double best_score = -1;
    for_each_legal_width(rules, rules.max_side, [&](int width, Sides heights) {
        const double ideal = double(width) * wanted.height / wanted.width;
        for (const bool up : {false, true}) {
            const int height = clamp_to_multiple(ideal, up, heights, rules.multiple);
            const Fitted f = fit_shape({width, height}, wanted, support, picture, false);
            const double held = double(std::min(f.size.width, wanted.width)) / wanted.width *
                                std::min(f.size.height, wanted.height) / wanted.height;
            double score = held / f.k;
            if (!inside(f.size, picture)) {
                const double seen = double(std::min(f.size.width, picture.width)) / f.size.width *
                                    std::min(f.size.height, picture.height) / f.size.height;
                score *= 0.95 * seen * seen;
            }
            if (score > best_score) {
                best_score = score;
                best = {width, height};
            }
        }
    });
    if (best_score < 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("No picture size satisfies the model's rules ({}); nothing can be "
                                "sent to it. Choose another model.",
                                describe(rules)));
    return best;
}

void note_padding(CropPlan& plan, Size picture) {
    plan.padded = !Rect::of(picture).contains(plan.crop);
    if (!plan.padded) return;
    plan.notes.push_back(
        fmt::format("the crop of {} x {} sticks out of the picture of {} x {}, because no size the "
                    "model accepts fits inside; the rest is filled by reflection and not used",
                    plan.crop.width, plan.crop.height, picture.width, picture.height));
}

} // namespace

Result<CropPlan> plan_crop(Size picture, const mask::Mask& mask, const SizeRules& rules,
                           const PlanParams& params) {
    if (picture.empty())
        return fail(ErrorCode::invalid_argument,
                    "The picture has no pixels, so there is nothing to edit; open another one.");
    if (mask.size() != picture)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask is {} x {} but the picture is {} x {}; use a mask of the "
                        "picture's size.",
                        mask.size().width, mask.size().height, picture.width, picture.height));
    const Rect support = intersect(mask.bounds(), Rect::of(picture));
    if (support.empty())
        return fail(ErrorCode::invalid_argument,
                    "The mask is empty, so there is nothing to edit; paint over the part that "
                    "should change.");
    if (params.request_size) {
        if (const Status legal = check_size(*params.request_size, rules); !legal)
            return tl::unexpected(legal.error());
    }

    const int grow = std::clamp(params.mask_grow_px, 0, 1 << 20);
    const int asked = params.context_px ? std::clamp(*params.context_px, 0, 1 << 20)
                                        : default_context(support.size(), params.context_share);
    const Rect window = intersect(support.grown(std::max(asked, grow)), Rect::of(picture));
    const Size wanted = window.size();

    CropPlan plan;
    if (params.request_size) {
        plan.request_size = *params.request_size;
        const Fitted f = fit_shape(plan.request_size, wanted, support.size(), picture, true);
        plan.crop = place(f.size, support, picture);
    } else if (const auto size =
                   closest_legal_size(wanted, support.size(), picture, rules, Bounds::inside)) {
        plan.request_size = *size;
        plan.crop = place(*size, support, picture);
    } else if (const auto padded =
                   closest_legal_size(wanted, support.size(), picture, rules, Bounds::anywhere)) {
        plan.request_size = *padded;
        plan.crop = place(*padded, support, picture);
    } else {
        auto request = shrunk_request(wanted, support.size(), picture, rules);
        if (!request) return tl::unexpected(request.error());
        plan.request_size = *request;
        const Fitted f = fit_shape(*request, wanted, support.size(), picture, false);
        plan.crop = place(f.size, support, picture);
    }

    if (plan.crop.size() != plan.request_size) {
        plan.scale = std::sqrt(double(plan.request_size.area()) / double(plan.crop.area()));
        plan.notes.push_back(fmt::format(
            "scaled {} to {:.3g} of its size because {}", plan.scale < 1 ? "down" : "up",
            plan.scale,
            params.request_size
                ? fmt::format("a request of {} x {} was asked for", plan.request_size.width,
                              plan.request_size.height)
                : fmt::format("the marked part of {} x {} is larger than the model takes ({})",
                              support.width, support.height, describe(rules))));
    }
    note_padding(plan, picture);
    const int left = support.x - plan.crop.x, right = plan.crop.right() - support.right();
    const int above = support.y - plan.crop.y, below = plan.crop.bottom() - support.bottom();
    if (plan.scale == 1 && !params.request_size && wanted != support.size() &&
        std::max(left + right, above + below) == 0)
        plan.notes.push_back("no context around the marked part fits into the model's limits");
    return plan;
}

image::Image extract_crop(image::ImageView picture, const CropPlan& plan) {
    image::Image crop = image::extract_reflected(picture, plan.crop);
    if (plan.crop.size() == plan.request_size) return crop;
    return image::resample(crop.view(), plan.request_size, image::Filter::lanczos);
}

image::Image extract_coverage(const mask::Mask& mask, const CropPlan& plan) {
    if (mask.rect().contains(plan.crop)) return mask.read(plan.crop);
    // Padding shows the picture's mirror image, so it needs the mask's mirror image too: half an
    // object that is to go must not survive as context in the padding.
    return image::extract_reflected(mask.read(mask.rect()).view(), plan.crop);
}

image::Image extract_sent_mask(const mask::Mask& mask, const CropPlan& plan,
                               const PlanParams& params) {
    const image::Image coverage =
        params.mask_grow_px > 0 ? extract_coverage(mask::grow(mask, params.mask_grow_px), plan)
                                : extract_coverage(mask, plan);
    image::Image out(plan.request_size, image::kGray8);
    // Any covered pixel within the footprint of a request pixel covers it: a hair must not vanish
    // when the crop is scaled down.
    const auto footprint = [](int i, int to, int from) {
        const auto low = std::int64_t{i} * from / to;
        const auto high = (std::int64_t{i + 1} * from + to - 1) / to;
        return std::pair{static_cast<int>(low), static_cast<int>(std::max(low + 1, high))};
    };
    const Size from = coverage.size();
    for (int y = 0; y < out.height(); ++y) {
        const auto [top, bottom] = footprint(y, out.height(), from.height);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int sy = top; sy < bottom; ++sy) {
            const auto* row = coverage.view().row<std::uint8_t>(sy);
            for (int x = 0; x < out.width(); ++x) {
                const auto [first, last] = footprint(x, out.width(), from.width);
                for (int sx = first; sx < last; ++sx)
                    if (row[sx]) to[x] = 255;
            }
        }
    }
    return out;
}

} // namespace mw::edit
