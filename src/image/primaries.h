// The colours of red, green, blue and white of an RGB space, and the matrix that follows.
#pragma once

#include <array>
#include <optional>

#include "base/geometry.h"

namespace mw::image {

// CIE 1931 x, y.
struct Primaries {
    PointF red, green, blue, white;
    bool operator==(const Primaries&) const = default;
};

inline constexpr PointF kWhiteD65{0.3127, 0.3290}, kWhiteD50{0.3457, 0.3585};
inline constexpr Primaries kRec709{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, kWhiteD65};
inline constexpr Primaries kDisplayP3{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, kWhiteD65};
inline constexpr Primaries kRec2020{{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, kWhiteD65};
inline constexpr Primaries kAdobeRgb{{0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}, kWhiteD65};
inline constexpr Primaries kProPhoto{
    {0.734699, 0.265301}, {0.159597, 0.840403}, {0.036598, 0.000105}, {0.345704, 0.358540}};

// Row major, linear RGB of these primaries to linear sRGB, white to white by Bradford's adaptation
// (ICC.1:2022 annex E). Nothing when they span no colours (not finite, on one line, a white without
// light).
std::optional<std::array<double, 9>> matrix_to_srgb(const Primaries& primaries);

// The same from the columns of a profile: XYZ of red, green and blue under the profile connection
// space's D50 (X 0.9642, Y 1, Z 0.8249).
std::array<double, 9> matrix_to_srgb_from_d50(const std::array<double, 9>& rgb_to_xyz);
// And back: the columns that a profile would have.
std::array<double, 9> matrix_to_d50_from_srgb(const std::array<double, 9>& rgb_to_srgb);
// XYZ under D65 to XYZ under that D50, as a profile states it ('chad').
std::array<double, 9> adaptation_to_d50();

} // namespace mw::image
