// The magic wand: what has the colour of a point, connected with it or anywhere.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "mask/mask.h"

namespace mw::select {

enum class ColorMeasure {
    rgb,     // the largest difference of an encoded channel, alpha counted, 0..255 of full range
    delta_e, // CIEDE2000 of sRGB under D65, or 100 x the difference of alpha where that is larger
};

struct WandParams {
    Point at;              // the pixel that was clicked
    double tolerance = 10; // >= 0, in the unit of the measure; a pixel at exactly this matches
    ColorMeasure measure = ColorMeasure::delta_e;
    int sample_side = 1;    // the colour is the mean of 1x1, 3x3 or 5x5 pixels
    bool contiguous = true; // only what is connected with `at`
    bool diagonal = false;  // 8-connected rather than 4-connected
    // Pixels beside the selection (8-connected) are covered by 1 - d / D, where d is their own
    // distance and D the largest among their neighbours: the share of the selected colour that the
    // picture's own antialiasing left in them. Hard edges stay hard.
    bool antialias = true;
};

// A picture of any format, read as display-encoded sRGB. Where the sampled colour is transparent
// (alpha 0) only alpha is compared; NaN samples never match. The pixel clicked is part of the
// answer only if it matches the (mean) colour; when it does not, a contiguous selection is empty.
// Without antialiasing exactly what a search from pixel to pixel finds. Cost: with `contiguous`, in
// proportion to the tiles the region touches.
// Errors: invalid_argument (a point outside, a tolerance or a side out of range), cancelled.
Result<mask::Mask> magic_wand(image::ImageView picture, const WandParams& params,
                              std::stop_token stop = {});

} // namespace mw::select
