// What may be expected in the hole on the average. Internal to the room.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <stop_token>

#include "inpaint/level.h"

namespace mw::inpaint {

// Sets level.low: the mean of the guide around each known pixel, and in the hole the smoothest
// continuation of that from its border. Patches alike in detail abound, the plainest most of all;
// that one is as light, as coloured and as rough as what is around the hole is told by this.
// Nothing is expected where all around the hole is barred.
void expect_surroundings(Level& level, const std::stop_token& stop);

// Of guide units; what light and chance alone make of one ground (five levels of 8 bits), and what
// is plainly another one (thirty more).
inline constexpr int kLikeEnough = 20, kMostUnlike = 120;

// How unlike the surroundings expected at one pixel those of another are, in squared guide units
// for a patch of `area` pixels. What differs by much is another thing and no worse for differing by
// more, so that a structure that crosses the hole is not held back. 0 when nothing is expected.
inline int unlikeness(const Level& level, std::size_t target, std::size_t source, int area) {
    if (level.low.empty()) return 0;
    const std::int16_t* a = level.low.data() + target * kGuideChannels;
    const std::int16_t* b = level.low.data() + source * kGuideChannels;
    int sum = 0;
    for (int c = 0; c < kGuideChannels; ++c) {
        const int d = std::max(0, std::abs(a[c] - b[c]) - kLikeEnough);
        sum += std::min(d * d, kMostUnlike * kMostUnlike);
    }
    return sum / 16 * level.low_weight * area;
}

} // namespace mw::inpaint
