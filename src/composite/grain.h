// Noise where the answer is smoother than the picture around it. Private to the room.
#pragma once

#include "composite/blocks.h"

namespace mw::composite {

// What to add: two layers of noise, single pixels and blobs of 3x3 (binomial), for each channel, in
// 0 .. 1 values; the channels go together as they do in the source.
struct GrainRecipe {
    Grain report;
    std::array<float, 3> fine{}, coarse{};     // standard deviations
    std::array<std::array<float, 3>, 3> mix{}; // lower triangle: channel = sum of independent ones
};

// Measured on flat parts of the ring, on source and answer at the same pixels, by the median over
// blocks of Immerkaer's operator (1996) at the pixels and at means of 2x2. What the answer has is
// subtracted; applied only where it has clearly less (under 0.8 of the source's).
GrainRecipe find_grain(const Context& context, image::ImageView corrected, const Blocks& blocks);

// Adds it to `pixels` (f32) of the picture's `area`. Zero on average, by position alone: the same
// however often it is made and whatever is cut out. It fades where a value nears black or white.
void add_grain(const GrainRecipe& recipe, const Rect& area, image::ImageSpan pixels);

} // namespace mw::composite
