// Patches of the known picture matched among each other. Internal to the room.
#pragma once

#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

#include "inpaint/level.h"
#include "inpaint/search.h"

namespace mw::inpaint {

inline constexpr int kNoMatch = std::numeric_limits<std::int32_t>::max(); // as a cost

// The known patches that are matched, and their matches.
struct Lattice {
    Rect area; // px
    int step = 1, columns = 0, rows = 0;
    std::vector<Match> match;           // cost kNoMatch: no source here
    std::vector<std::int32_t> ordinary; // cost of a match by chance

    Point position(int column, int row) const {
        return {area.x + column * step, area.y + row * step};
    }
    std::size_t at(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
               static_cast<std::size_t>(column);
    }
};

// For the sources around the hole, on a lattice that keeps them to some ten thousand, the most
// similar source that is no nearer than the hole is deep, by PatchMatch (Barnes et al. 2009). The
// same for a seed on any number of threads. Without rows when stopped.
Lattice match_known(const Level& level, int patch_side, std::uint64_t seed,
                    const std::stop_token& stop);

} // namespace mw::inpaint
