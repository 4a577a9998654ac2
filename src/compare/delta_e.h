// CIEDE2000 of whole rows. Private to the room.
#pragma once

namespace mw::compare {

// Of `count` pixels given as planes of linear sRGB 0..1: within 1e-3 of the definition but where
// it jumps (hues half a turn apart); exactly 0 for equal pixels.
void delta_e_row(const float* const a[3], const float* const b[3], float* out, int count);

} // namespace mw::compare
