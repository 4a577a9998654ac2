// The weights of a separable resampling. Private to the room.
#pragma once

#include <vector>

#include "image/image.h"
#include "image/resample.h"

namespace mw::image {

// Where the first output lies among the source's samples, and how far apart outputs lie there.
struct Grid {
    double origin = 0, step = 1;
    // Outputs and source cover the same ground.
    static Grid aligned(int from, int to) {
        const double step = double(from) / to;
        return {0.5 * step - 0.5, step};
    }
};

// The weights of each output position: taps `first` .. `first + width - 1`, clamped at the edges
// already.
struct Taps {
    std::vector<int> first;
    std::vector<float> weights; // `width` per position, their sum 1
    int width = 0;
    const float* at(int position) const {
        return &weights[static_cast<std::size_t>(position) * static_cast<std::size_t>(width)];
    }
};

// Lanczos-3, or a box for Filter::area, widened when `grid` shrinks.
Taps make_taps(int from, int to, Grid grid, Filter filter);

double lanczos3(double x);

// `wide` (f32, any channels) through both; `limited`: no output beyond the samples with weight.
Image through_taps(ImageView wide, const Taps& across, const Taps& down, bool limited);

} // namespace mw::image
