#include "render/placement.h"

#include <cmath>

namespace mw::render {
namespace {

int floor_int(double v) {
    return static_cast<int>(std::floor(std::clamp(v, -1e6, 1e6)));
}

bool whole(double v) {
    return v == std::floor(v);
}

float f(double v) {
    return static_cast<float>(v);
}

} // namespace

Sampling sampling_for(double zoom, double scale, PointF origin) {
    if (zoom >= 2 || (scale == 1 && whole(origin.x) && whole(origin.y))) return Sampling::sharp;
    return scale >= 1 ? Sampling::linear : Sampling::four_taps;
}

Rect units_touching(const Rect& area, PointF origin, double unit) {
    return Rect::from_edges(floor_int((area.x - origin.x) / unit),
                            floor_int((area.y - origin.y) / unit),
                            floor_int((area.right() - origin.x) / unit) + 1,
                            floor_int((area.bottom() - origin.y) / unit) + 1);
}

Rect pixels_touching(const Rect& units, PointF origin, double unit) {
    return Rect::from_edges(floor_int(origin.x + units.x * unit),
                            floor_int(origin.y + units.y * unit),
                            floor_int(origin.x + units.right() * unit) + 1,
                            floor_int(origin.y + units.bottom() * unit) + 1);
}

void draw_rect(const Program& program, const Placement& at, double left, double top, double right,
               double bottom) {
    glUniform2f(program.canvas, f(at.canvas.width), f(at.canvas.height));
    glUniform3f(program.keep, f(at.keep[0]), f(at.keep[1]), f(at.keep[2]));
    glUniform4f(program.rect, f(left), f(top), f(right), f(bottom));
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

} // namespace mw::render
