// Colour spaces used by measuring and recolouring. D65 throughout.
#pragma once

#include <array>

namespace mw::image {

using Float3 = std::array<float, 3>;

// IEC 61966-2-1 transfer; odd symmetric below 0, extended above 1.
float srgb_to_linear(float encoded);
float linear_to_srgb(float linear);

// Linear sRGB to CIE 1976 L*a*b* (L 0..100) under D65 and back; CIE 15:2018.
Float3 linear_to_lab(Float3 rgb);
Float3 lab_to_linear(Float3 lab);

// Linear sRGB to Oklab (L 0..1) and back; Ottosson 2020.
Float3 linear_to_oklab(Float3 rgb);
Float3 oklab_to_linear(Float3 lab);

} // namespace mw::image
