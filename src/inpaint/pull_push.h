// Smooth interpolation of scattered values (pull-push; Gortler et al. 1996, "The lumigraph",
// section 3.4). Internal to the room.
#pragma once

#include <vector>

#include "base/geometry.h"

namespace mw::inpaint {

// Premultiplied values and their weight, planes interleaved.
struct Weighted {
    Size size;
    int channels;
    std::vector<float> v; // channels + 1 per pixel

    Weighted(Size s, int n)
        : size(s), channels(n), v(static_cast<std::size_t>(s.area()) * (n + 1)) {}
    float* at(int x, int y) {
        return v.data() + (static_cast<std::size_t>(y) * size.width + x) * (channels + 1);
    }
    const float* at(int x, int y) const { return const_cast<Weighted*>(this)->at(x, y); }
};

// Gives every pixel of weight 0 a value between those around it; there must be some of weight 1.
void pull_push(Weighted& plane);

} // namespace mw::inpaint
