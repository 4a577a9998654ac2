// What the steps of a graft work on: source and answer of one window, as float, and the ring of
// context around the mask. Private to the room.
#pragma once

#include <cmath>
#include <cstdint>

#include "composite/graft.h"
#include "image/image.h"

namespace mw::composite {

// A window of the picture around the mask. All images have the window's size.
struct Context {
    Rect window;          // in picture pixels, within the picture and the crop
    PointF centre;        // of the crop, in window pixels: scaling is about this point
    image::Image source;  // f32, 1 or 3 channels, encoded display values, 0 .. 1 nominal
    image::Image answer;  // likewise, finite
    image::Image opacity; // of the answer, kGrayF, 0 where it was not finite; empty when all is 1
    // kGray8: 1 where the mask is 0, source and answer show something and the source is finite.
    image::Image ring;
    std::int64_t ring_pixels = 0;
};

// `answer` has the crop's size; `window` lies within picture and crop.
Context make_context(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                     const edit::CropPlan& plan, const Rect& window,
                     const image::DisplayTransform& view);

// Where in the answer (window pixels) a window pixel is to be read.
inline PointF map_point(const Registration& r, PointF centre, PointF p) {
    const double x = p.x - centre.x, y = p.y - centre.y;
    return {centre.x + r.xx * x + r.xy * y + r.dx, centre.y + r.yx * x + r.yy * y + r.dy};
}

// One of four pixels of the ring is held back from fitting and used for judging, in blocks of 8x8
// so that neighbours, which resemble each other, do not end up on both sides.
inline bool held_back(int x, int y) {
    const auto bx = static_cast<std::uint32_t>(x >> 3), by = static_cast<std::uint32_t>(y >> 3);
    std::uint32_t h = bx * 0x9E3779B1u ^ by * 0x85EBCA77u;
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 13;
    return (h & 3u) == 0;
}

Registration find_registration(const Context& context, const Rect& support);
ColorMatch find_color_match(const Context& context, const Registration& registration);

} // namespace mw::composite
