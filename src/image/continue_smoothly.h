// Nothing but a smooth surface where something was.
#pragma once

#include "image/image.h"

namespace mw::image {

// Each pixel where `hole` (kGray8, the same size) is not 0 becomes, in all its channels, a smooth
// continuation of those where it is 0: harmonic (Laplace's equation) between means of what lies
// within kContinuedFrom pixels of the hole's edge, so that no noise is carried in. What was in the
// hole has no say in it, not even in a rounding; colours count by their alpha, and samples that are
// no finite numbers not at all. Where no pixel is left to continue from: mid grey, opaque. The same
// bytes on any number of threads. Costs some 40 bytes of memory for each pixel.
void continue_smoothly(ImageSpan pixels, ImageView hole);

// How far from the hole a pixel may be to have a say.
inline constexpr int kContinuedFrom = 4;

} // namespace mw::image
