#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "mask/refine.h"

namespace mw::mask {
namespace {

// to[i] = max of from[i .. i + span], `from` padded with span zeros at its end: the running maximum
// of blocks of the window's length, from both ends (van Herk 1992, Gil & Werman 1993).
void running_max(const std::vector<std::uint8_t>& from, int span, std::vector<std::uint8_t>& left,
                 std::vector<std::uint8_t>& right, std::uint8_t* to, int count) {
    const int block = span + 1, size = static_cast<int>(from.size());
    for (int start = 0; start < size; start += block) {
        const int end = std::min(start + block, size);
        left[static_cast<std::size_t>(start)] = from[static_cast<std::size_t>(start)];
        for (int i = start + 1; i < end; ++i)
            left[static_cast<std::size_t>(i)] =
                std::max(left[static_cast<std::size_t>(i - 1)], from[static_cast<std::size_t>(i)]);
        right[static_cast<std::size_t>(end - 1)] = from[static_cast<std::size_t>(end - 1)];
        for (int i = end - 2; i >= start; --i)
            right[static_cast<std::size_t>(i)] =
                std::max(right[static_cast<std::size_t>(i + 1)], from[static_cast<std::size_t>(i)]);
    }
    for (int i = 0; i < count; ++i)
        to[i] = std::max(
            {to[i], right[static_cast<std::size_t>(i)], left[static_cast<std::size_t>(i + span)]});
}

// How far a quarter ellipse of these half-axes reaches at height dy.
int reach(int across, int along, int dy) {
    if (dy == 0) return across;
    const double t = double(dy) / along;
    return static_cast<int>(std::floor(across * std::sqrt(std::max(0.0, 1 - t * t)) + 1e-9));
}

} // namespace

Mask grow_sides(const Mask& mask, const SidesPx& by) {
    const SidesPx s{std::max(0, by.left), std::max(0, by.above), std::max(0, by.right),
                    std::max(0, by.below)};
    const Rect support = mask.bounds();
    if (support.empty() || s == SidesPx{}) return mask;
    const Rect window =
        intersect(Rect::from_edges(support.x - s.left, support.y - s.above,
                                   support.right() + s.right, support.bottom() + s.below),
                  mask.rect());
    const image::Image from = mask.read(support);
    image::Image to(window.size(), image::kGray8);
    parallel_for(window.height, 16, [&](int y0, int y1) {
        std::vector<std::uint8_t> padded, left, right;
        for (int y = y0; y < y1; ++y) {
            auto* out = to.span().row<std::uint8_t>(y);
            for (int dy = -s.above; dy <= s.below; ++dy) {
                const int sy = window.y + y - dy - support.y;
                if (sy < 0 || sy >= support.height) continue;
                const int along = dy < 0 ? s.above : s.below, height = std::abs(dy);
                const int to_left = reach(s.left, along, height);
                const int to_right = reach(s.right, along, height);
                // Output x takes from x - to_right .. x + to_left of the source.
                const int span = to_left + to_right;
                padded.assign(static_cast<std::size_t>(window.width + span), 0);
                left.resize(padded.size());
                right.resize(padded.size());
                const auto* row = from.view().row<std::uint8_t>(sy);
                const int shift = support.x - window.x + to_right;
                std::copy(row, row + support.width, padded.begin() + shift);
                running_max(padded, span, left, right, out, window.width);
            }
        }
    });
    Mask grown(mask.size());
    grown.write(window, to.view());
    return grown;
}

} // namespace mw::mask
