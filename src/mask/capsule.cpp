#include "mask/capsule.h"

#include <algorithm>
#include <cmath>

namespace mw::mask {
namespace {

constexpr double kSharpTurn = 0.9; // cosine: from here a joint is painted as a whole disc
constexpr double kSteepTaper = 0.5;
constexpr double kSlack = 1e-3;  // pixels by which neighbours overlap
constexpr double kSmallRim = 24; // up to this radius the core is not worth its own runs

double cross(PointF a, PointF b) {
    return a.x * b.y - a.y * b.x;
}

} // namespace

Falloff falloff(double radius, double hardness) {
    Falloff f;
    f.width = std::max((1 - hardness) * radius, 1.0);
    f.outer = 0.5 * (1 + hardness) * radius + 0.5 * f.width;
    // Thinner than a pixel: what the line covers of it.
    f.peak = std::min(1.0, 2 * radius);
    return f;
}

CapsulePainter::CapsulePainter(Mask& mask, const Brush& brush, const Mask* limit)
    : mask_(&mask),
      limit_(limit),
      brush_(brush),
      solid_(static_cast<std::size_t>(mask.size().height)),
      tiles_(static_cast<std::size_t>(mask.tiles_x()) * static_cast<std::size_t>(mask.tiles_y())) {}

CapsulePainter::Shape CapsulePainter::shape_of(const Piece& piece) const {
    Shape s;
    s.piece = piece;
    const double x = piece.b.x - piece.a.x, y = piece.b.y - piece.a.y;
    s.length = std::sqrt(x * x + y * y);
    const double larger = std::max(piece.ra, piece.rb);
    if (s.length > 0) s.taper = (piece.rb - piece.ra) / s.length;
    if (std::abs(s.taper) >= 1) { // one disc holds the other
        const bool grows = piece.ra < piece.rb;
        (grows ? s.piece.a : s.piece.b) = grows ? piece.b : piece.a;
        s.piece.ra = s.piece.rb = larger;
        s.length = s.taper = 0;
    }
    if (s.length > 0) {
        s.dx = (s.piece.b.x - s.piece.a.x) / s.length;
        s.dy = (s.piece.b.y - s.piece.a.y) / s.length;
        s.slope = 4 * s.piece.sagitta / s.length;
    }
    const Falloff wide = falloff(larger, brush_.hardness);
    const Falloff narrow = falloff(std::min(s.piece.ra, s.piece.rb), brush_.hardness);
    s.outer = wide.outer;
    s.full = narrow.peak < 1 ? 0 : std::max(0.0, narrow.outer - narrow.width);
    const double shear = s.taper / std::sqrt(1 - s.taper * s.taper);
    s.margin = std::abs(shear) * s.outer;

    RunParams& q = s.params;
    q.along_x = static_cast<float>(s.dx);
    q.across_x = static_cast<float>(-s.dy);
    q.length = static_cast<float>(s.length);
    q.bend = s.length > 0 ? static_cast<float>(s.slope / s.length) : 0;
    q.shear = static_cast<float>(shear);
    q.radius = static_cast<float>(s.piece.ra);
    q.taper = static_cast<float>(s.taper);
    q.hardness = static_cast<float>(brush_.hardness);
    q.outer = static_cast<float>(wide.outer);
    q.inverse_width = static_cast<float>(1 / wide.width);
    q.smooth = static_cast<float>(std::clamp((1 - brush_.hardness) * larger - 1, 0.0, 1.0));
    q.peak = static_cast<float>(wide.peak);
    s.full_value = static_cast<std::uint8_t>(brush_.opacity * s.piece.opacity * 255 + 0.5);
    q.scale = static_cast<float>(brush_.opacity * s.piece.opacity * 255);
    // A wide soft ramp is so smooth that knots and straight lines between them stay within a third
    // of a level: its second derivative is at most about 255 * 9 / width^2.
    q.knot = narrow.width >= 480 ? 16 : narrow.width >= 240 ? 8 : 1;
    q.tapers = s.taper != 0;
    q.inner2 = -1;
    return s;
}

// Strokes go on from where they were.
CapsulePainter::Shape CapsulePainter::prior_shape(const Piece& piece) const {
    return piece == last_piece_ ? last_shape_ : shape_of(piece);
}

void CapsulePainter::whole(const Shape& shape, bool remember) {
    const PointF a = shape.piece.a, b = shape.piece.b;
    const double bow = std::abs(shape.piece.sagitta);
    const double core = std::max(0.0, shape.full - bow);
    if (core > 0) fill_core(a, b, core, shape.full_value, remember);
    cap(shape, a, core, {}, HUGE_VAL, remember);
    if (shape.length > 0) {
        cap(shape, b, core, {}, HUGE_VAL, remember);
        const double margin = shape.margin + std::abs(shape.slope) * shape.outer;
        strip(shape, -margin, shape.length + margin, -shape.outer - bow, shape.outer + bow,
              remember);
    }
}

// A piece that goes on from `prior`: what lies beside it. Within `core` of its chord all is
// painted.
void CapsulePainter::piece(const Shape& s, const Shape& prior, bool joined, double core,
                           bool remember) {
    // Where the way bends, the strip is longer: its ends are square to the chord and not to the
    // way.
    const double tilt = std::abs(s.slope) * s.outer;
    const double end = s.length + s.margin + tilt + kSlack;
    // On the outside of a joint the strip begins where the previous one ended, for the wedge
    // between the two.
    double start = s.margin + prior.margin + tilt + kSlack, turn = 0;
    if (joined) turn = s.outer * std::abs(cross(prior.end(), s.start()));
    start += turn;
    const double left = s.outer + std::max(0.0, -s.piece.sagitta),
                 right = s.outer + std::max(0.0, s.piece.sagitta);
    // What the core leaves open beyond its ends.
    const double beyond = std::max(start, tilt + s.margin + kSlack);
    const double inner = core > beyond ? std::sqrt(core * core - beyond * beyond) - kSlack : 0;
    if (inner < 1) {
        // A small brush has no core of its own, but much of its strip is at the full value.
        const double near = s.full - std::abs(s.piece.sagitta) - 0.03;
        const bool has_inner = core <= 0 && near > 2 && !s.params.tapers && s.params.knot == 1;
        strip(s, -start, end, -left, right, remember, has_inner ? near * near : -1);
    } else {
        strip(s, -start, end, inner, right, remember);
        strip(s, -start, end, -left, -inner, remember);
    }
}

void CapsulePainter::paint(const Stretch& stretch, const Piece* before, bool end_cap,
                           bool remember) {
    const auto& pieces = stretch.pieces;
    if (pieces.empty()) return;
    const Shape first = shape_of(pieces.front());
    const Shape last = pieces.size() == 1 ? first : shape_of(pieces.back());
    // The core of the whole stretch goes at once, as that of its chord; what the curve bulges out
    // of it is left to the strips. Where it bulges far, each piece has its own.
    double full = std::min(first.full, last.full);
    if (std::max(first.outer, last.outer) < kSmallRim) full = 0;
    const bool fades = pieces.front().opacity != pieces.back().opacity;
    const bool by_chord = !fades && stretch.sagitta < 0.1 * full;
    double core = 0;
    if (by_chord) {
        full -= stretch.sagitta;
        core = full - stretch.sagitta;
        fill_core(pieces.front().a, pieces.back().b, full, first.full_value, remember);
    }
    Shape prior{};
    if (before) prior = prior_shape(*before);
    last_piece_ = pieces.back();
    last_shape_ = last;
    bool has_prior = before != nullptr;
    for (const Piece& p : pieces) {
        const bool is_first = &p == &pieces.front(), is_last = &p == &pieces.back();
        const Shape s = is_first ? first : is_last ? last : shape_of(p);
        if (s.outer > 0 && std::max(s.piece.ra, s.piece.rb) > 0) {
            const PointF from = prior.end(), to = s.start();
            const bool joined =
                has_prior && prior.length > 0 && from.x * to.x + from.y * to.y > kSharpTurn &&
                std::abs(prior.taper) < kSteepTaper && prior.piece.opacity == s.piece.opacity;
            if (s.length <= 0 || std::abs(s.taper) >= kSteepTaper) {
                whole(s, remember);
            } else {
                double mine = core;
                if (!by_chord && full > 0) {
                    mine = std::max(0.0, s.full - std::abs(s.piece.sagitta));
                    if (mine > 0) fill_core(s.piece.a, s.piece.b, mine, s.full_value, remember);
                }
                // Where it does not go on: behind it, at the stroke's beginning, or all round.
                if (!joined) {
                    const bool begins = !has_prior;
                    cap(s, s.piece.a, mine, begins ? PointF{-to.x, -to.y} : PointF{},
                        begins ? s.margin + kSlack : HUGE_VAL, remember);
                }
                piece(s, prior, joined, mine, remember);
            }
        }
        prior = s;
        has_prior = true;
    }
    if (end_cap && last.length > 0 && std::abs(last.taper) < kSteepTaper) {
        const double within = by_chord ? full : full > 0 ? last.full : 0;
        cap(last, last.piece.b, within, last.end(), last.margin + kSlack, remember);
    }
}

} // namespace mw::mask
