// From nothing to a motion that Lucas & Kanade can go on from, and whether it is the only one.
// Private to the room.
#pragma once

#include "composite/shift_search.h"

namespace mw::composite {

// A level with fewer samples tells nothing.
inline constexpr std::size_t kLeastSamples = 200;

// The best of a few valleys at three scales, refined on levels[start]; standing still in doubt. All
// levels keep the samples that it can be trusted with alone; false when those are next to none.
bool find_start(std::vector<Level>& levels, std::size_t start, const Belief& belief, Motion& motion,
                Tone& tone);

// Does another shift, away from the one found, explain the level about as well? Asked of the lowest
// other valleys, each after its own refinement: most lead back to the same place or fit worse.
bool repeats(const Level& level, const Motion& motion, const Tone& tone, const Belief& belief);

} // namespace mw::composite
