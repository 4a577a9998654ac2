// From the statistics of offsets to what stands in the hole. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "inpaint/level.h"
#include "inpaint/search.h"
#include "inpaint/shift_map.h"

namespace mw::inpaint {

// Whether the hole is neither too large nor too long for a shift map of this level.
bool can_be_shifted(const Level& level);

// The better of the maps by frequent_offsets, of any and along the main direction; with a few
// choices one comes nearer to the best of them. Without labels when stopped, or when it would show
// too many edges to be a beginning. `done` is told the parts done since, 1 in all at most.
ShiftMap continue_structure(const Level& level, std::uint64_t seed,
                            const std::function<void(double part)>& done,
                            const std::stop_token& stop);

// Writes the map into level.guide and `field`. Targets that no offset takes to a source get a
// random one by `seed`; hole pixels without a label keep their guide.
void apply(const ShiftMap& map, Level& level, Field& field, std::uint64_t seed);

} // namespace mw::inpaint
