// The answer read where the registration says. Private to the room.
#pragma once

#include "composite/graft.h"
#include "image/image.h"

namespace mw::composite {

// out(x, y) = picture at map_point(r, centre, area.x + x, area.y + y). `picture` is f32 of 1 to 4
// channels, `area` in its pixels and within it, `out` of area's size and picture's format. Two
// passes (Catmull & Smith 1980) of six taps; edges are clamped. A copy when r is not applied.
// On the calling thread: call it for bands of 16 rows or more, from as many threads as wanted.
void warp(image::ImageView picture, const Registration& r, PointF centre, const Rect& area,
          image::ImageSpan out);

} // namespace mw::composite
