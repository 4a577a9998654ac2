// By which translations the known picture repeats itself. Internal to the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "inpaint/level.h"

namespace mw::inpaint {

// He & Sun 2012, "Statistics of patch offsets for image completion": patches of the known picture
// around the hole are matched among each other, no nearer than a least distance, and the offsets
// that occur most often are those by which boards, bricks and lines continue. Each match counts by
// how far its patch stands out, so that a single line in noise is heard, and more beside the hole;
// each offset by how much of the hole it can fill. Source minus target, in px of the level.
struct OffsetStatistics {
    // At most `most` each, none twice: the strongest first, then those that fill what the strongest
    // leave open. Every one takes at least one hole pixel to a valid source.
    std::vector<Point> any;
    std::vector<Point> along; // only those in the direction of the strongest, or against it
};

// Empty when there is none, or stopped. The same for a seed on any number of threads.
OffsetStatistics frequent_offsets(const Level& level, int patch_side, int most, std::uint64_t seed,
                                  const std::stop_token& stop);

} // namespace mw::inpaint
