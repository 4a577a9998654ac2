// Pictures that show a difference.
#pragma once

#include "base/result.h"
#include "compare/metrics.h"
#include "compare/stats.h"
#include "mask/mask.h"

namespace mw::compare {

enum class Metric { flip, delta_e, ssim, absolute };

// A map from `values` (kGrayF) as kRgb8 by the ramp of color_ramp.h: low is black, `full_scale` and
// above is the ramp's end. With a mask, its outline is drawn in white.
image::Image heat_image(image::ImageView values, double full_scale,
                        const mask::Mask* outline = nullptr);

// What the ramp's end stands for at gain 1: flip 1, Delta E 20, 1 - SSIM 1, absolute 1.
double full_scale(Metric metric);
// What is usual: 1, but 4 for the plain absolute difference.
double usual_gain(Metric metric);

struct HeatParams {
    Metric metric = Metric::flip;
    double gain = 0; // 1 .. 64 (kMaxGain); 0 is usual_gain
    double pixels_per_degree = kPixelsPerDegree;
};

// The heat picture of two pictures. Errors: invalid_argument when sizes differ; too_large.
Result<image::Image> heat_map(image::ImageView a, image::ImageView b, const HeatParams& params,
                              const mask::Mask* outline = nullptr, const Views& views = {});

// A | B with a gap of a few pixels, kRgb8, scaled down (never up) to at most max_width.
Result<image::Image> side_by_side(image::ImageView a, image::ImageView b, int max_width = 4096,
                                  const Views& views = {});

// kRgb8 as shown, scaled down (never up) until neither side is longer than max_side; what is
// transparent lies over a checker.
Result<image::Image> shown_picture(image::ImageView picture, const image::DisplayTransform& view,
                                   int max_side);

} // namespace mw::compare
