// Selections by what each pixel is, wherever it lies.
#pragma once

#include <stop_token>
#include <vector>

#include "base/result.h"
#include "mask/mask.h"

namespace mw::select {

struct ColorRangeParams {
    std::vector<Point> at; // the reference colours: what lies under these pixels, at least one
    int sample_side = 1;   // each the mean of 1x1, 3x3 or 5x5 pixels
    double tolerance = 20; // CIEDE2000, > 0: the distance at which coverage is one half
    double softness = 0.5; // 0..1: coverage falls from 1 at (1 - softness) tolerance to 0 at
                           // (1 + softness) tolerance, linearly
};

// Coverage by the least CIEDE2000 distance to the reference colours, scaled by the pixel's alpha.
// A picture of any format, read as display-encoded sRGB; NaN is not covered. Errors:
// invalid_argument (no point or one outside, numbers out of range), cancelled.
Result<mask::Mask> color_range(image::ImageView picture, const ColorRangeParams& params,
                               std::stop_token stop = {});

struct LuminanceRangeParams {
    double low = 0, high = 100; // CIELAB L*, 0..100, low <= high: fully covered within
    double softness = 0;        // L* over which coverage falls to 0 on either side, >= 0, linearly
};

// Coverage by lightness, scaled by alpha; as above.
Result<mask::Mask> luminance_range(image::ImageView picture, const LuminanceRangeParams& params,
                                   std::stop_token stop = {});

// The picture's own alpha, rounded to 8 bits; everything where it has none. Errors: cancelled.
Result<mask::Mask> from_alpha(image::ImageView picture, std::stop_token stop = {});

} // namespace mw::select
