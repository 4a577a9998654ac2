// Adjustments of a whole crop; the graft's mask decides later where they show.
#pragma once

#include "base/result.h"
#include "image/color.h"
#include "image/image.h"

namespace mw::inpaint {

// All: same size and format as `picture` (any format), alpha kept, values computed in float.

// Hue and chroma of `target_srgb` (0..1 encoded) with the picture's own lightness structure kept,
// in Oklab: the mean lightness under `coverage` (kGray8, same size) moves towards the target's by
// `lightness_pull` 0..1.
image::Image recolor(image::ImageView picture, image::ImageView coverage, image::Float3 target_srgb,
                     double lightness_pull = 0.6);

// Gaussian, sigma in px > 0, in linear light, edges clamped.
image::Image blur(image::ImageView picture, double sigma_px);

// Square cells of side_px >= 2 aligned to the picture's corner, each its mean in linear light.
image::Image pixelate(image::ImageView picture, int side_px);

// Linear light times 2^stops.
image::Image expose(image::ImageView picture, double stops);

// 0 keeps, 1 leaves no colour: chroma in Oklab times 1 - amount; a negative amount saturates.
image::Image desaturate(image::ImageView picture, double amount);

} // namespace mw::inpaint
