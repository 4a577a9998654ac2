// The colour space of files that hold light itself: OpenEXR, Radiance HDR.
#pragma once

#include <array>

#include "image/color_space.h"

namespace mw::codec {

// `xy`: CIE x and y of red, green, blue and white. White is adapted to D65 by Bradford's method
// (Lam 1985; ICC.1:2022 annex E). Null when these are no primaries.
image::ColorSpaceRef linear_space(const std::array<float, 8>& xy);
// With the primaries of Rec. 709, which are sRGB's.
image::ColorSpaceRef linear_rec709();

} // namespace mw::codec
