// Polygons to coverage by signed area, for the shapes.
#pragma once

#include <span>

#include "mask/mask.h"

namespace mw::mask {

// Closed polygon, even-odd, each pixel's coverage its exact area under the polygon. Where several
// edges cross inside one pixel, areas of opposite winding cancel there as in any signed-area
// scheme. Points must be finite; far ones are clipped. Beyond about 2^27 pixels crossed by edges
// (a scribble that hides every pixel under thousands of edges) every k-th point is taken.
Mask scan_polygon(Size size, std::span<const PointF> points);

} // namespace mw::mask
