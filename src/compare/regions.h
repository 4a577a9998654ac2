// Which pixels of a tile are inside the mask, on its seam and outside. Private to the room.
#pragma once

#include "mask/mask.h"

namespace mw::compare {

enum Region : std::size_t { kInside, kSeam, kOutside, kAll, kRegions };

// The region bits of a tile: 1 << Region, kAll always set. Where one value fills the tile, `bits`
// is empty.
struct TileRegions {
    std::uint8_t everywhere = 0;
    image::Image bits;
};

class Regions {
  public:
    // The mask (null: everything is inside) must outlive this.
    Regions(const mask::Mask* mask, double seam_px);
    TileRegions of(const Rect& tile) const;

  private:
    void mark_seam(const Rect& tile, int reach, image::ImageSpan out) const;

    const mask::Mask* mask_;
    double seam_;
    Rect bounds_;
    mask::Mask complement_;
};

// Calls run(begin, end, bits) for the stretches of one value in a row of `width`.
template <class Run>
void for_runs(const TileRegions& regions, int y, int width, Run run) {
    if (regions.bits.empty()) return run(0, width, regions.everywhere);
    const auto* bits = regions.bits.view().row<std::uint8_t>(y);
    for (int x = 0, end = 0; x < width; x = end) {
        for (end = x + 1; end < width && bits[end] == bits[x];)
            ++end;
        run(x, end, bits[x]);
    }
}

} // namespace mw::compare
