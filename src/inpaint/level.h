// One scale of the picture as the fill sees it: what patches are compared by, where the hole is,
// and where patches may be taken from. Internal to the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "image/image.h"

namespace mw::inpaint {

// Per pixel: luma, two colour differences, and two slow texture channels (mean absolute gradient
// along x and along y; Newson et al. 2014, "Video inpainting of complex scenes", section 3.2), or
// alpha and one texture channel when the picture has transparency. Integers, so that every machine
// and every vector width gives the same sums.
inline constexpr int kGuideChannels = 5;

// 0 .. 1020, four steps per 8-bit level: a patch of 15 x 15 x 5 differences still sums in 32 bits.
inline constexpr int kGuideMax = 1020;

// nx x + ny y = c, in px of a level; (nx, ny) of length 1.
struct GuideLine {
    float nx, ny, c;
    float across(float x, float y) const { return nx * x + ny * y - c; }
};

struct Level {
    Size size;
    int patch_side = 7;              // of the patches compared and copied
    std::vector<std::int16_t> guide; // kGuideChannels per pixel, rows without gaps
    std::vector<std::int16_t> low; // kGuideChannels per pixel, of expect_surroundings; empty before
    int low_weight = 16;           // of 16: how much that counts in a search
    std::vector<GuideLine> lines;  // of follow_lines
    std::vector<std::int8_t> line_of; // which of them a target is on; -1: none; empty: no lines
    std::vector<std::uint8_t> hole;   // 1: to be filled
    std::vector<std::uint8_t> barred; // 1: known, and never to be copied from; empty: nowhere
    std::vector<std::uint8_t> target; // 1: a patch centred here touches the hole
    std::vector<std::uint8_t>
        source;                 // 1: a patch centred here is whole, free of hole and not barred
    std::vector<Point> sources; // all of them, row by row
    Rect hole_bounds, target_bounds;
    int hole_count = 0, target_count = 0;

    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
               static_cast<std::size_t>(x);
    }
    const std::int16_t* pixel(int x, int y) const {
        return guide.data() + at(x, y) * kGuideChannels;
    }
    const std::int16_t* low_pixel(int x, int y) const {
        return low.data() + at(x, y) * kGuideChannels;
    }
    std::int16_t* pixel(int x, int y) { return guide.data() + at(x, y) * kGuideChannels; }
};

// The finest level: the picture's own size. The guide inside the hole is 0. `hole` and `barred`
// have one byte per pixel; `barred` may be empty. Stopped, what comes back has its sizes but no
// sense.
Level make_finest_level(image::ImageView picture, const std::vector<std::uint8_t>& hole,
                        const std::vector<std::uint8_t>& barred, int patch_side,
                        const std::stop_token& stop);

// Half the size, rounded up: known pixels are averaged, a pixel with any hole in it is hole, and
// one with anything barred in it barred.
Level make_coarser_level(const Level& fine, int patch_side, const std::stop_token& stop);

// The same level with what continues from place to place in its guide: luma less its surroundings'
// mean, doubled, so that a thin line outweighs the fall of the light; colour, and half the luma.
// The guide inside the hole is 0.
Level structure_of(const Level& level, const std::stop_token& stop);

// Largest distance (chessboard) from a hole pixel to the nearest known one; the picture's border
// counts as hole.
int hole_depth(const Level& level);

// Chessboard distance to the nearest pixel that is not hole, 0 outside the hole.
std::vector<std::uint16_t> distance_into_hole(const Level& level);

} // namespace mw::inpaint
