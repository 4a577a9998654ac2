// The second pass of a dilation by a disc: from the distances along columns to the pixels covered,
// for one row.
#pragma once

#include <cstdint>
#include <vector>

namespace mw::mask {

// Half widths of the disc's rows by their distance from its centre: chord[d] for d = 0 .. reach.
// Descending.
using Chords = std::vector<int>;

// Which of n pixels a disc around some site covers: out[x] is 255 where some column k has a site at
// distance g[k] <= reach with |x - k| <= chord[g[k]], else 0. Columns outside [0, n) have none. T
// is uint8_t, uint16_t or uint32_t; its largest value stands for no site and must be above reach
// and chord[0] + 1. `scratch` grows as needed.
template <class T>
void cover_row(const T* g, int n, const Chords& chords, std::vector<T>& scratch, std::uint8_t* out);

} // namespace mw::mask
