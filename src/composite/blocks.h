// Source and corrected answer in blocks of 8x8: what the judgements about an answer are made of.
// Private to the room.
#pragma once

#include <array>
#include <vector>

#include "composite/context.h"

namespace mw::composite {

inline constexpr int kBlockSide = 8; // as held_back

// Means over the pixels of a block that belong to a region, 0 .. 255 levels, clipped to what a
// model can be shown; of grey pictures all three channels are alike.
struct BlockMean {
    int count = 0; // pixels
    std::array<float, 3> source{}, answer{};
    float deviation = 0; // RMS of source - answer about its mean, over the channels

    // Of the channels, the largest difference of the means.
    float difference() const;
};

struct Blocks {
    int width = 0, height = 0;
    std::vector<BlockMean> ring, inside; // of the context; of the mask, as far as it can be seen
    const BlockMean& ring_at(int x, int y) const { return ring[index(x, y)]; }
    const BlockMean& inside_at(int x, int y) const { return inside[index(x, y)]; }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(x);
    }
};

// `corrected` is of context.window; `mask` the artist's.
Blocks block_means(const Context& context, image::ImageView corrected, const mask::Mask& mask);

} // namespace mw::composite
