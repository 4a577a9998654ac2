#include "image/color_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "image/color_space.h"

namespace mw::image {
namespace {

float clip(float v) {
    return v > 0 ? std::min(v, 1.0f) : 0.0f; // NaN too
}

double norm2(const Float3& a, const Float3& b) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k)
        sum += double(a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

} // namespace

struct ColorGrid::Slopes {
    std::array<std::array<double, 3>, 3> by_input; // [input][output]
};

Float3 ColorGrid::at(const Float3& in, Slopes* slopes) const {
    const auto side = static_cast<std::size_t>(side_);
    const std::array<std::size_t, 3> stride{3 * side * side, 3 * side, 3};
    std::array<float, 3> part{};
    std::size_t from = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const float place = clip(in[k]) * static_cast<float>(side_ - 1);
        const auto cell = std::min(static_cast<std::size_t>(place), side - 2);
        part[k] = place - static_cast<float>(cell);
        from += cell * stride[k];
    }
    // From the low corner to the high one along the axes, the longest way first.
    std::array<std::size_t, 3> axis{0, 1, 2};
    if (part[axis[0]] < part[axis[1]]) std::swap(axis[0], axis[1]);
    if (part[axis[1]] < part[axis[2]]) std::swap(axis[1], axis[2]);
    if (part[axis[0]] < part[axis[1]]) std::swap(axis[0], axis[1]);
    Float3 out{nodes_[from], nodes_[from + 1], nodes_[from + 2]};
    for (const std::size_t a : axis) {
        const std::size_t to = from + stride[a];
        for (std::size_t k = 0; k < 3; ++k) {
            const float step = nodes_[to + k] - nodes_[from + k];
            out[k] += part[a] * step;
            if (slopes) slopes->by_input[a][k] = double(step) * (side_ - 1);
        }
        from = to;
    }
    return out;
}

Float3 ColorGrid::at(const Float3& in) const {
    return at(in, nullptr);
}

Float3 ColorGrid::inverse(const Float3& wanted, const Float3& guess) const {
    Float3 x{clip(guess[0]), clip(guess[1]), clip(guess[2])}, best = x;
    double best_error = 1e30;
    for (int i = 0; i < 8; ++i) {
        Slopes s;
        const Float3 y = at(x, &s);
        const double error = norm2(y, wanted);
        if (error < best_error) {
            best_error = error;
            best = x;
        }
        if (error < 1e-13) break;
        const auto& [a, b, c] = s.by_input;
        const auto cross = [](const auto& p, const auto& q) {
            return std::array<double, 3>{p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2],
                                         p[0] * q[1] - p[1] * q[0]};
        };
        const auto dot = [](const auto& p, const auto& q) {
            return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
        };
        const auto bc = cross(b, c), ca = cross(c, a), ab = cross(a, b);
        const double det = dot(a, bc);
        if (!(std::abs(det) > 1e-9)) break;
        const std::array<double, 3> d{double(wanted[0]) - y[0], double(wanted[1]) - y[1],
                                      double(wanted[2]) - y[2]};
        Float3 next = x;
        next[0] = clip(static_cast<float>(x[0] + dot(d, bc) / det));
        next[1] = clip(static_cast<float>(x[1] + dot(d, ca) / det));
        next[2] = clip(static_cast<float>(x[2] + dot(d, ab) / det));
        if (next == x) break;
        x = next;
    }
    return best;
}

void fill_from_display_grid(ColorSpace& space) {
    const ColorGrid there(space.to_display_grid, space.grid_side);
    const int side = space.grid_side;
    const auto unit = [&](int i) { return static_cast<float>(i) / static_cast<float>(side - 1); };
    // A start for colours without a neighbour that is done.
    constexpr int kCoarse = 5;
    std::vector<std::pair<Float3, Float3>> coarse; // shown, of the picture
    for (int i = 0; i < kCoarse * kCoarse * kCoarse; ++i) {
        const auto part = [&](int n) { return static_cast<float>(n % kCoarse) / (kCoarse - 1); };
        const Float3 own{part(i / kCoarse / kCoarse), part(i / kCoarse), part(i)};
        coarse.emplace_back(there.at(own), own);
    }
    auto& grid = space.from_display_grid;
    grid.assign(space.to_display_grid.size(), 0);
    const auto done = [&](int r, int g, int b) {
        const auto at = static_cast<std::size_t>(3 * ((r * side + g) * side + b));
        return Float3{grid[at], grid[at + 1], grid[at + 2]};
    };
    std::size_t at = 0;
    for (int r = 0; r < side; ++r)
        for (int g = 0; g < side; ++g)
            for (int b = 0; b < side; ++b, at += 3) {
                const Float3 wanted{unit(r), unit(g), unit(b)};
                Float3 start{};
                double nearest = 1e30;
                const auto offer = [&](const Float3& own, const Float3& shown) {
                    if (const double d = norm2(shown, wanted); d < nearest) {
                        nearest = d;
                        start = own;
                    }
                };
                for (const auto& [shown, own] : coarse)
                    offer(own, shown);
                for (const Float3& own :
                     {r > 0 ? done(r - 1, g, b) : start, g > 0 ? done(r, g - 1, b) : start,
                      b > 0 ? done(r, g, b - 1) : start})
                    offer(own, there.at(own));
                const Float3 found = there.inverse(wanted, start);
                std::ranges::copy(found, grid.begin() + static_cast<std::ptrdiff_t>(at));
            }
}

} // namespace mw::image
