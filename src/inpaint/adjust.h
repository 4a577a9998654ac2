// Adjustments of a whole crop; the graft's mask decides later where they show.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "image/color.h"
#include "image/image.h"

namespace mw::inpaint {

// All: same size and format as `picture` (any format), alpha kept, values computed in float. When
// stop was requested before the end an empty image comes back, within 100 ms.

// Hue and chroma of `target_srgb` (0..1 encoded) with the picture's own lightness structure kept,
// in Oklab: the mean lightness under `coverage` (kGray8, same size; one without any coverage counts
// as full) moves towards the target's by `lightness_pull` 0..1. What is paler than the mean
// (highlights, print) stays paler in proportion; colours beyond sRGB lose chroma, not hue. A grey
// picture takes the lightness alone.
image::Image recolor(image::ImageView picture, image::ImageView coverage, image::Float3 target_srgb,
                     double lightness_pull = 0.6, std::stop_token stop = {});

// Gaussian, sigma in px > 0, in linear light, edges clamped.
image::Image blur(image::ImageView picture, double sigma_px, std::stop_token stop = {});

// Square cells of side_px >= 2 aligned to the picture's corner, each its mean in linear light.
image::Image pixelate(image::ImageView picture, int side_px, std::stop_token stop = {});

// Linear light times 2^stops.
image::Image expose(image::ImageView picture, double stops, std::stop_token stop = {});

// 0 keeps, 1 leaves no colour: chroma in Oklab times 1 - amount; a negative amount saturates.
image::Image desaturate(image::ImageView picture, double amount, std::stop_token stop = {});

} // namespace mw::inpaint
