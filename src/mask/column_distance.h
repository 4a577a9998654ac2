// How far each pixel is from the nearest site above or below it: the first of the two passes of an
// exact Euclidean distance (Saito & Toriwaki, "New Algorithms for Euclidean Distance
// Transformation", Pattern Recognition 27, 1994), one row of tiles at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "mask/mask.h"

namespace mw::mask {

// Which pixels are sites: coverage 0, 255, or above 0.
enum class Site { zero, full, any };

// T is uint8_t, uint16_t or uint32_t; its largest value stands for "that far, or none". `mask` must
// outlive the object.
template <class T>
class ColumnDistances {
  public:
    static constexpr T kNone = std::numeric_limits<T>::max();

    // Looks at the tile rows and columns [tx0, tx1) x [ty0, ty1) alone. With `border` the rows just
    // above and below the picture are sites as well.
    ColumnDistances(const Mask& mask, Site site, const Rect& tiles, bool border = false);

    int first_column() const { return tiles_.x * kTileSide; }
    // Columns of the tiles looked at, those beyond the picture's edge included (meaningless there).
    int columns() const { return tiles_.width * kTileSide; }
    // The distances of tile row ty at tile columns [tx0, tx1): kTileSide rows, `stride` apart. Rows
    // below the picture are left as they are.
    void read(int ty, int tx0, int tx1, T* to, std::ptrdiff_t stride) const;

  private:
    T* above(int ty) { return above_.data() + row(ty); }
    T* below(int ty) { return below_.data() + row(ty); }
    std::size_t row(int ty) const {
        return static_cast<std::size_t>(ty - tiles_.y) * static_cast<std::size_t>(columns());
    }
    void sweep_column(int tx, bool border);

    const Mask* mask_;
    Site site_;
    Rect tiles_;
    std::vector<T> above_, below_; // per tile row: from the row just before it, or after it
};

} // namespace mw::mask
