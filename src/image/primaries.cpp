#include "image/primaries.h"

#include <algorithm>
#include <cmath>

namespace mw::image {
namespace {

using Matrix = std::array<double, 9>;
using Vector = std::array<double, 3>;

Matrix times(const Matrix& a, const Matrix& b) {
    Matrix out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k)
                out[3 * i + j] += a[3 * i + k] * b[3 * k + j];
    return out;
}

Vector times(const Matrix& m, const Vector& v) {
    Vector out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 3; ++k)
            out[i] += m[3 * i + k] * v[k];
    return out;
}

Matrix scaling(const Vector& v) {
    return {v[0], 0, 0, 0, v[1], 0, 0, 0, v[2]};
}

std::optional<Matrix> inverse(const Matrix& m) {
    const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        return m[a] * m[d] - m[b] * m[c];
    };
    const double c0 = minor(4, 5, 7, 8), c1 = minor(3, 5, 6, 8), c2 = minor(3, 4, 6, 7);
    const double det = m[0] * c0 - m[1] * c1 + m[2] * c2;
    if (!(std::abs(det) > 1e-9)) return std::nullopt;
    Matrix out{c0,  -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
               -c1, minor(0, 2, 6, 8),  -minor(0, 2, 3, 5),
               c2,  -minor(0, 1, 6, 7), minor(0, 1, 3, 4)};
    for (double& v : out)
        v /= det;
    return out;
}

Vector xyz_of(PointF xy) {
    return {xy.x / xy.y, 1, (1 - xy.x - xy.y) / xy.y};
}

constexpr Matrix kBradford{0.8951, 0.2664, -0.1614, -0.7502, 1.7135,
                           0.0367, 0.0389, -0.0685, 1.0296};
// As ICC files write it.
constexpr Vector kD50{0.9642, 1, 0.8249};

Matrix adaptation(const Vector& from, const Vector& to) {
    const Vector a = times(kBradford, from), b = times(kBradford, to);
    return times(times(*inverse(kBradford), scaling({b[0] / a[0], b[1] / a[1], b[2] / a[2]})),
                 kBradford);
}

std::optional<Matrix> rgb_to_xyz(const Primaries& p) {
    const PointF all[] = {p.red, p.green, p.blue, p.white};
    if (!std::ranges::all_of(all,
                             [](PointF xy) { return std::abs(xy.x) < 10 && std::abs(xy.y) < 10; }))
        return std::nullopt;
    if (!(p.white.y > 1e-3) || !(p.white.x > 0)) return std::nullopt;
    const auto z = [](PointF xy) { return 1 - xy.x - xy.y; }; // y may be zero
    const Matrix columns{p.red.x,  p.green.x, p.blue.x,   p.red.y,  p.green.y,
                         p.blue.y, z(p.red),  z(p.green), z(p.blue)};
    const auto back = inverse(columns);
    if (!back) return std::nullopt;
    return times(columns, scaling(times(*back, xyz_of(p.white))));
}

const Matrix& xyz_to_srgb() { // XYZ under D65
    static const Matrix m = *inverse(*rgb_to_xyz(kRec709));
    return m;
}

} // namespace

std::optional<Matrix> matrix_to_srgb(const Primaries& primaries) {
    const auto to_xyz = rgb_to_xyz(primaries);
    if (!to_xyz) return std::nullopt;
    if (primaries.white == kRec709.white) return times(xyz_to_srgb(), *to_xyz);
    const Vector cone = times(kBradford, xyz_of(primaries.white));
    if (!std::ranges::all_of(cone, [](double c) { return c > 1e-3; })) return std::nullopt;
    return times(times(xyz_to_srgb(), adaptation(xyz_of(primaries.white), xyz_of(kWhiteD65))),
                 *to_xyz);
}

Matrix matrix_to_srgb_from_d50(const Matrix& to_xyz) {
    static const Matrix from_d50 = times(xyz_to_srgb(), adaptation(kD50, xyz_of(kWhiteD65)));
    return times(from_d50, to_xyz);
}

Matrix matrix_to_d50_from_srgb(const Matrix& to_srgb) {
    static const Matrix to_d50 = times(adaptation_to_d50(), *rgb_to_xyz(kRec709));
    return times(to_d50, to_srgb);
}

Matrix adaptation_to_d50() {
    return adaptation(xyz_of(kWhiteD65), kD50);
}

} // namespace mw::image
