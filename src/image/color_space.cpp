#include "image/color_space.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "image/color.h"
#include "image/convert.h"

namespace mw::image {
namespace {

using Matrix = std::array<float, 9>;

Matrix inverse(const Matrix& m) {
    const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        return double(m[a]) * m[d] - double(m[b]) * m[c];
    };
    const double c0 = minor(4, 5, 7, 8), c1 = minor(3, 5, 6, 8), c2 = minor(3, 4, 6, 7);
    const double det = m[0] * c0 - m[1] * c1 + m[2] * c2;
    const auto f = [&](double v) { return static_cast<float>(v / det); };
    return {f(c0),  f(-minor(1, 2, 7, 8)), f(minor(1, 2, 4, 5)),
            f(-c1), f(minor(0, 2, 6, 8)),  f(-minor(0, 2, 3, 5)),
            f(c2),  f(-minor(0, 1, 6, 7)), f(minor(0, 1, 3, 4))};
}

Float3 times(const Matrix& m, const Float3& v) {
    return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
            m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}

// Linear interpolation; beyond the ends on along the last step, so that nothing is clipped.
float look_up(const std::vector<float>& table, float v) {
    if (table.empty()) return v;
    const auto last = static_cast<float>(table.size() - 1);
    const float at = v * last;
    const float cell = std::clamp(std::floor(at), 0.0f, last - 1);
    const auto i = static_cast<std::size_t>(cell);
    return table[i] + (at - cell) * (table[i + 1] - table[i]);
}

float look_up_inverse(const std::vector<float>& table, float v) {
    if (table.empty()) return v;
    const auto above = std::upper_bound(table.begin() + 1, table.end() - 1, v);
    const auto i = static_cast<std::size_t>(above - table.begin()) - 1;
    const float step = table[i + 1] - table[i];
    const float part = step > 0 ? (v - table[i]) / step : 0;
    return (static_cast<float>(i) + part) / static_cast<float>(table.size() - 1);
}

// Trilinear.
Float3 look_up_grid(const std::vector<float>& grid, int side, const Float3& v) {
    std::array<int, 3> cell{};
    std::array<float, 3> part{};
    for (std::size_t k = 0; k < 3; ++k) {
        const float at = std::clamp(v[k], 0.0f, 1.0f) * static_cast<float>(side - 1);
        cell[k] = std::min(static_cast<int>(at), side - 2);
        part[k] = at - static_cast<float>(cell[k]);
    }
    Float3 out{};
    for (int corner = 0; corner < 8; ++corner) {
        float weight = 1;
        std::size_t at = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const int up = corner >> k & 1;
            weight *= up ? part[k] : 1 - part[k];
            at = at * static_cast<std::size_t>(side) + static_cast<std::size_t>(cell[k] + up);
        }
        for (std::size_t k = 0; k < 3; ++k)
            out[k] += weight * grid[3 * at + k];
    }
    return out;
}

const std::vector<float>& curve_of(const ColorSpace& space, std::size_t channel) {
    return space.curve[channel].empty() ? space.curve[0] : space.curve[channel];
}

// `convert` takes and gives the colours of one pixel.
template <class F>
void each_pixel(ImageSpan pixels, F convert) {
    const int n = pixels.format.channels, colors = pixels.format.color_channels();
    parallel_for(pixels.size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* p = pixels.row<float>(y);
            for (int x = 0; x < pixels.size.width; ++x, p += n) {
                Float3 v{p[0], colors == 3 ? p[1] : p[0], colors == 3 ? p[2] : p[0]};
                v = convert(v);
                std::copy_n(v.begin(), colors, p);
            }
        }
    });
}

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

DisplayTransform::DisplayTransform(ColorSpaceRef space, double exposure_stops)
    : space_(std::move(space)),
      exposure_stops_(space_ && space_->scene_linear ? std::clamp(exposure_stops, -20.0, 20.0)
                                                     : 0) {}

Image DisplayTransform::to_display(ImageView source) const {
    Image out = convert(source, {source.format.channels, SampleType::f32});
    if (is_identity()) return out;
    const ColorSpace& s = *space_;
    if (s.kind == ColorSpace::Kind::grid) {
        each_pixel(out.span(), [&](const Float3& v) {
            return look_up_grid(s.to_display_grid, s.grid_side, v);
        });
        return out;
    }
    const auto gain = static_cast<float>(std::exp2(exposure_stops_));
    const bool grey = source.format.color_channels() == 1;
    each_pixel(out.span(), [&](Float3 v) {
        for (std::size_t k = 0; k < 3; ++k)
            v[k] = gain * look_up(curve_of(s, k), v[k]);
        if (!grey) v = times(s.to_srgb, v);
        for (float& c : v)
            c = linear_to_srgb(c);
        return v;
    });
    return out;
}

Image DisplayTransform::to_display(ImageView source, SampleType type) const {
    const PixelFormat format{source.format.channels, type};
    if (is_identity()) return convert(source, format);
    return convert(to_display(source).view(), format);
}

void DisplayTransform::from_display(ImageSpan pixels) const {
    assert(pixels.format.type == SampleType::f32);
    if (is_identity()) return;
    const ColorSpace& s = *space_;
    if (s.kind == ColorSpace::Kind::grid) {
        each_pixel(pixels, [&](const Float3& v) {
            return look_up_grid(s.from_display_grid, s.grid_side, v);
        });
        return;
    }
    const auto gain = static_cast<float>(std::exp2(-exposure_stops_));
    const Matrix back = inverse(s.to_srgb);
    const bool grey = pixels.format.color_channels() == 1;
    each_pixel(pixels, [&](Float3 v) {
        for (float& c : v)
            c = srgb_to_linear(c);
        if (!grey) v = times(back, v);
        for (std::size_t k = 0; k < 3; ++k)
            v[k] = look_up_inverse(curve_of(s, k), gain * v[k]);
        return v;
    });
}

} // namespace mw::image
