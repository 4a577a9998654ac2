// Where the answer changed nothing, the source's own samples stay. Private to the room.
#pragma once

#include "composite/blocks.h"

namespace mw::composite {

// How far the answer strays where it was told to keep: levels, RMS, on flat ground and more for
// each level a pixel of local gradient. Both 0 when the ring is too small to say, or equals the
// source.
struct UsualDifference {
    float flat = 0, slope = 0;
};
UsualDifference usual_difference(const Context& context, const Blocks& blocks);

struct Unchanged {
    image::Image share; // of the answer, kGrayF in 0 .. 1, of `area`; empty: 1 everywhere
    double kept_share = 0;
    std::int64_t above_white_kept = 0, above_white_replaced = 0; // pixels
};

// `finished` is the answer as it would be seen at full weight, of `area`; `corrected` the same
// around it, of context.window. Compared with what was sent, the source clipped to white and black.
// - Deeper sources (`deeper`) keep a pixel the answer shows as it was, to half a level of its 8
//   bits; from one level on the answer lands as it is.
// - What was sent clipped and came back within 6 levels of that is as it was.
// - With `usual`, so is a neighbourhood of 5x5 that differs, as a whole and on average, no more
//   than context with as much detail.
Unchanged find_unchanged(const Context& context, image::ImageView corrected,
                         image::ImageView finished, const mask::Mask& declared, const Rect& area,
                         bool deeper, const UsualDifference& usual);

} // namespace mw::composite
