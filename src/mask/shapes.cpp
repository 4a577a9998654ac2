#include "mask/shapes.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "mask/scan_area.h"

namespace mw::mask {
namespace {

bool finite(double v) {
    return std::isfinite(v);
}

} // namespace

Mask rectangle(Size size, const RectF& r) {
    const double right = r.x + r.width, bottom = r.y + r.height;
    if (!finite(r.x) || !finite(r.y) || !finite(right) || !finite(bottom)) return Mask(size);
    const PointF corners[] = {{r.x, r.y}, {right, r.y}, {right, bottom}, {r.x, bottom}};
    return scan_polygon(size, corners);
}

Mask ellipse(Size size, const RectF& bounds) {
    const double rx = std::abs(bounds.width) / 2, ry = std::abs(bounds.height) / 2;
    const double cx = bounds.x + bounds.width / 2, cy = bounds.y + bounds.height / 2;
    if (!finite(rx) || !finite(ry) || !finite(cx) || !finite(cy) || rx <= 0 || ry <= 0)
        return Mask(size);
    // Chords whose sagitta stays under 1/1024 px, scaled out so that the polygon has the ellipse's
    // own area: a chord polygon of n corners has sin(2 pi / n) / (2 pi / n) of it.
    const double longer = std::max(rx, ry);
    const double half_step = std::sqrt(2.0 / (1024.0 * std::max(longer, 1.0)));
    const int n = static_cast<int>(std::clamp(std::numbers::pi / half_step, 64.0, 65536.0));
    const double step = 2 * std::numbers::pi / n;
    const double grow = std::sqrt(step / std::sin(step));
    std::vector<PointF> points(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i)
        points[static_cast<std::size_t>(i)] = {cx + rx * grow * std::cos(i * step),
                                               cy + ry * grow * std::sin(i * step)};
    return scan_polygon(size, points);
}

Mask polygon(Size size, std::span<const PointF> points) {
    if (points.size() < 3) return Mask(size);
    for (const PointF& p : points)
        if (!finite(p.x) || !finite(p.y)) return Mask(size);
    return scan_polygon(size, points);
}

} // namespace mw::mask
