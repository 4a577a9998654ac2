#include "mask/capsule.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "mask/capsule_rows.h"
#include "mask/shapes.h"

namespace mw::mask {
namespace {

// A tile in which painting can change nothing.
std::uint8_t* const kLeave = reinterpret_cast<std::uint8_t*>(1);

constexpr double kSharpTurn = 0.9; // cosine: from here a joint is painted as a whole disc
constexpr double kSteepTaper = 0.5;
constexpr double kSlack = 1e-3; // pixels by which neighbours overlap

int floor_int(double v) {
    return static_cast<int>(std::floor(std::clamp(v, -2e9, 2e9)));
}
int ceil_int(double v) {
    return static_cast<int>(std::ceil(std::clamp(v, -2e9, 2e9)));
}

} // namespace

// x along the piece, y across it to the right.
struct CapsulePainter::Shape {
    Piece piece;
    double dx = 1, dy = 0, length = 0;
    double taper = 0;  // radius gained per pixel along
    double margin = 0; // how far along the widest cross section tilts, at the rim
    double outer = 0, full = 0;
    RunParams params{};
};

Falloff falloff(double radius, double hardness) {
    Falloff f;
    f.width = std::max((1 - hardness) * radius, 1.0);
    f.outer = 0.5 * (1 + hardness) * radius + 0.5 * f.width;
    // Thinner than a pixel: what the line covers of it.
    f.peak = std::min(1.0, 2 * radius);
    return f;
}

CapsulePainter::CapsulePainter(Mask& mask, const Brush& brush)
    : mask_(&mask),
      brush_(brush),
      full_value_(static_cast<std::uint8_t>(brush.opacity * 255 + 0.5)),
      solid_(static_cast<std::size_t>(mask.size().height)),
      tiles_(static_cast<std::size_t>(mask.tiles_x()) * static_cast<std::size_t>(mask.tiles_y())) {}

CapsulePainter::Shape CapsulePainter::shape_of(const Piece& piece) const {
    Shape s;
    s.piece = piece;
    s.length = std::hypot(piece.b.x - piece.a.x, piece.b.y - piece.a.y);
    const double larger = std::max(piece.ra, piece.rb);
    if (s.length > 0) s.taper = (piece.rb - piece.ra) / s.length;
    if (std::abs(s.taper) >= 1) { // one disc holds the other
        (piece.ra < piece.rb ? s.piece.a : s.piece.b) = piece.ra < piece.rb ? piece.b : piece.a;
        s.piece.ra = s.piece.rb = larger;
        s.length = s.taper = 0;
    }
    if (s.length > 0) {
        s.dx = (s.piece.b.x - s.piece.a.x) / s.length;
        s.dy = (s.piece.b.y - s.piece.a.y) / s.length;
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
    q.shear = static_cast<float>(shear);
    q.radius = static_cast<float>(s.piece.ra);
    q.taper = static_cast<float>(s.taper);
    q.hardness = static_cast<float>(brush_.hardness);
    q.outer = static_cast<float>(wide.outer);
    q.inverse_width = static_cast<float>(1 / wide.width);
    q.smooth = static_cast<float>(std::clamp((1 - brush_.hardness) * larger - 1, 0.0, 1.0));
    q.peak = static_cast<float>(wide.peak);
    q.scale = static_cast<float>(brush_.opacity * 255);
    return s;
}

std::uint8_t* CapsulePainter::tile(std::size_t index) {
    std::uint8_t*& rows = tiles_[index];
    if (rows) return rows;
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    const int tx = static_cast<int>(index % wide), ty = static_cast<int>(index / wide);
    const TileRef& t = mask_->tile(tx, ty);
    touched_.push_back(static_cast<std::uint32_t>(index));
    if (brush_.erase ? !t : t == full_tile()) return rows = kLeave;
    return rows = mask_->writable_tile(tx, ty).coverage.data();
}

void CapsulePainter::save(std::size_t tile, const std::uint8_t* rows, int offset, int length) {
    saved_.push_back({static_cast<std::uint32_t>(tile), static_cast<std::uint16_t>(offset),
                      static_cast<std::uint16_t>(length)});
    saved_bytes_.insert(saved_bytes_.end(), rows + offset, rows + offset + length);
}

void CapsulePainter::fill(int y, Run run, bool remember) {
    const std::size_t band =
        static_cast<std::size_t>(y / kTileSide) * static_cast<std::size_t>(mask_->tiles_x());
    while (!run.empty()) {
        const int tx = run.begin / kTileSide;
        const int n = std::min(run.end, (tx + 1) * kTileSide) - run.begin;
        const std::size_t index = band + static_cast<std::size_t>(tx);
        if (std::uint8_t* rows = tile(index); rows != kLeave) {
            const int offset = y % kTileSide * kTileSide + run.begin - tx * kTileSide;
            if (remember) save(index, rows, offset, n);
            if (full_value_ == 255)
                std::memset(rows + offset, brush_.erase ? 0 : 255, static_cast<std::size_t>(n));
            else
                combine_value(rows + offset, full_value_, n, brush_.erase);
        }
        run.begin += n;
    }
}

// Full value within `radius` of the segment from a to b.
void CapsulePainter::fill_core(PointF a, PointF b, double radius, bool remember) {
    const Size size = mask_->size();
    const int top = std::max(0, ceil_int(std::min(a.y, b.y) - radius - 0.5));
    const int bottom = std::min(size.height, floor_int(std::max(a.y, b.y) + radius - 0.5) + 1);
    if (top >= bottom || std::max(a.x, b.x) + radius < 0 ||
        std::min(a.x, b.x) - radius > size.width)
        return;
    const auto rows = static_cast<std::size_t>(bottom - top);
    if (row_begin_.size() < rows) {
        row_begin_.resize(rows);
        row_end_.resize(rows);
    }
    capsule_rows(a, b, radius, top, bottom - top, size.width, row_begin_.data(), row_end_.data());
    for (int y = top; y < bottom; ++y) {
        const Run full{row_begin_[static_cast<std::size_t>(y - top)],
                       row_end_[static_cast<std::size_t>(y - top)]};
        if (full.empty()) continue;
        // Only what sticks out of the solid run is new.
        Run& solid = solid_[static_cast<std::size_t>(y)];
        if (full.begin >= solid.begin && full.end <= solid.end) continue;
        if (full.begin > solid.end || solid.begin > full.end || solid.empty()) {
            fill(y, full, remember);
            if (!remember) solid = full;
            continue;
        }
        if (full.begin < solid.begin) fill(y, {full.begin, solid.begin}, remember);
        if (full.end > solid.end) fill(y, {solid.end, full.end}, remember);
        if (!remember) solid = {std::min(full.begin, solid.begin), std::max(full.end, solid.end)};
    }
}

// The piece's own coverage on a run of one row; may paint some pixels beyond it as well.
void CapsulePainter::evaluate(const Shape& shape, int y, Run run, bool remember) {
    const std::size_t band =
        static_cast<std::size_t>(y / kTileSide) * static_cast<std::size_t>(mask_->tiles_x());
    const double py = y + 0.5 - shape.piece.a.y;
    while (!run.empty()) {
        const int tx = run.begin / kTileSide, edge = (tx + 1) * kTileSide;
        const int n = std::min(run.end, edge) - run.begin;
        const std::size_t index = band + static_cast<std::size_t>(tx);
        if (std::uint8_t* rows = tile(index); rows != kLeave) {
            const int offset = y % kTileSide * kTileSide + run.begin - tx * kTileSide;
            // Whole blocks are quicker; the surplus is painted rightly too.
            const int room = std::min(edge, mask_->size().width) - run.begin;
            const int padded = std::min(room, (n + kRunBlock - 1) / kRunBlock * kRunBlock);
            if (remember) save(index, rows, offset, padded);
            RunParams q = shape.params;
            const double px = run.begin + 0.5 - shape.piece.a.x;
            q.along = static_cast<float>(px * shape.dx + py * shape.dy);
            q.across = static_cast<float>(py * shape.dx - px * shape.dy);
            if (shape.taper != 0)
                paint_tapered_run(q, rows + offset, padded, brush_.erase);
            else
                paint_run(q, rows + offset, padded, brush_.erase);
        }
        run.begin += n;
    }
}

// The pixels with t0 <= along <= t1 and p0 <= across <= p1.
void CapsulePainter::strip(const Shape& shape, double t0, double t1, double p0, double p1,
                           bool remember) {
    const double ax = shape.piece.a.x, ay = shape.piece.a.y, dx = shape.dx, dy = shape.dy;
    const Size size = mask_->size();
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const double t : {t0, t1})
        for (const double p : {p0, p1}) {
            low = std::min(low, ay + dy * t + dx * p);
            high = std::max(high, ay + dy * t + dx * p);
        }
    const int top = std::max(0, ceil_int(low - 0.5 - kSlack));
    const int bottom = std::min(size.height - 1, floor_int(high - 0.5 + kSlack));
    // Along: X dx in [t0, t1] - Y dy; across: -X dy in [p0, p1] - Y dx.
    const bool has_t = std::abs(dx) > 1e-9, has_p = std::abs(dy) > 1e-9;
    const double it = has_t ? 1 / dx : 0, ip = has_p ? -1 / dy : 0;
    const double ta = dx > 0 ? t0 : t1, tb = dx > 0 ? t1 : t0;
    const double pa = dy < 0 ? p0 : p1, pb = dy < 0 ? p1 : p0;
    for (int y = top; y <= bottom; ++y) {
        const double py = y + 0.5 - ay;
        double left = -ax, right = size.width - ax;
        if (has_t) {
            left = std::max(left, (ta - py * dy) * it);
            right = std::min(right, (tb - py * dy) * it);
        }
        if (has_p) {
            left = std::max(left, (pa - py * dx) * ip);
            right = std::min(right, (pb - py * dx) * ip);
        }
        // In [-0.5, width): adding one first makes truncation the floor.
        const double l = left + ax - 0.5 - kSlack, r = right + ax - 0.5 + kSlack;
        if (!(l <= r) || r < 0) continue;
        const Run run{static_cast<int>(l + 1), std::min(size.width, static_cast<int>(r) + 1)};
        if (!run.empty()) evaluate(shape, y, run, remember);
    }
}

// The ring from `core` to the outer radius around `centre`, where (p - centre) . d >= -slack.
void CapsulePainter::cap(const Shape& shape, PointF centre, double core, double dx, double dy,
                         double slack, bool remember) {
    const Size size = mask_->size();
    const int top = std::max(0, ceil_int(centre.y - shape.outer - 0.5));
    const int bottom = std::min(size.height - 1, floor_int(centre.y + shape.outer - 0.5));
    const double outer2 = shape.outer * shape.outer, core2 = core * core;
    for (int y = top; y <= bottom; ++y) {
        const double py = y + 0.5 - centre.y;
        const double half = std::sqrt(std::max(0.0, outer2 - py * py));
        const double hole = core2 > py * py ? std::sqrt(core2 - py * py) : -1;
        double left = -half, right = half;
        const double limit = -slack - py * dy; // X dx >= limit
        if (dx > 1e-9)
            left = std::max(left, limit / dx);
        else if (dx < -1e-9)
            right = std::min(right, limit / dx);
        else if (limit > 0)
            continue;
        const auto paint = [&](double from, double to) {
            const double l = std::max(from + centre.x - 0.5, -0.5);
            const double r = std::min(to + centre.x - 0.5, double(size.width));
            if (!(l <= r) || r < 0) return;
            const Run run{static_cast<int>(l + 1 - kSlack),
                          std::min(size.width, static_cast<int>(r + kSlack) + 1)};
            if (!run.empty()) evaluate(shape, y, run, remember);
        };
        if (hole < 0) {
            paint(left, right);
        } else {
            paint(left, std::min(right, -hole));
            paint(std::max(left, hole), right);
        }
    }
}

void CapsulePainter::whole(const Shape& shape, bool remember) {
    const PointF a = shape.piece.a, b = shape.piece.b;
    fill_core(a, b, shape.full, remember);
    cap(shape, a, shape.full, 0, 0, HUGE_VAL, remember);
    cap(shape, b, shape.full, 0, 0, HUGE_VAL, remember);
    if (shape.length > 0)
        strip(shape, -shape.margin, shape.length + shape.margin, -shape.outer, shape.outer,
              remember);
}

void CapsulePainter::paint(const Stretch& stretch, const Piece* before, bool end_cap,
                           bool remember) {
    const auto& pieces = stretch.pieces;
    if (pieces.empty()) return;
    const Shape first = shape_of(pieces.front()), last = shape_of(pieces.back());
    // The core of the whole stretch goes at once, as that of its chord; what the curve bulges out
    // of it is left to the strips. Where it bulges far, each piece has its own.
    double full = std::min(first.full, last.full);
    const bool by_chord = pieces.size() > 1 && stretch.sagitta < 0.1 * full;
    double rim = full;
    if (by_chord) {
        full -= stretch.sagitta;
        rim = full - stretch.sagitta;
        fill_core(pieces.front().a, pieces.back().b, full, remember);
    }
    Shape prior{};
    if (before) prior = shape_of(*before);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Shape s = shape_of(pieces[i]);
        if (s.outer <= 0 || !(std::max(s.piece.ra, s.piece.rb) > 0)) {
            prior = s;
            before = &pieces[i];
            continue;
        }
        const double cosine = s.dx * prior.dx + s.dy * prior.dy;
        const double sine = prior.dx * s.dy - prior.dy * s.dx;
        const bool joined = before && prior.length > 0 && cosine > kSharpTurn &&
                            std::abs(prior.taper) < kSteepTaper;
        if (s.length <= 0 || std::abs(s.taper) >= kSteepTaper || !joined) {
            whole(s, remember);
        } else {
            if (!by_chord) {
                rim = s.full;
                fill_core(s.piece.a, s.piece.b, rim, remember);
            }
            // On the outside of a bend the strip begins earlier, where the previous one ended, and
            // a little nearer, for the wedge between the two.
            const double slack = s.margin + prior.margin + kSlack,
                         end = s.length + s.margin + kSlack;
            const double turn = s.outer * std::abs(sine), wedge = rim * cosine - kSlack;
            if (rim < 1) {
                strip(s, -slack - turn, end, -s.outer, s.outer, remember);
            } else {
                const bool right = sine < 0; // is outside
                strip(s, -slack - (right ? turn : 0), end, right ? wedge : rim - kSlack, s.outer,
                      remember);
                strip(s, -slack - (right ? 0 : turn), end, -s.outer, right ? kSlack - rim : -wedge,
                      remember);
            }
        }
        prior = s;
        before = &pieces[i];
    }
    if (end_cap && last.length > 0 && std::abs(last.taper) < kSteepTaper)
        cap(last, last.piece.b, by_chord ? full : last.full, last.dx, last.dy, last.margin + kSlack,
            remember);
}

