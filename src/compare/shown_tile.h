// A tile of a comparison as a screen shows it. Private to the room.
#pragma once

#include "compare/stats.h"
#include "compare/tile.h"

namespace mw::compare {

// Two pictures around a tile as they are shown, and where the tile lies in them. Where either has a
// sample that is not finite both are black: such a pixel says nothing, to its neighbours neither.
class ShownTile {
  public:
    ShownTile(image::ImageView a, image::ImageView b, const Views& views, const Rect& tile,
              int halo);
    image::ImageView a() const { return a_; }
    image::ImageView b() const { return b_; }
    const Rect& tile() const { return tile_; }

  private:
    image::ImageView a_, b_;
    image::Image finite_a_, finite_b_, own_a_, own_b_;
    Rect tile_;
};

// Whether a pixel of either has a sample that is not finite, 0 or 1 in kGray8 of the window's size;
// empty when none has.
image::Image not_finite(image::ImageView a, image::ImageView b, const Rect& window);

} // namespace mw::compare
