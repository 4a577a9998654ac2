// Shapes rasterised with exact area coverage (antialiased edges). All are clipped to `size`; NaN
// gives an empty mask.
#pragma once

#include <span>

#include "mask/mask.h"

namespace mw::mask {

struct RectF {
    double x = 0, y = 0, width = 0, height = 0;
};

Mask rectangle(Size size, const RectF& r);
Mask ellipse(Size size, const RectF& bounds);
// Closed, even-odd; fewer than three points give an empty mask.
Mask polygon(Size size, std::span<const PointF> points);

} // namespace mw::mask
