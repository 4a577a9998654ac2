#include "mask/stroke_path.h"

#include <algorithm>
#include <cmath>

namespace mw::mask {
namespace {

// Nodes closer than this are one: finer reports carry the device's noise, not the hand's path.
constexpr double kMinSpacing = 0.5;
constexpr double kMaxPieces = 256;

PointF operator+(PointF p, PointF q) {
    return {p.x + q.x, p.y + q.y};
}
PointF operator-(PointF p, PointF q) {
    return {p.x - q.x, p.y - q.y};
}
PointF operator*(double s, PointF p) {
    return {s * p.x, s * p.y};
}
double length(PointF p) {
    return std::hypot(p.x, p.y);
}

// Derivatives, at both ends of the middle knot span, of the parabola through three points with
// knot spans d01 and d12 and slopes s01 and s12.
PointF middle_tangent(PointF s01, PointF s12, double d01, double d12) {
    return (1 / (d01 + d12)) * (d12 * s01 + d01 * s12);
}

} // namespace

bool StrokePath::add(const PathNode& node, Stretch& settled) {
    const std::size_t n = nodes_.size();
    if (n == 0) {
        nodes_.push_back(node);
        return false;
    }
    if (node.at == nodes_.back().at) { // pressure alone changed
        nodes_.back().radius = std::max(nodes_.back().radius, node.radius);
        return false;
    }
    // The last node is not final yet: one too close to its predecessor gives way.
    if (n >= 2 && length(nodes_[n - 1].at - nodes_[n - 2].at) < kMinSpacing) {
        nodes_[n - 1] = node;
        return false;
    }
    if (n >= 2)
        settled = stretch(n == 3 ? &nodes_[0] : nullptr, nodes_[n - 2], nodes_[n - 1], &node);
    nodes_.push_back(node);
    if (nodes_.size() > 3) nodes_.erase(nodes_.begin());
    return n >= 2;
}

Stretch StrokePath::tail() const {
    const std::size_t n = nodes_.size();
    if (n == 0) return {};
    const PathNode& last = nodes_[n - 1];
    if (n == 1) return {{{last.at, last.at, last.radius, last.radius}}, 0};
    return stretch(n == 3 ? &nodes_[0] : nullptr, nodes_[n - 2], last, nullptr);
}

Stretch StrokePath::stretch(const PathNode* before, const PathNode& from, const PathNode& to,
                            const PathNode* after) const {
    const PointF p1 = from.at, p2 = to.at;
    const double d12 = std::sqrt(length(p2 - p1));
    if (d12 <= 0) return {{{p1, p2, from.radius, to.radius}}, 0};
    const PointF s12 = (1 / d12) * (p2 - p1);
    PointF m1 = s12, m2 = s12;
    bool has1 = false, has2 = false;
    PointF s01, s23;
    double d01 = 0, d23 = 0;
    if (before && (d01 = std::sqrt(length(p1 - before->at))) > 0) {
        s01 = (1 / d01) * (p1 - before->at);
        m1 = middle_tangent(s01, s12, d01, d12);
        has1 = true;
    }
    if (after && (d23 = std::sqrt(length(after->at - p2))) > 0) {
        s23 = (1 / d23) * (after->at - p2);
        m2 = middle_tangent(s12, s23, d12, d23);
        has2 = true;
    }
    // A free end continues the parabola of the other side.
    if (!has1 && has2) m1 = 2 * s12 - m2;
    if (!has2 && has1) m2 = 2 * s12 - m1;

    // Bezier form; the second differences bound the distance from chords.
    const PointF c1 = p1 + (d12 / 3) * m1, c2 = p2 - (d12 / 3) * m2;
    const double bend = std::max(length(p1 - 2 * c1 + c2), length(c1 - 2 * c2 + p2));
    const double wanted = std::ceil(std::sqrt(0.75 * bend / flatness_));
    const int n = static_cast<int>(std::clamp(wanted, 1.0, kMaxPieces));
    Stretch made;
    made.sagitta = 0.75 * bend;
    made.pieces.reserve(static_cast<std::size_t>(n));
    PointF last = p1;
    double last_radius = from.radius;
    for (int i = 1; i <= n; ++i) {
        const double t = double(i) / n, u = 1 - t;
        const PointF q = i == n ? p2
                                : (u * u * u) * p1 + (3 * u * u * t) * c1 + (3 * u * t * t) * c2 +
                                      (t * t * t) * p2;
        const double radius = from.radius + t * (to.radius - from.radius);
        made.pieces.push_back({last, q, last_radius, radius});
        last = q;
        last_radius = radius;
    }
    return made;
}

} // namespace mw::mask
