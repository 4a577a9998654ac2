// The islands of a mask: what is connected, by runs of covered pixels, and a mask cut along them.
// Private to the room.
#pragma once

#include <cstdint>
#include <vector>

#include "mask/mask.h"

namespace mw::edit {

// Covered cells [left, right) of a row of cells.
struct IslandRun {
    int y, left, right;
    std::uint32_t island;
};

// Pixels above 0 that touch by a side or a corner are one island. `cell` is 1; of masks with more
// than two million runs (noise) it is 16, and what shares or neighbours a block of 16 x 16 pixels
// is one island.
struct IslandMap {
    int cell = 1;
    std::vector<IslandRun> runs; // by rows, left to right
    std::vector<Rect> bounds; // of each island, exact, in pixels; in the order of their first pixel
};

// Cost: one pass over the mixed tiles, in parallel, and the runs.
IslandMap find_islands(const mask::Mask& mask);

// One mask for each of `groups`, with the coverage of the islands i for which group_of[i] says so.
// Tiles that belong to one group alone are shared with `mask`.
std::vector<mask::Mask> cut_islands(const mask::Mask& mask, const IslandMap& islands,
                                    const std::vector<int>& group_of, int groups);

} // namespace mw::edit
