// OpenCV, where its package is installed.
#pragma once

#include "image/image.h"

namespace mw::bench {

enum class CvFilter { lanczos4, cubic, area, linear };

bool opencv_available();
void opencv_start(); // one thread
// u8 or f32, 1, 3 or 4 channels; alpha is one more channel there.
image::Image cv_resize(image::ImageView picture, Size size, CvFilter filter);

} // namespace mw::bench
