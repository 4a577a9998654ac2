// Per-pixel difference maps. All take two pictures of one size, any format, and give kGrayF.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "image/color.h"
#include "image/image.h"

namespace mw::compare {

// CIEDE2000 of two CIELAB colours (Sharma, Wu, Dalal 2005), kL = kC = kH = 1.
double ciede2000(const std::array<double, 3>& lab1, const std::array<double, 3>& lab2);

image::Image delta_e_map(image::ImageView a, image::ImageView b);
// SSIM of luma, 11x11 Gaussian window, sigma 1.5, K1 0.01, K2 0.03 (Wang et al. 2004); edges
// reflected.
image::Image ssim_map(image::ImageView a, image::ImageView b);
// LDR-FLIP, 0..1 (Andersson et al. 2020). pixels_per_degree > 0.
image::Image flip_map(image::ImageView a, image::ImageView b, double pixels_per_degree);
// Largest absolute difference over the colour channels, in 0..1 of full range.
image::Image abs_map(image::ImageView a, image::ImageView b);

} // namespace mw::compare
