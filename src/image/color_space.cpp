#include "image/color_space.h"

#include <algorithm>
#include <cmath>

namespace mw::image {
namespace {

using Matrix = std::array<float, 9>;

double determinant(const Matrix& m) {
    return m[0] * (double(m[4]) * m[8] - double(m[5]) * m[7]) -
           m[1] * (double(m[3]) * m[8] - double(m[5]) * m[6]) +
           m[2] * (double(m[3]) * m[7] - double(m[4]) * m[6]);
}

// NaN is in no range.
bool all_within(const std::vector<float>& values, float low, float high) {
    return std::ranges::all_of(values, [&](float v) { return v >= low && v <= high; });
}

bool curve_is_sane(const std::vector<float>& curve) {
    return curve.size() >= 2 && curve.size() <= 65536 && all_within(curve, -1, 16) &&
           std::ranges::is_sorted(curve) && curve.front() < curve.back();
}

bool grid_is_sane(const std::vector<float>& grid, int side) {
    const auto n = static_cast<std::size_t>(side);
    return side >= 2 && side <= 65 && grid.size() == 3 * n * n * n && all_within(grid, -16, 16);
}

} // namespace

bool well_formed(const ColorSpace& s) {
    if (s.name.size() > 100 ||
        std::ranges::any_of(s.name, [](char c) { return c < 32 || c > 126; }))
        return false;
    if (s.kind == ColorSpace::Kind::grid)
        return grid_is_sane(s.to_display_grid, s.grid_side) &&
               grid_is_sane(s.from_display_grid, s.grid_side) && !s.scene_linear;
    if (s.kind != ColorSpace::Kind::shaper || s.grid_side != 0 || !s.to_display_grid.empty() ||
        !s.from_display_grid.empty())
        return false;
    for (const auto& curve : s.curve)
        if (!curve.empty() && !curve_is_sane(curve)) return false;
    if (s.curve[1].empty() != s.curve[2].empty() || (s.curve[0].empty() && !s.curve[1].empty()))
        return false;
    const auto sane = [](float v) { return v >= -100 && v <= 100; };
    return std::ranges::all_of(s.to_srgb, sane) && std::abs(determinant(s.to_srgb)) > 1e-6;
}

} // namespace mw::image
