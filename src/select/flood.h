// Connected regions of pixels that pass a test, found tile by tile on bits. Private to the room.
#pragma once

#include <functional>
#include <stop_token>

#include "base/result.h"
#include "select/bits.h"

namespace mw::select {

inline constexpr int kMostTiles = 4;
// The bits of the pixels of `r` that pass, 0 beyond it, for up to kMostTiles tiles side by side; r
// begins at a tile. Memory is read faster along rows than from tile to tile.
using TileTest = std::function<void(const Rect& r, BitTile* const* out)>;

// The pixels connected with `seed` (4- or 8-connected) through pixels that pass, as 0 / 255. The
// test is asked at most once per tile, for tiles that the region touches or borders on, and beside
// a tile that lies wholly within the region for a few more. Errors: cancelled.
Result<mask::Mask> flood(Size size, Point seed, bool diagonal, const TileTest& test,
                         std::stop_token stop);

// All pixels that pass.
Result<mask::Mask> everywhere(Size size, const TileTest& test, std::stop_token stop);

} // namespace mw::select
