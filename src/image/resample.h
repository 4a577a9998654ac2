// Another size of the same picture.
#pragma once

#include "image/image.h"

namespace mw::image {

enum class Filter {
    area,            // box of the scale's width, exact coverage: for shrinking
    lanczos,         // Lanczos-3 (Duchon 1979), widened when shrinking
    lanczos_limited, // the same without overshoot: in each direction nothing above or below the
                     // samples that the kernel saw
    // For enlarging by up to 8 and more: the lattice is doubled along edges by directional cubic
    // convolution (Zhou, Shen, Dong 2012), with Lanczos-3 lines, as far as one diagonal or axis is
    // clearly smoother than the other, by plain Lanczos-3 elsewhere; then Lanczos-3 to the size. It
    // overshoots at edges no more than Lanczos-3 does. A direction in which nothing is enlarged
    // makes the whole lanczos_limited.
    edge_directed,
};

// Pixel centres aligned ((x + 0.5) * scale - 0.5), edges clamped, computed in float, same format
// out. On the samples as they are encoded. Colour is weighted by alpha so that transparent pixels
// do not bleed. Same bytes for any number of threads. Sizes must be positive.
Image resample(ImageView source, Size size, Filter filter);

// Half the size (rounded up) by 2x2 means, for mip pyramids; u8, 1..4 channels, alpha not weighted.
Image halve(ImageView source);

} // namespace mw::image
