// Which translation fills which part of the hole. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "inpaint/level.h"

namespace mw::inpaint {

// What shift_map accepts: its cost grows with hole x offsets^2.
inline constexpr int kMaxShifts = 48;
inline constexpr int kMaxShiftPixels = 8000;
inline constexpr int kShiftRounds = 8; // how often shift_map calls `round_done`

// Which of `offsets` (source minus target, at most kMaxShifts) each pixel takes.
struct ShiftMap {
    std::vector<Point> offsets;
    std::vector<int> labels; // row by row, one for each hole pixel; -1: none leads to a source
    std::int64_t energy = 0; // squared steps of the guide / 64, summed over edges between labels
                             // and to the known pixels; what cannot be filled costs 12000 a pixel
};

// Gives each hole pixel one of the offsets so that neighbours with different ones show no edge: the
// energy of Pritch, Kav-Venaki, Peleg 2009 ("Shift-map image editing"), lowered by tree-reweighted
// message passing (TRW-S; Kolmogorov 2006) and dynamic programming along rows and columns.
// `structure` is of structure_of; its hole has at most kMaxShiftPixels. Integers throughout;
// deterministic. Calls round_done kShiftRounds times. Without labels when stopped.
ShiftMap shift_map(const Level& structure, std::vector<Point> offsets, int patch_side,
                   const std::function<void()>& round_done, const std::stop_token& stop);

} // namespace mw::inpaint
