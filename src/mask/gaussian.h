// The Gaussian blur behind feather() and smooth().
#pragma once

#include "mask/mask.h"

namespace mw::mask {

// Coverage blurred by a Gaussian of `sigma` pixels (> 0.05), within 2 levels of the true one, with
// 0 beyond the picture. With a gain other than 1 the mean is taken over the part of the Gaussian
// that lies inside the picture, and its distance from the middle, 127.5, is multiplied by the gain.
Mask gaussian(const Mask& mask, double sigma, double gain = 1);

} // namespace mw::mask
