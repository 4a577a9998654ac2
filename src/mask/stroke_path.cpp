#include "mask/stroke_path.h"

#include <algorithm>
#include <cmath>

namespace mw::mask {
namespace {

// Nodes closer than this are one: finer reports carry the device's noise, not the hand's path.
constexpr double kMinSpacing = 0.25;
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
    return std::sqrt(p.x * p.x + p.y * p.y); // far from the limits of a double
}

// Derivatives, at both ends of the middle knot span, of the parabola through three points with
// knot spans d01 and d12 and slopes s01 and s12.
PointF middle_tangent(PointF s01, PointF s12, double d01, double d12) {
    return (1 / (d01 + d12)) * (d12 * s01 + d01 * s12);
}

// How far, across, a point of the curve lies from the piece's parabola.
double off_parabola(const Piece& p, PointF at) {
    const PointF chord = p.b - p.a, to = at - p.a;
    const double l2 = chord.x * chord.x + chord.y * chord.y;
    const double u = (to.x * chord.x + to.y * chord.y) / l2;
    const double across = (chord.x * to.y - chord.y * to.x) / std::sqrt(l2);
    return std::abs(across - 4 * p.sagitta * u * (1 - u));
}

double stepped(double opacity) {
    return std::round(opacity * 255) / 255;
}

// How far the middle of the way lies to the right of the chord's.
double sagitta_of(PointF a, PointF middle, PointF b) {
    const PointF chord = b - a, to = middle - a;
    const double l = length(chord);
    if (l <= 0) return 0;
    const double along = (to.x * chord.x + to.y * chord.y) / (l * l);
    const double across = (chord.x * to.y - chord.y * to.x) / l;
    // The parabola through that point, which is near the middle.
    return across / std::max(4 * along * (1 - along), 0.5);
}

} // namespace

// How many parabolas follow the curve well enough; many when they never do. Their distances are
// found by one Newton step, good while the curve is wider than the brush.
double StrokePath::bows_for(const std::array<PointF, 4>& bezier, double radius) const {
    const auto& [p1, c1, c2, p2] = bezier;
    const double chord = length(p2 - p1);
    const double bend = std::max(length(p1 - 2 * c1 + c2), length(c1 - 2 * c2 + p2));
    // 8 s / l^2 of a parabola is its curvature at the top; s is 3/4 of the second difference.
    const double curvature = 8 * 0.75 * bend / (chord * chord);
    const double reach = radius + 1, e = curvature * reach;
    if (!(e < 0.4)) return 1e9;
    // What a cubic has and a parabola through its ends and middle has not.
    const double third = 0.0481 * length(p2 - 3 * c2 + 3 * c1 - p1);
    double n = std::max(1.0, std::ceil(std::cbrt(third / (0.5 * flatness_))));
    for (; n < kMaxPieces; ++n) {
        const double slope = 0.5 * curvature * chord / n;
        const double e2 = e + slope * slope, foot = e2 * e2 * e2 * slope * reach;
        if (slope < 0.25 && foot * foot * (1 / reach + curvature) < flatness_) break;
    }
    return n;
}

bool StrokePath::add(const PathNode& node, Stretch& settled) {
    const std::size_t n = nodes_.size();
    if (n == 0) {
        nodes_.push_back(node);
        return false;
    }
    if (node.at == nodes_.back().at) { // pressure alone changed
        nodes_.back().radius = std::max(nodes_.back().radius, node.radius);
        nodes_.back().opacity = std::max(nodes_.back().opacity, node.opacity);
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
    if (n == 1) return {{{last.at, last.at, last.radius, last.radius, stepped(last.opacity)}}, 0};
    return stretch(n == 3 ? &nodes_[0] : nullptr, nodes_[n - 2], last, nullptr);
}

Stretch StrokePath::stretch(const PathNode* before, const PathNode& from, const PathNode& to,
                            const PathNode* after) const {
    const PointF p1 = from.at, p2 = to.at;
    const double d12 = std::sqrt(length(p2 - p1));
    if (d12 <= 0)
        return {{{p1, p2, from.radius, to.radius, stepped(std::max(from.opacity, to.opacity))}}, 0};
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
    Stretch made;
    made.sagitta = 0.75 * bend;
    const auto at = [&](double t) {
        const double u = 1 - t;
        return (u * u * u) * p1 + (3 * u * u * t) * c1 + (3 * u * t * t) * c2 + (t * t * t) * p2;
    };
    // A piece has one opacity, a level from the next one's.
    const double fades = std::ceil(255 * std::abs(to.opacity - from.opacity));
    const auto cut = [&](double count, bool bent) {
        const int n = static_cast<int>(std::clamp(std::max(count, fades), 1.0, kMaxPieces));
        made.pieces.clear();
        made.pieces.reserve(static_cast<std::size_t>(n));
        Piece piece{p1, p1, from.radius, from.radius};
        for (int i = 1; i <= n; ++i) {
            const double t = double(i) / n;
            piece.a = piece.b;
            piece.ra = piece.rb;
            piece.b = i == n ? p2 : at(t);
            piece.rb = from.radius + t * (to.radius - from.radius);
            piece.opacity = stepped(from.opacity + (t - 0.5 / n) * (to.opacity - from.opacity));
            if (bent) piece.sagitta = sagitta_of(piece.a, at(t - 0.5 / n), piece.b);
            made.pieces.push_back(piece);
        }
    };
    // Whether the parabolas that were cut are close to the curve, and wide for the brush.
    const auto fits = [&] {
        const double n = static_cast<double>(made.pieces.size());
        for (std::size_t i = 0; i < made.pieces.size(); ++i) {
            const Piece& p = made.pieces[i];
            const double l = length(p.b - p.a), slope = 4 * std::abs(p.sagitta) / l;
            if (!(slope < 0.25 && 2 * slope / l * (p.ra + 1) < 0.45)) return false;
            for (const double share : {0.25, 0.75})
                if (off_parabola(p, at((double(i) + share) / n)) > flatness_) return false;
        }
        return true;
    };
    const double lines = std::ceil(std::sqrt(0.75 * bend / flatness_));
    // A bent piece is dearer than a straight one.
    double bows = from.radius == to.radius ? bows_for({p1, c1, c2, p2}, from.radius) : 1e9;
    for (; 2 * bows <= lines; ++bows) {
        cut(bows, true);
        if (fits()) return made;
    }
    cut(lines, false);
    return made;
}

} // namespace mw::mask
