// Where and how a picture or a mask is drawn on the canvas.
#pragma once

#include <array>
#include <vector>

#include "render/gl_objects.h"
#include "render/viewport.h"

namespace mw::render {

// All in canvas pixels, y down.
struct Placement {
    Size canvas;
    Rect pane;
    Rect clip;                           // the part of the pane to draw
    PointF origin;                       // of the picture's corner
    double zoom = 1;                     // canvas pixels per picture pixel
    std::array<double, 3> keep{0, 0, 1}; // drawn where keep[0] x + keep[1] y + keep[2] >= 0
};

// Sharp is nearest neighbour; four taps for a level between its own size and half of it.
enum class Sampling { sharp, linear, four_taps };

// For texels of `scale` canvas pixels; 1:1 is exact only where the origin is whole.
Sampling sampling_for(double zoom, double scale, PointF origin);

// The units of `unit` canvas pixels, counted from the origin, that touch `area`; not limited to the
// picture.
Rect units_touching(const Rect& area, PointF origin, double unit);
// The canvas pixels that `units` of `unit` canvas pixels touch.
Rect pixels_touching(const Rect& units, PointF origin, double unit);

// Sets the uniforms that every canvas program has and draws the rectangle.
void draw_rect(const Program& program, const Placement& at, double left, double top, double right,
               double bottom);

} // namespace mw::render
