#include "edit/legal_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mw::edit {
namespace {

// Sides beyond this are never asked for, so that products stay far from 2^63 whatever the rules
// say.
constexpr int kLargestSide = 1 << 20;

std::int64_t ceil_to(std::int64_t v, std::int64_t m) {
    return (v + m - 1) / m * m;
}
std::int64_t floor_to(std::int64_t v, std::int64_t m) {
    return v / m * m;
}

struct Checked {
    std::int64_t multiple, min_side, max_side, min_area, max_area;
    double max_aspect;
};

Checked checked(const SizeRules& r) {
    const std::int64_t m = std::clamp(r.multiple, 1, kLargestSide);
    return {m,
            ceil_to(std::clamp(r.min_side, 1, kLargestSide), m),
            floor_to(std::clamp(r.max_side, 0, kLargestSide), m),
            std::max<std::int64_t>(r.min_area, 1),
            r.max_area,
            std::max(r.max_aspect, 1.0)};
}

} // namespace

std::string describe(const SizeRules& r) {
    std::string text;
    const auto add = [&](std::string part) { text += (text.empty() ? "" : ", ") + part; };
    const SizeRules none;
    if (r.multiple > 1) add(fmt::format("sides in multiples of {}", r.multiple));
    if (r.min_side > 1) add(fmt::format("each side at least {}", r.min_side));
    if (r.max_side < none.max_side) add(fmt::format("each side at most {}", r.max_side));
    if (r.min_area > 1) add(fmt::format("at least {} pixels", r.min_area));
    if (r.max_area < none.max_area) add(fmt::format("at most {} pixels", r.max_area));
    if (r.max_aspect < 1e8)
        add(fmt::format("longer side at most {:g} times the other", r.max_aspect));
    return text.empty() ? fmt::format("each side at most {}", r.max_side) : text;
}

Status check_size(Size size, const SizeRules& rules) {
    const auto refuse = [&](std::string why) -> Status {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("A request of {} x {} is not possible: {}. Choose a size within "
                                "the model's rules ({}), or leave it to the program.",
                                size.width, size.height, why, describe(rules)));
    };
    const Checked c = checked(rules);
    if (size.empty()) return refuse("both sides must be at least 1");
    const int shorter = std::min(size.width, size.height), longer = size.longer_side();
    if (size.width % c.multiple || size.height % c.multiple)
        return refuse(fmt::format("the sides must be multiples of {}", c.multiple));
    if (shorter < c.min_side)
        return refuse(fmt::format("the side of {} is below {}", shorter, c.min_side));
    if (longer > c.max_side)
        return refuse(fmt::format("the side of {} is above {}", longer, c.max_side));
    if (size.area() < c.min_area)
        return refuse(fmt::format("{} pixels are fewer than {}", size.area(), c.min_area));
    if (size.area() > c.max_area)
        return refuse(fmt::format("{} pixels are more than {}", size.area(), c.max_area));
    if (longer > c.max_aspect * shorter)
        return refuse(fmt::format("the longer side is {:.2f} times the other, more than {:g}",
                                  double(longer) / shorter, c.max_aspect));
    return {};
}

Sides legal_heights(int width, const SizeRules& rules) {
    const Checked c = checked(rules);
    if (width < c.min_side || width > c.max_side || width % c.multiple) return {};
    auto by_aspect = static_cast<std::int64_t>(std::ceil(width / c.max_aspect));
    while (width > c.max_aspect * double(by_aspect))
        ++by_aspect;
    const double reach = std::floor(std::min(c.max_aspect * width, double(kLargestSide)));
    const std::int64_t low = std::max({c.min_side, by_aspect, (c.min_area + width - 1) / width});
    const std::int64_t high =
        std::min({c.max_side, static_cast<std::int64_t>(reach), c.max_area / width});
    if (high < low) return {};
    return {static_cast<int>(ceil_to(low, c.multiple)),
            static_cast<int>(floor_to(high, c.multiple))};
}

void for_each_legal_width(const SizeRules& rules, int most,
                          const std::function<void(int, Sides)>& visit) {
    const Checked c = checked(rules);
    const auto last = static_cast<int>(std::min<std::int64_t>(c.max_side, most));
    for (auto w = static_cast<int>(c.min_side); w <= last; w += static_cast<int>(c.multiple)) {
        const Sides heights = legal_heights(w, rules);
        if (!heights.empty()) visit(w, heights);
    }
}

int clamp_to_multiple(double value, bool up, Sides range, int multiple) {
    const double m = std::max(multiple, 1);
    const double v = std::clamp(value, double(range.low), double(range.high));
    const double at = (up ? std::ceil(v / m) : std::floor(v / m)) * m;
    return static_cast<int>(std::clamp(at, double(range.low), double(range.high)));
}

std::optional<Size> closest_legal_size(Size wanted, Size support, Size picture,
                                       const SizeRules& rules, Bounds bounds) {
    const bool in = bounds == Bounds::inside;
    const int multiple = std::clamp(rules.multiple, 1, kLargestSide);
    const auto over = [](int a, int b) { return std::int64_t{std::max(0, a - b)}; };
    std::optional<Size> best;
    std::array<std::int64_t, 7> best_cost{};
    for_each_legal_width(rules, in ? picture.width : kLargestSide, [&](int w, Sides heights) {
        if (w < support.width) return;
        heights.low = std::max(heights.low, static_cast<int>(ceil_to(support.height, multiple)));
        if (in)
            heights.high =
                std::min(heights.high, static_cast<int>(floor_to(picture.height, multiple)));
        if (heights.empty()) return;
        // The cost falls towards one of these two heights from either side.
        for (const int h : {clamp_to_multiple(wanted.height, true, heights, multiple),
                            clamp_to_multiple(picture.height, false, heights, multiple)}) {
            const std::int64_t pad_x = over(w, picture.width), pad_y = over(h, picture.height);
            const std::int64_t less_x = over(wanted.width, w), less_y = over(wanted.height, h);
            const std::int64_t more_x = over(w, wanted.width), more_y = over(h, wanted.height);
            const std::array<std::int64_t, 7> cost{std::max(pad_x, pad_y),
                                                   pad_x + pad_y,
                                                   std::max(less_x, less_y),
                                                   less_x + less_y,
                                                   std::max(more_x, more_y),
                                                   std::int64_t{w} * h,
                                                   w};
            if (!best || cost < best_cost) {
                best = Size{w, h};
                best_cost = cost;
            }
        }
    });
    return best;
}

} // namespace mw::edit
