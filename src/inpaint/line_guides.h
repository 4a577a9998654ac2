// Straight lines and edges that run into the hole on one side and out of it on another. Internal to
// the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "inpaint/level.h"

namespace mw::inpaint {

// At most eight, the plainest first, in px of `level`: those whose profile across, averaged
// along what is known of the line before the hole and behind it, is the same and stands out (a
// Radon transform of both sides; compare the line guides of Huang, Kang, Ahuja, Kopf 2014, "Image
// completion using planar structure guidance", and Sun et al. 2005, "Image completion with
// structure propagation"). Empty when stopped.
std::vector<GuideLine> lines_through_hole(const Level& level, const std::stop_token& stop);

// Sets level.lines and level.line_of from lines found `shift` levels coarser (finer, when
// negative): each patch through which one of them passes in the hole is to be taken from the same
// place across it. None where two cross.
void follow_lines(Level& level, const std::vector<GuideLine>& lines, int shift);

} // namespace mw::inpaint
