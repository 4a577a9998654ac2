#include "mask/refine.h"

#include <cstring>

namespace mw::mask {
namespace {

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
            auto made = std::make_shared<MaskTile>();
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

} // namespace

Mask inverted(const Mask& mask) {
    return mapped(mask, [](std::uint8_t v) { return static_cast<std::uint8_t>(255 - v); });
}

Mask support(const Mask& mask) {
    return mapped(mask, [](std::uint8_t v) { return static_cast<std::uint8_t>(v ? 255 : 0); });
}

Mask shrink(const Mask& mask, double radius_px) {
    // Erosion is dilation of what is not covered. A pixel beyond the edge repeats its nearest edge
    // pixel, which is nearer to any pixel inside than its repetition: it never decides.
    return inverted(grow(inverted(mask), radius_px));
}

} // namespace mw::mask
