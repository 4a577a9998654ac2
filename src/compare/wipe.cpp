#include "compare/wipe.h"

#include <cmath>
#include <numbers>

namespace mw::compare {

WipeLine wipe_line(double position, double turn_degrees) {
    return {{std::isfinite(position) ? position : 0.5, 0.5},
            90 - (std::isfinite(turn_degrees) ? turn_degrees : 0)};
}

WipeRay wipe_ray(const WipeLine& line, const Rect& pane) {
    const double angle = line.angle_degrees * std::numbers::pi / 180;
    return {{pane.x + line.point.x * pane.width, pane.y + line.point.y * pane.height},
            {-std::cos(angle), -std::sin(angle)}};
}

double side_of_a(const WipeLine& line, const Rect& pane, PointF at) {
    const WipeRay ray = wipe_ray(line, pane);
    return ray.direction.y * (at.x - ray.point.x) - ray.direction.x * (at.y - ray.point.y);
}

WipePart hit_wipe(const WipeLine& line, const Rect& pane, PointF at, const WipeReach& reach) {
    const WipeRay ray = wipe_ray(line, pane);
    const auto away = [&](PointF p) { return std::hypot(at.x - p.x, at.y - p.y); };
    if (away(ray.point) <= reach.handle) return WipePart::move;
    if (away({ray.point.x + reach.arm * ray.direction.x,
              ray.point.y + reach.arm * ray.direction.y}) <= reach.handle)
        return WipePart::turn;
    return std::abs(side_of_a(line, pane, at)) <= reach.line ? WipePart::line : WipePart::none;
}

} // namespace mw::compare
