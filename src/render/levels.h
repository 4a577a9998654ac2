// A picture's pixels as the canvas needs them: as the display shows them, premultiplied RGBA8 at
// half, quarter, … size.
#pragma once

#include <cstdint>
#include <vector>

#include "image/color_space.h"
#include "render/frame_budget.h"

namespace mw::render {

// One texel, bytes R G B A in memory, colour multiplied by alpha.
using Texel = std::uint32_t;

// ceil(size / 2^level).
Size level_size(Size picture, int level);
// The level at which the longer side is 1.
int last_level(Size picture);

// Level L is L times the rounded mean of 2x2 (an odd edge is repeated), of what is displayed. Low
// levels are computed from the picture each time they are asked for, which is cheap; from
// kStoredLevel on they are kept, 1/48 of the picture as RGBA8, and filled in block by block as they
// are needed.
class Levels {
  public:
    static constexpr int kStoredLevel = 3;

    explicit Levels(Size picture);

    // Texels of `window` of the level, which may stick out: there the edge is repeated. `out` has
    // window.area() texels. False, and nothing written, when the frame's time ran out first; what
    // was computed is kept. `picture` and `view` are always the same ones.
    bool read(image::ImageView picture, const image::DisplayTransform& view, int level,
              const Rect& window, Texel* out, FrameBudget& budget);

    std::size_t stored_bytes() const;

  private:
    struct Stored {
        Size size;
        int blocks_x = 0;
        std::vector<Texel> texels;
        std::vector<bool> done;
    };
    bool ensure(image::ImageView picture, const image::DisplayTransform& view, int level,
                const Rect& wanted, FrameBudget& budget);
    Stored& stored(int level);

    Size picture_;
    std::vector<Stored> stored_; // [level - kStoredLevel]
};

// The picture by point samples, one in the middle of each 2^level square: a first look that costs
// nothing. The window is of that level as above.
void sample_points(image::ImageView picture, const image::DisplayTransform& view, int level,
                   const Rect& window, Texel* out);

} // namespace mw::render
