// Geometry of the wipe: a line across a pane with picture A on one side and B on the other.
#pragma once

#include "base/geometry.h"

namespace mw::compare {

// `point` lies on the line, in the pane's own units (0,0 top left .. 1,1 bottom right). The angle
// is that of the line's direction (cos, sin) in pixels, y down: 90 is a vertical line with A on the
// left, 0 a horizontal one with A below. Not an aggregate, so that a position across the pane and a
// turn (see wipe_line) are not taken for a point.
struct WipeLine {
    WipeLine() = default;
    WipeLine(PointF on_line, double degrees) : point(on_line), angle_degrees(degrees) {}
    bool operator==(const WipeLine&) const = default;
    PointF point{0.5, 0.5};
    double angle_degrees = 90;
};

// From how people steer it: 0 .. 1 across the pane at its middle row, and a turn counter-clockwise
// from vertical.
WipeLine wipe_line(double position, double turn_degrees);

// The line's point and unit direction (upwards at no turn) in the coordinates of `pane`.
struct WipeRay {
    PointF point, direction;
};
WipeRay wipe_ray(const WipeLine& line, const Rect& pane);

// Distance in pixels from the line, positive on A's side.
double side_of_a(const WipeLine& line, const Rect& pane, PointF at);

// Handles: one on the line's point to move it, one `arm` px along the direction to turn it.
enum class WipePart { none, move, turn, line };
struct WipeReach {
    double arm = 64, handle = 16, line = 5; // pixels; multiply by the display's scale
};
WipePart hit_wipe(const WipeLine& line, const Rect& pane, PointF at, const WipeReach& reach = {});

} // namespace mw::compare
