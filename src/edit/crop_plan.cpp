#include "edit/crop_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "edit/legal_size.h"
#include "edit/plan_steps.h"

namespace mw::edit {
namespace {

// A request this much smaller or larger than 1:1 is made 1:1 by taking more or less context, when a
// size was asked for: unresampled pixels are worth more than a fifth of context.
constexpr double kSnapLow = 0.8, kSnapHigh = 1.1;

int default_context(Size support, double share) {
    return std::max(
        64, static_cast<int>(std::ceil(support.longer_side() * std::clamp(share, 0.0, 8.0))));
}

// The rectangle of `size` (at least the support's) centred on `middle`, but holding the support,
// slid into the picture where it fits, else centred on the picture's axis so that both ends are
// reflected alike.
Rect place(Size size, const Rect& middle, const Rect& support, Size picture) {
    const auto slide = [](int at, int length, int low, int high, int limit) {
        if (length > limit) return -((length - limit) / 2);
        return std::clamp(std::clamp(at, high - length, low), 0, limit - length);
    };
    return {slide(middle.x - (size.width - middle.width) / 2, size.width, support.x,
                  support.right(), picture.width),
            slide(middle.y - (size.height - middle.height) / 2, size.height, support.y,
                  support.bottom(), picture.height),
            size.width, size.height};
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

struct Enlarged {
    Size request, crop;
};

// The request k = params.enlarge times as large as what it shows, or as near to that as the rules
// and the picture allow with the whole window in it: the same search as for 1:1, in a picture k
// times as large. Empty when nothing above 1:1 is possible.
std::optional<Enlarged> enlarge(const Wish& wish, Size picture, const SizeRules& rules,
                                double most) {
    const Size window = wish.window.size();
    constexpr double kStep = 0.98, kLeast = 1.02;
    double k = std::min(
        {std::clamp(most, 1.0, 8.0), double(std::max(rules.max_side, 1)) / window.longer_side(),
         std::sqrt(double(std::max<std::int64_t>(rules.max_area, 1)) / double(window.area()))});
    for (; k >= kLeast; k *= kStep) {
        const auto up = [&](int v) { return static_cast<int>(std::ceil(v * k - 1e-6)); };
        const Size wanted{up(window.width), up(window.height)};
        const Size room{static_cast<int>(picture.width * k), static_cast<int>(picture.height * k)};
        const auto request = closest_legal_size(wanted, wanted, room, rules, Bounds::inside);
        if (!request) continue;
        const auto side = [&](int r, int least, int limit) {
            return std::clamp(static_cast<int>(std::llround(r / k)), least, limit);
        };
        return Enlarged{*request,
                        {side(request->width, window.width, picture.width),
                         side(request->height, window.height, picture.height)}};
    }
    return std::nullopt;
}

void note_scale(CropPlan& plan, const Wish& wish, const SizeRules& rules,
                const PlanParams& params) {
    if (plan.scale == 1) {
        if (params.enlarge > 1 && !params.request_size)
            plan.notes.push_back(
                fmt::format("not enlarged: with its context the marked part leaves no room within "
                            "the model's limits ({})",
                            describe(rules)));
        return;
    }
    std::string why;
    if (params.request_size)
        why = fmt::format("because a request of {} x {} was asked for", plan.request_size.width,
                          plan.request_size.height);
    else if (plan.scale > 1 && plan.scale < 0.97 * params.enlarge)
        why = fmt::format(
            "so that the model sees more of it; {:g} times was asked for, more than "
            "the model and the picture allow",
            params.enlarge);
    else if (plan.scale > 1)
        why = "so that the model sees more of it";
    else
        why = fmt::format("because the marked part of {} x {} is larger than the model takes ({})",
                          wish.support.width, wish.support.height, describe(rules));
    plan.notes.push_back(fmt::format("scaled {} to {:.3g} of its size {}",
                                     plan.scale < 1 ? "down" : "up", plan.scale, why));
}

void note_the_rest(CropPlan& plan, const Wish& wish, Size picture, const PlanParams& params) {
    plan.padded = !Rect::of(picture).contains(plan.crop);
    if (plan.padded)
        plan.notes.push_back(fmt::format(
            "the crop of {} x {} sticks out of the picture of {} x {}, because no size the "
            "model accepts fits inside; the rest is filled by reflection and not used",
            plan.crop.width, plan.crop.height, picture.width, picture.height));
    if (params.crop && !plan.crop.contains(intersect(*params.crop, Rect::of(picture))))
        plan.notes.push_back(
            "the crop shows less than was asked for, so that it stays within the model's limits "
            "without being scaled down");
    const Rect& support = wish.support;
    const int left = support.x - plan.crop.x, right = plan.crop.right() - support.right();
    const int above = support.y - plan.crop.y, below = plan.crop.bottom() - support.bottom();
    if (plan.scale == 1 && !params.request_size && wish.window != support &&
        std::max(left + right, above + below) == 0)
        plan.notes.push_back("no context around the marked part fits into the model's limits");
}

} // namespace

Status check_mask(Size picture, const mask::Mask& mask) {
    if (picture.empty())
        return fail(ErrorCode::invalid_argument,
                    "The picture has no pixels, so there is nothing to edit; open another one.");
    if (mask.size() != picture)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask is {} x {} but the picture is {} x {}; use a mask of the "
                        "picture's size.",
                        mask.size().width, mask.size().height, picture.width, picture.height));
    if (mask.empty())
        return fail(ErrorCode::invalid_argument,
                    "The mask is empty, so there is nothing to edit; paint over the part that "
                    "should change.");
    return {};
}

