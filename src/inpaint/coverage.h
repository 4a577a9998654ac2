// Questions to a mask that came as pixels (kGray8).
#pragma once

#include "image/image.h"

namespace mw::inpaint {

// The smallest rectangle that holds every pixel above 0; Rect{} when there is none.
Rect coverage_bounds(image::ImageView coverage);

// No pixel is 0.
bool covers_all(image::ImageView coverage);

} // namespace mw::inpaint
