#include "codec/linear_space.h"

#include <algorithm>
#include <cmath>

namespace mw::codec {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>; // rows

struct Named {
    const char* name;
    std::array<float, 8> xy;
};
constexpr Named kKnown[] = {
    {"Rec. 709", {0.64f, 0.33f, 0.3f, 0.6f, 0.15f, 0.06f, 0.3127f, 0.329f}},
    {"Rec. 2020", {0.708f, 0.292f, 0.17f, 0.797f, 0.131f, 0.046f, 0.3127f, 0.329f}},
    {"P3 D65", {0.68f, 0.32f, 0.265f, 0.69f, 0.15f, 0.06f, 0.3127f, 0.329f}},
    {"Adobe RGB", {0.64f, 0.33f, 0.21f, 0.71f, 0.15f, 0.06f, 0.3127f, 0.329f}},
    {"ACES AP0", {0.7347f, 0.2653f, 0, 1, 0.0001f, -0.077f, 0.32168f, 0.33767f}},
    {"ACES AP1", {0.713f, 0.293f, 0.165f, 0.83f, 0.128f, 0.044f, 0.32168f, 0.33767f}},
};

bool near(const std::array<float, 8>& a, const std::array<float, 8>& b) {
    for (std::size_t i = 0; i < 8; ++i)
        if (!(std::abs(a[i] - b[i]) < 0.0006f)) return false;
    return true;
}

Vector times(const Matrix& m, const Vector& v) {
    Vector out{};
    for (std::size_t r = 0; r < 3; ++r)
        out[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
    return out;
}

Matrix times(const Matrix& a, const Matrix& b) {
    Matrix out{};
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c)
            out[r][c] = a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c];
    return out;
}

Matrix inverse(const Matrix& m) {
    Matrix out{};
    double det = 0;
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c) {
            const std::size_t r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3,
                              c2 = (c + 2) % 3;
            out[c][r] = m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
            if (r == 0) det += m[0][c] * out[c][0];
        }
    for (Vector& row : out)
        for (double& v : row)
            v /= det;
    return out;
}

Vector xyz(double x, double y) {
    return {x / y, 1, (1 - x - y) / y};
}

// RGB to XYZ; SMPTE RP 177.
Matrix rgb_to_xyz(const std::array<float, 8>& xy) {
    Matrix m{};
    for (std::size_t c = 0; c < 3; ++c) { // by x, y, z: a primary's y may be zero
        const double x = xy[2 * c], y = xy[2 * c + 1];
        m[0][c] = x, m[1][c] = y, m[2][c] = 1 - x - y;
    }
    const Vector scale = times(inverse(m), xyz(xy[6], xy[7]));
    for (Vector& row : m)
        for (std::size_t c = 0; c < 3; ++c)
            row[c] *= scale[c];
    return m;
}

Matrix adapted(const Vector& from, const Vector& to) {
    constexpr Matrix kBradford = {
        {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};
    const Vector a = times(kBradford, from), b = times(kBradford, to);
    Matrix gains{};
    for (std::size_t i = 0; i < 3; ++i)
        gains[i][i] = b[i] / a[i];
    return times(inverse(kBradford), times(gains, kBradford));
}

} // namespace

image::ColorSpaceRef linear_space(const std::array<float, 8>& xy) {
    image::ColorSpace space;
    space.scene_linear = true;
    space.name = "scene-linear, its own primaries";
    const auto* known =
        std::ranges::find_if(kKnown, [&](const Named& n) { return near(n.xy, xy); });
    if (known != std::end(kKnown)) space.name = std::string("scene-linear, ") + known->name;
    if (known == kKnown) return std::make_shared<const image::ColorSpace>(std::move(space));
    if (!(std::abs(xy[7]) > 1e-6f)) return nullptr;
    const auto& rec709 = kKnown[0].xy;
    const Matrix m =
        times(inverse(rgb_to_xyz(rec709)),
              times(adapted(xyz(xy[6], xy[7]), xyz(rec709[6], rec709[7])), rgb_to_xyz(xy)));
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c)
            space.to_srgb[3 * r + c] = static_cast<float>(m[r][c]);
    if (!image::well_formed(space)) return nullptr;
    return std::make_shared<const image::ColorSpace>(std::move(space));
}

image::ColorSpaceRef linear_rec709() {
    return linear_space(kKnown[0].xy);
}

} // namespace mw::codec