Result<Wish> wish_for(Size picture, const Rect& support, const PlanParams& params) {
    const int grow = std::clamp(params.mask_grow_px, 0, 1 << 20);
    const Rect least = intersect(support.grown(grow), Rect::of(picture));
    if (!params.crop) {
        const int asked = params.context_px ? std::clamp(*params.context_px, 0, 1 << 20)
                                            : default_context(support.size(), params.context_share);
        return Wish{support, unite(least, intersect(support.grown(asked), Rect::of(picture))),
                    support};
    }
    const Rect dragged = *params.crop;
    // Sides beyond any picture would overflow below.
    const bool sane =
        std::max(std::abs(std::int64_t{dragged.x}), std::abs(std::int64_t{dragged.y})) < 1 << 24 &&
        std::max(dragged.width, dragged.height) < 1 << 24;
    const Rect shown = sane ? intersect(dragged, Rect::of(picture)) : Rect{};
    if (intersect(shown, support).empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The crop {},{} {} x {} shows nothing of the marked part at {},{} "
                                "{} x {}; move it over the mask, or leave it to the program.",
                                dragged.x, dragged.y, dragged.width, dragged.height, support.x,
                                support.y, support.width, support.height));
    const Rect window = unite(shown, least);
    return Wish{support, window, window};
}

Result<CropPlan> plan_support(Size picture, const Rect& support, const SizeRules& rules,
                              const PlanParams& params) {
    if (params.request_size) {
        if (const Status legal = check_size(*params.request_size, rules); !legal)
            return tl::unexpected(legal.error());
    }
    const auto wish = wish_for(picture, support, params);
    if (!wish) return tl::unexpected(wish.error());
    const Size wanted = wish->window.size();

    CropPlan plan;
    plan.resampling = params.resampling;
    const auto settle = [&](Size request, Size crop) {
        plan.request_size = request;
        plan.crop = place(crop, wish->middle, support, picture);
    };
    std::optional<Enlarged> larger;
    if (params.request_size) {
        const Fitted f = fit_shape(*params.request_size, wanted, support.size(), picture, true);
        settle(*params.request_size, f.size);
    } else if (params.enlarge > 1 &&
               (larger = enlarge(*wish, picture, rules, params.enlarge)).has_value()) {
        settle(larger->request, larger->crop);
    } else if (const auto size =
                   closest_legal_size(wanted, support.size(), picture, rules, Bounds::inside)) {
        settle(*size, *size);
    } else if (const auto padded =
                   closest_legal_size(wanted, support.size(), picture, rules, Bounds::anywhere)) {
        settle(*padded, *padded);
    } else {
        auto request = shrunk_request(wanted, support.size(), picture, rules);
        if (!request) return tl::unexpected(request.error());
        settle(*request, fit_shape(*request, wanted, support.size(), picture, false).size);
    }
    if (plan.crop.size() != plan.request_size)
        plan.scale = std::sqrt(double(plan.request_size.area()) / double(plan.crop.area()));
    note_scale(plan, *wish, rules, params);
    note_the_rest(plan, *wish, picture, params);
    return plan;
}

Result<CropPlan> plan_crop(Size picture, const mask::Mask& mask, const SizeRules& rules,
                           const PlanParams& params) {
    if (const Status ok = check_mask(picture, mask); !ok) return tl::unexpected(ok.error());
    return plan_support(picture, mask.bounds(), rules, params);
}

} // namespace mw::edit
