// Where two pictures differ most.
#pragma once

#include <vector>

#include "compare/pictures.h"

namespace mw::compare {

struct Spot {
    Rect bounds;      // in A
    double value = 0; // mean error over the bounds
    Point peak;       // the pixel with the largest error, and that
    double peak_value = 0;
    bool operator==(const Spot&) const = default;
};

struct SpotParams {
    Metric metric = Metric::flip; // errors as in heat maps: FLIP, Delta E, 1 - SSIM, difference
    int count = 5;                // at most; 1 .. 1000
    int side_px = 0; // of a spot's square, multiples of 8; 0: a 32nd of the longer side, 16 .. 256
    double pixels_per_degree = kPixelsPerDegree;
    const mask::Mask* leave_out = nullptr; // pixels above 0 count as equal: "worst outside"
};

// The worst first, at least half a side apart; fewer when the rest does not differ. The same on any
// machine. Errors: invalid_argument when sizes differ, too_large, cancelled.
Result<std::vector<Spot>> worst_spots(image::ImageView a, image::ImageView b,
                                      const SpotParams& params = {}, const Views& views = {},
                                      std::stop_token stop = {});

} // namespace mw::compare
