// The pixels that grow() takes by its definition.
#pragma once

#include <cstdint>
#include <vector>

#include "mask/disc_rows.h"
#include "mask/mask.h"

namespace mw::mask {

// Where a tile is not told yet: pixels [begin, end) of a row, in the block of kGrowBlock from x on.
struct GrowBlock {
    std::uint8_t x, begin, end, y;
};

// Of one thread, used again and again.
struct GrowScratch {
    std::vector<std::uint64_t> occupied; // by row
    std::vector<std::uint8_t> wide;      // by block
    DiscRows rows;
};

// grow() of the pixels of `blocks`, which are not empty and come in the order of rows, in the tile
// at `tile`. `out` holds what is known there, never too much.
void grow_blocks(const Mask& mask, const Disc& disc, const Rect& tile,
                 const std::vector<GrowBlock>& blocks, GrowScratch& scratch, MaskTile& out);

} // namespace mw::mask