void CapsulePainter::paint_dot(const Piece& piece, bool remember) {
    if (!(piece.ra > 0)) return;
    const double soft = (1 - brush_.hardness) * piece.ra;
    const double edge = 0.5 * (1 + brush_.hardness) * piece.ra; // the middle of the ramp
    if (soft > 1 || edge > 64) {
        whole(shape_of(piece), remember);
        return;
    }
    // A small hard dab: the exact area of its disc.
    const int left = floor_int(piece.a.x - edge), top = floor_int(piece.a.y - edge);
    const int side = static_cast<int>(std::ceil(2 * edge)) + 2;
    const Mask disc = ellipse(
        {side, side}, {piece.a.x - edge - left, piece.a.y - edge - top, 2 * edge, 2 * edge});
    for (int y = std::max(0, top); y < std::min(mask_->size().height, top + side); ++y)
        for (int x = std::max(0, left); x < std::min(mask_->size().width, left + side); ++x) {
            const auto v =
                static_cast<std::uint8_t>(disc.at(x - left, y - top) * brush_.opacity + 0.5);
            const std::size_t index = static_cast<std::size_t>(y / kTileSide) *
                                          static_cast<std::size_t>(mask_->tiles_x()) +
                                      static_cast<std::size_t>(x / kTileSide);
            std::uint8_t* rows = tile(index);
            if (v == 0 || rows == kLeave) continue;
            const int offset = y % kTileSide * kTileSide + x % kTileSide;
            if (remember) save(index, rows, offset, 1);
            combine_value(rows + offset, v, 1, brush_.erase);
        }
}

void CapsulePainter::roll_back() {
    std::size_t end = saved_bytes_.size();
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    // Backwards: a pixel painted twice gets its first value back.
    for (auto s = saved_.rbegin(); s != saved_.rend(); ++s) {
        end -= s->length;
        std::uint8_t*& rows = tiles_[s->tile];
        if (!rows || rows == kLeave) { // it may have become full or empty since
            if (!rows) touched_.push_back(s->tile);
            rows = mask_
                       ->writable_tile(static_cast<int>(s->tile % wide),
                                       static_cast<int>(s->tile / wide))
                       .coverage.data();
        }
        std::memcpy(rows + s->offset, saved_bytes_.data() + end, s->length);
    }
    saved_.clear();
    saved_bytes_.clear();
}

void CapsulePainter::finish() {
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    for (const std::uint32_t t : touched_) {
        tiles_[t] = nullptr;
        mask_->normalize_tile(static_cast<int>(t % wide), static_cast<int>(t / wide));
    }
    touched_.clear();
}

} // namespace mw::mask
