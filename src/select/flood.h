// Connected regions of pixels that pass a test, found tile by tile on bits. Private to the room.
#pragma once

#include <functional>
#include <stop_token>

#include "base/result.h"
#include "select/bits.h"

namespace mw::select {

// The bits of the pixels of `r` that pass, 0 beyond it; asked at most once per tile.
using TileTest = std::function<void(const Rect& r, BitTile& out)>;

// The pixels connected with `seed` (4- or 8-connected) through pixels that pass, as 0 / 255. The
// test is asked only for tiles that the region touches or borders on. Errors: cancelled.
Result<mask::Mask> flood(Size size, Point seed, bool diagonal, const TileTest& test,
                         std::stop_token stop);

// All pixels that pass.
Result<mask::Mask> everywhere(Size size, const TileTest& test, std::stop_token stop);

} // namespace mw::select
