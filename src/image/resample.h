// Another size of the same picture.
#pragma once

#include "image/image.h"

namespace mw::image {

enum class Filter {
    area,    // box of the scale's width: for shrinking
    lanczos, // Lanczos-3 (Duchon 1979), widened when shrinking
};

// Separable, pixel centres aligned ((x + 0.5) * scale - 0.5), edges clamped, computed in float,
// same format out. Colour is weighted by alpha so that transparent pixels do not bleed. Sizes must
// be positive.
Image resample(ImageView source, Size size, Filter filter);

// Half the size (rounded up) by 2x2 means, for mip pyramids; u8, 1..4 channels, alpha not weighted.
Image halve(ImageView source);

} // namespace mw::image
