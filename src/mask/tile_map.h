// A function of one byte applied to a whole mask.
#pragma once

#include "mask/mask.h"
#include "mask/tile_pool.h"

namespace mw::mask {

// Applies a byte function with f(0) and f(255) in {0, 255} tile by tile; empty and full tiles cost
// a pointer.
template <class Function>
Mask mapped(const Mask& mask, Function f) {
    const bool zero_fills = f(0) == 255, full_stays = f(255) == 255;
    Mask out(mask.size());
    const Mask full = zero_fills ? Mask::full(mask.size()) : Mask();
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (int tx = 0; tx < mask.tiles_x(); ++tx) {
            const TileRef& t = mask.tile(tx, ty);
            if (!t) {
                if (zero_fills) out.set_tile(tx, ty, full.tile(tx, ty));
                continue;
            }
            if (t == full_tile()) {
                if (full_stays) out.set_tile(tx, ty, t);
                continue;
            }
            const Rect r = mask.tile_rect(tx, ty);
            auto made = new_tile();
            if (r.area() < kTileSide * kTileSide) made->coverage.fill(0);
            for (int y = 0; y < r.height; ++y) {
                const std::uint8_t* from = t->coverage.data() + std::ptrdiff_t{y} * kTileSide;
                std::uint8_t* to = made->coverage.data() + std::ptrdiff_t{y} * kTileSide;
                for (int x = 0; x < r.width; ++x)
                    to[x] = f(from[x]);
            }
            out.set_tile(tx, ty, std::move(made));
        }
    return out;
}

} // namespace mw::mask
