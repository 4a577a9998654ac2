// What the ring of context says about colours: pairs of means. Private to the room.
#pragma once

#include <array>
#include <vector>

#include "composite/context.h"

namespace mw::composite {

// Means of a block of the ring, where source and registered answer show the same; levels.
struct BlockPair {
    std::array<float, 3> source{}, answer{};
    float contrast = 0; // standard deviation of the source's luma within
    bool judge = false; // held back from the fit
};

// Blocks of 8x8 (4x4 when the ring is small) that lie in the ring for at least a half, without what
// is clipped, and whose texture, where they have any, is the same on both sides: what the model
// repainted is left out. Grain and half a pixel of misfit cancel in means, so that a small drift
// of colour shows above them. Grey is repeated three times.
std::vector<BlockPair> block_pairs(const Context& context, const Registration& registration);

} // namespace mw::composite
