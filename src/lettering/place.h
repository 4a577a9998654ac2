// Where in a region a block of text has room. Private to the room.
#pragma once

#include <optional>

#include "base/geometry.h"
#include "image/image.h"

namespace mw::lettering {

// A rectangle of the region in a frame that is turned about the picture's origin: u to the right
// along the lines, v down.
struct Room {
    double left = 0, top = 0, right = 0, bottom = 0;
    double turn = 0; // radians, clockwise
    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

// What a block needs: its width and height are these many pixels for each pixel of size, and an
// edge round it.
struct Block {
    double width = 1, height = 1, edge_px = 0;
};

// The largest size at which `block` has room.
double size_in(const Room& room, const Block& block);

// Among all largest rectangles of what is at least 128 in `coverage`, seen at `turn`, the one that
// holds the block at the largest size; nothing where there is none.
class Region {
  public:
    Region(image::ImageView coverage, double turn);
    std::optional<Room> best(const Block& block) const;

  private:
    double turn_ = 0, left_ = 0, top_ = 0, step_ = 1;
    int width_ = 0, height_ = 0;
    std::vector<std::uint8_t> inside_;
};

// The longer axis of the region's second moments, radians clockwise from the right, within a right
// angle either way; nothing for a region about as wide as high.
std::optional<double> long_axis(image::ImageView coverage);

} // namespace mw::lettering
