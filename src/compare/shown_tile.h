// A tile of a comparison as a screen shows it. Private to the room.
#pragma once

#include "compare/stats.h"
#include "compare/tile.h"

namespace mw::compare {

// Two pictures around a tile as they are shown, and where the tile lies in them.
class ShownTile {
  public:
    ShownTile(image::ImageView a, image::ImageView b, const Views& views, const Rect& tile,
              int halo)
        : a_(a), b_(b), tile_(tile) {
        if (views.a.is_identity() && views.b.is_identity()) return;
        const Rect window = with_halo(tile, halo, a.size);
        a_ = a.sub(window);
        b_ = b.sub(window);
        tile_ = tile.translated(-window.x, -window.y);
        // Equal numbers shown alike are equal: they need no showing.
        if (views.a == views.b && same_samples(a, b, window)) return;
        own_a_ = shown(a_, views.a);
        own_b_ = shown(b_, views.b);
        if (!own_a_.empty()) a_ = own_a_.view();
        if (!own_b_.empty()) b_ = own_b_.view();
    }
    image::ImageView a() const { return a_; }
    image::ImageView b() const { return b_; }
    const Rect& tile() const { return tile_; }

  private:
    image::ImageView a_, b_;
    image::Image own_a_, own_b_;
    Rect tile_;
};

} // namespace mw::compare
