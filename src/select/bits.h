// 128 pixels of a row as one word of bits, the width of a mask tile. Private to the room.
#pragma once

#include <array>
#include <cstdint>

#include "mask/mask.h"

namespace mw::select {

// Bit x is pixel x of the tile's row.
__extension__ using Row = unsigned __int128;
static_assert(mask::kTileSide == 128);

struct BitTile {
    std::array<Row, mask::kTileSide> rows;
};

inline constexpr Row kAllBits = ~Row{0};

// The lowest n bits, 0 <= n <= 128.
constexpr Row low_bits(int n) {
    return n >= 128 ? kAllBits : (Row{1} << n) - 1;
}

// The runs of ones in `open` that hold a bit of `seeds` (a part of open), whole.
inline Row fill_runs(Row open, Row seeds) {
    if (!((seeds << 1 | seeds >> 1) & (open ^ seeds))) return seeds; // whole already
    // Up: adding a seed carries through the ones above it.
    const Row up = (((open + seeds) ^ open) & open) | seeds;
    if (!(up >> 1 & (open ^ up))) return up;
    // Down: what is open spreads in steps that double (Kogge & Stone 1973).
    Row f = up, p = open;
    for (int step = 1; step < 128; step *= 2) {
        f |= p & (f >> step);
        p &= p >> step;
    }
    return f;
}

// Coverage of a tile from bits: 255 where the bit is set. `rows` as long as the tile.
void expand(const Row* rows, mask::MaskTile& tile);

} // namespace mw::select
