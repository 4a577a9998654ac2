// OpenCV, where its packages are installed, one thread.
#pragma once

#include "image/image.h"

namespace mw::bench {

bool opencv_available();
bool opencv_quality_available();
void opencv_start();
double cv_psnr(image::ImageView a, image::ImageView b);     // cv::PSNR
double cv_ssim_map(image::ImageView a, image::ImageView b); // QualitySSIM with its map

} // namespace mw::bench
