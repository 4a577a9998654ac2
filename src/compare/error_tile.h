// Any metric's map, a tile at a time, as an error: 0 where nothing differs. Private to the room.
#pragma once

#include <memory>

#include "compare/pictures.h"
#include "compare/tile.h"

namespace mw::compare {

class ErrorTile {
  public:
    // The pictures, of one size, must outlive this.
    ErrorTile(image::ImageView a, image::ImageView b, const Views& views, Metric metric,
              double pixels_per_degree);
    // kGrayF of the tile's size: FLIP 0..1, Delta E, 1 - SSIM (0..2), largest difference 0..1.
    void fill(const Rect& tile, image::ImageSpan out) const;
    Size size() const { return a_.size; }

  private:
    image::ImageView a_, b_;
    Views views_;
    Metric metric_;
    std::shared_ptr<const FlipFilters> filters_;
};

} // namespace mw::compare
