// The outline of a mask for drawing over the picture: pixel edges, exact at any zoom.
#pragma once

#include <cstddef>
#include <vector>

#include "mask/mask.h"

namespace mw::mask {

// A straight run of pixel edges, between pixel corners, in image pixels. The covered side is on the
// right of the way from a to b (y down), so segments that meet can be joined or dashed along.
struct OutlineSegment {
    Point a, b;
    bool operator==(const OutlineSegment&) const = default;
};

struct Outline {
    std::vector<OutlineSegment> segments;
    bool complete = true; // false: stopped at the limit, the rest (further down) is missing
};

// Edges between coverage >= 128 and less, within `window` (its border lines included, clipped
// there). The picture's outside counts as 0. Merged into the longest straight runs; at most
// `max_segments`. Cost: one pass over the window's mixed tiles, next to nothing for the others.
Outline outline(const Mask& mask, const Rect& window, std::size_t max_segments);

} // namespace mw::mask
