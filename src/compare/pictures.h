// Pictures that show a difference.
#pragma once

#include "base/result.h"
#include "compare/metrics.h"
#include "compare/stats.h"
#include "mask/mask.h"

namespace mw::compare {

enum class Metric { flip, delta_e, ssim, absolute };

// A map from `values` (kGrayF) as kRgb8 by the perceptually uniform "magma"-like ramp: low is
// black, `full_scale` and above is the ramp's end. With a mask, its outline is drawn in white.
image::Image heat_image(image::ImageView values, double full_scale,
                        const mask::Mask* outline = nullptr);

// The heat picture of two pictures by a metric, at its usual full scale (flip 1, delta_e 20, 1 -
// ssim 1, absolute 0.25).
Result<image::Image> heat_map(image::ImageView a, image::ImageView b, Metric metric,
                              const mask::Mask* outline = nullptr, const Views& views = {});

// A | B with a gap of a few pixels, kRgb8, scaled down (never up) to at most max_width.
Result<image::Image> side_by_side(image::ImageView a, image::ImageView b, int max_width = 4096,
                                  const Views& views = {});

} // namespace mw::compare
