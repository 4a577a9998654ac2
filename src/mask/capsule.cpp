#include "mask/capsule.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/clones.h"
#include "mask/shapes.h"

namespace mw::mask {
namespace {

// A piece in its own frame: x along, y across.
struct Frame {
    double ax, ay, dx, dy, length;
    double taper;  // radius gained per pixel along
    double shear;  // tilt of the widest cross section of a tapered piece
    double margin; // how far the tilt reaches along, at the rim
};

struct RowParams {
    float along, across;     // of the first pixel of the run
    float along_x, across_x; // per pixel
    float length, shear;
    float radius, taper;
    float hardness;
    float outer, inverse_width, smooth, peak, scale; // of a piece that does not taper
};

Frame frame_of(const Piece& p, double rim) {
    Frame f{p.a.x, p.a.y, 1, 0, std::hypot(p.b.x - p.a.x, p.b.y - p.a.y), 0, 0, 0};
    if (f.length > 0) {
        f.dx = (p.b.x - p.a.x) / f.length;
        f.dy = (p.b.y - p.a.y) / f.length;
        f.taper = (p.rb - p.ra) / f.length;
        f.shear = f.taper / std::sqrt(std::max(1e-9, 1 - f.taper * f.taper));
        f.margin = std::abs(f.shear) * rim;
    }
    return f;
}

// The row y of the region within `radius` of the segment: an interval, as the region is convex.
struct Interval {
    double left = std::numeric_limits<double>::infinity();
    double right = -std::numeric_limits<double>::infinity();
    void add(double x) {
        left = std::min(left, x);
        right = std::max(right, x);
    }
    bool empty() const { return !(left <= right); }
};

Interval row_of_capsule(const Piece& p, const Frame& f, double radius, double y) {
    Interval row;
    if (radius <= 0) return row;
    const double r2 = radius * radius;
    for (const PointF& c : {p.a, p.b}) {
        const double h = r2 - (y - c.y) * (y - c.y);
        if (h < 0) continue;
        const double half = std::sqrt(h);
        row.add(c.x - half);
        row.add(c.x + half);
    }
    const double drop = p.b.y - p.a.y;
    if (std::abs(drop) > 1e-12) {
        for (const double side : {-radius, radius}) {
            // The straight side runs parallel to the segment, `side` away.
            const double x0 = p.a.x - f.dy * side, y0 = p.a.y + f.dx * side;
            const double t = (y - y0) / drop;
            if (t >= 0 && t <= 1) row.add(x0 + t * (p.b.x - p.a.x));
        }
    }
    return row;
}

template <bool kTapers>
inline void coverage_of_run(const RowParams& q, std::uint8_t* to, int n) {
    for (int i = 0; i < n; ++i) {
        const float x = static_cast<float>(i);
        const float along = q.along + x * q.along_x;
        const float across = std::abs(q.across + x * q.across_x);
        float at = kTapers ? along + across * q.shear : along;
        at = std::min(std::max(at, 0.0f), q.length);
        const float beyond = along - at;
        const float d = std::sqrt(beyond * beyond + across * across);
        float s, smooth, peak;
        if constexpr (kTapers) {
            const float r = q.radius + q.taper * at, soft = (1 - q.hardness) * r;
            const float width = std::max(soft, 1.0f);
            s = (0.5f * (1 + q.hardness) * r + 0.5f * width - d) / width;
            smooth = std::min(std::max(soft - 1, 0.0f), 1.0f);
            peak = std::min(1.0f, 2 * r);
        } else {
            s = (q.outer - d) * q.inverse_width;
            smooth = q.smooth;
            peak = q.peak;
        }
        s = std::min(std::max(s, 0.0f), peak);
        s += smooth * (s * s * (3 - 2 * s) - s);
        to[i] = static_cast<std::uint8_t>(static_cast<int>(s * q.scale + 0.5f));
    }
}

MW_CLONES void even_run(const RowParams& q, std::uint8_t* to, int n) {
    coverage_of_run<false>(q, to, n);
}
MW_CLONES void tapered_run(const RowParams& q, std::uint8_t* to, int n) {
    coverage_of_run<true>(q, to, n);
}
MW_CLONES void max_run(std::uint8_t* to, const std::uint8_t* stroke, int n) {
    for (int i = 0; i < n; ++i)
        to[i] = std::max(to[i], stroke[i]);
}
MW_CLONES void erase_run(std::uint8_t* to, const std::uint8_t* stroke, int n) {
    for (int i = 0; i < n; ++i)
        to[i] = std::min(to[i], static_cast<std::uint8_t>(255 - stroke[i]));
}

int floor_int(double v) {
    return static_cast<int>(std::floor(std::clamp(v, -2e9, 2e9)));
}
int ceil_int(double v) {
    return static_cast<int>(std::ceil(std::clamp(v, -2e9, 2e9)));
}

// Removes from [begin, end) the pixels where both half planes, linear along the row, are <= 0.
// Values are at the centre of pixel `begin`; slopes per pixel.
void cut(int& begin, int& end, double v1, double k1, double v2, double k2) {
    const int n = end - begin - 1;
    const bool first = v1 <= 0 && v2 <= 0, last = v1 + n * k1 <= 0 && v2 + n * k2 <= 0;
    if (first && last) {
        end = begin;
    } else if (first) {
        // Both start below 0; the part below ends where the earlier of the two rises above.
        double steps = n;
        if (k1 > 0) steps = std::min(steps, -v1 / k1);
        if (k2 > 0) steps = std::min(steps, -v2 / k2);
        begin += static_cast<int>(steps);
    } else if (last) {
        double steps = n;
        if (k1 < 0) steps = std::min(steps, -(v1 + n * k1) / -k1);
        if (k2 < 0) steps = std::min(steps, -(v2 + n * k2) / -k2);
        end -= static_cast<int>(steps);
    }
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

CapsulePainter::CapsulePainter(Mask& mask, const Brush& brush)
    : mask_(&mask),
      brush_(brush),
      full_value_(static_cast<std::uint8_t>(brush.opacity * 255 + 0.5)),
      solid_(static_cast<std::size_t>(mask.size().height)),
      band_tiles_(static_cast<std::size_t>(mask.tiles_x())),
      band_known_(static_cast<std::size_t>(mask.tiles_x())) {}

void CapsulePainter::begin_band(int ty) {
    if (ty == band_) return;
    band_ = ty;
    std::fill(band_known_.begin(), band_known_.end(), std::uint8_t{0});
}

// Row 0 of the tile to write, or null where painting cannot change it.
std::uint8_t* CapsulePainter::tile(int tx) {
    const auto i = static_cast<std::size_t>(tx);
    if (band_known_[i]) return band_tiles_[i];
    band_known_[i] = 1;
    const TileRef& t = mask_->tile(tx, band_);
    if (brush_.erase ? !t : t == full_tile()) return band_tiles_[i] = nullptr;
    touched_.push_back({tx, band_});
    return band_tiles_[i] = mask_->writable_tile(tx, band_).coverage.data();
}

void CapsulePainter::save(int tx, int offset, const std::uint8_t* bytes, int length) {
    saved_.push_back(
        {tx, band_, static_cast<std::uint16_t>(offset), static_cast<std::uint16_t>(length)});
    saved_bytes_.insert(saved_bytes_.end(), bytes, bytes + length);
}

template <class Evaluate>
void CapsulePainter::blend(int y, Run run, bool remember, Evaluate evaluate) {
    alignas(32) std::uint8_t stroke[kTileSide];
    while (!run.empty()) {
        const int tx = run.begin / kTileSide,
                  n = std::min(run.end, (tx + 1) * kTileSide) - run.begin;
        if (std::uint8_t* rows = tile(tx)) {
            const int offset = (y - band_ * kTileSide) * kTileSide + run.begin - tx * kTileSide;
            std::uint8_t* to = rows + offset;
            if (remember) save(tx, offset, to, n);
            evaluate(run.begin, n, stroke);
            if (brush_.erase)
                erase_run(to, stroke, n);
            else
                max_run(to, stroke, n);
        }
        run.begin += n;
    }
}

void CapsulePainter::fill(int y, Run run, bool remember) {
    // 255 added or erased needs no look at what was there.
    if (full_value_ == 255 && !remember) {
        while (!run.empty()) {
            const int tx = run.begin / kTileSide,
                      n = std::min(run.end, (tx + 1) * kTileSide) - run.begin;
            if (std::uint8_t* rows = tile(tx))
                std::memset(rows + (y - band_ * kTileSide) * kTileSide + run.begin - tx * kTileSide,
                            brush_.erase ? 0 : 255, static_cast<std::size_t>(n));
            run.begin += n;
        }
        return;
    }
    blend(y, run, remember, [this](int, int n, std::uint8_t* to) {
        std::memset(to, full_value_, static_cast<std::size_t>(n));
    });
}

void CapsulePainter::paint(const Piece& piece, const Neighbours& neighbours, bool remember) {
    const double larger = std::max(piece.ra, piece.rb), smaller = std::min(piece.ra, piece.rb);
    if (!(larger > 0)) return;
    Piece p = piece;
    Frame f = frame_of(p, larger + 1);
    if (f.length > 0 && std::abs(f.taper) >= 1) { // one disc holds the other
        (p.ra < p.rb ? p.a : p.b) = p.ra < p.rb ? p.b : p.a;
        p.ra = p.rb = larger;
        f = frame_of(p, larger + 1);
    }
    const bool tapers = f.taper != 0, swallowed = p.a == p.b && !(piece.a == piece.b);
    const Falloff wide = falloff(larger, brush_.hardness),
                  narrow = falloff(smaller, brush_.hardness);
    const double full_radius = narrow.peak < 1 ? 0 : narrow.outer - narrow.width;

    RowParams q{};
    q.along_x = static_cast<float>(f.dx);
    q.across_x = static_cast<float>(-f.dy);
    q.length = static_cast<float>(f.length);
    q.shear = static_cast<float>(f.shear);
    q.radius = static_cast<float>(p.ra);
    q.taper = static_cast<float>(f.taper);
    q.hardness = static_cast<float>(brush_.hardness);
    q.outer = static_cast<float>(wide.outer);
    q.inverse_width = static_cast<float>(1 / wide.width);
    q.smooth = static_cast<float>(std::clamp((1 - brush_.hardness) * larger - 1, 0.0, 1.0));
    q.peak = static_cast<float>(wide.peak);
    q.scale = static_cast<float>(brush_.opacity * 255);

    // The start is left to the previous piece where the nearest point of this one is its start and
    // the previous one has painted; the end to the next one, which has the start as its own.
    const Piece* before = swallowed ? nullptr : neighbours.previous;
    Frame prior{};
    if (before) {
        prior = frame_of(*before, 0);
        if (prior.length <= 0) before = nullptr;
    }
    const bool leave_end = neighbours.next_follows && !swallowed && f.length > 0;

    const Size size = mask_->size();
    const int top = std::max(0, ceil_int(std::min(p.a.y, p.b.y) - wide.outer - 0.5));
    const int bottom =
        std::min(size.height - 1, floor_int(std::max(p.a.y, p.b.y) + wide.outer - 0.5));
    if (std::max(p.a.x, p.b.x) + wide.outer < 0 || std::min(p.a.x, p.b.x) - wide.outer > size.width)
        return;
    band_ = -1;
    for (int y = top; y <= bottom; ++y) {
        const double cy = y + 0.5;
        const Interval reach = row_of_capsule(p, f, wide.outer, cy);
        if (reach.empty()) continue;
        Run outer{std::max(0, ceil_int(reach.left - 0.5)),
                  std::min(size.width, floor_int(reach.right - 0.5) + 1)};
        if (outer.empty()) continue;
        begin_band(y / kTileSide);
        const Interval core = row_of_capsule(p, f, full_radius, cy);
        Run full{outer.end, outer.end};
        if (!core.empty()) {
            full = {std::clamp(ceil_int(core.left - 0.5), outer.begin, outer.end),
                    std::clamp(floor_int(core.right - 0.5) + 1, outer.begin, outer.end)};
            if (full.empty()) full = {outer.end, outer.end};
        }
        Run& solid = solid_[static_cast<std::size_t>(y)];
        if (!full.empty()) {
            // Only what sticks out of the solid run is new.
            const bool joins = full.begin <= solid.end && solid.begin <= full.end && !solid.empty();
            if (!joins) {
                fill(y, full, remember);
                if (!remember) solid = full;
            } else {
                fill(y, {full.begin, std::min(full.end, solid.begin)}, remember);
                fill(y, {std::max(full.begin, solid.end), full.end}, remember);
                if (!remember)
                    solid = {std::min(full.begin, solid.begin), std::max(full.end, solid.end)};
            }
        }
        const auto flank = [&](Run run) {
            // Pixels in the solid run cannot rise any further.
            if (run.begin >= solid.begin && run.begin < solid.end) run.begin = solid.end;
            if (run.end > solid.begin && run.end <= solid.end) run.end = solid.begin;
            if (run.empty()) return;
            const double px = run.begin + 0.5 - f.ax, py = cy - f.ay;
            const double along = px * f.dx + py * f.dy, across = py * f.dx - px * f.dy;
            int begin = run.begin, end = run.end;
            // A pixel on the very border belongs to this piece, not to the previous one.
            if (before)
                cut(begin, end, along + f.margin, f.dx, px * prior.dx + py * prior.dy + 1e-6,
                    prior.dx);
            if (leave_end && begin < end) {
                const double v = f.length + f.margin - (along + (begin - run.begin) * f.dx);
                cut(begin, end, v, -f.dx, v, -f.dx);
            }
            if (begin >= end) return;
            blend(y, {begin, end}, remember, [&](int x, int n, std::uint8_t* to) {
                const double steps = x - run.begin;
                RowParams row = q;
                row.along = static_cast<float>(along + steps * f.dx);
                row.across = static_cast<float>(across - steps * f.dy);
                tapers ? tapered_run(row, to, n) : even_run(row, to, n);
            });
        };
        flank({outer.begin, full.begin});
        if (!full.empty()) flank({full.end, outer.end});
    }
}

void CapsulePainter::paint_dot(const Piece& piece, bool remember) {
    const double soft = (1 - brush_.hardness) * piece.ra;
    const double edge = 0.5 * (1 + brush_.hardness) * piece.ra; // the middle of the ramp
    if (soft > 1 || edge > 64) {
        paint(piece, {}, remember);
        return;
    }
    // A small hard dab: the exact area of its disc.
    const int left = floor_int(piece.a.x - edge), top = floor_int(piece.a.y - edge);
    const int side = static_cast<int>(std::ceil(2 * edge)) + 2;
    const Mask disc = ellipse(
        {side, side}, {piece.a.x - edge - left, piece.a.y - edge - top, 2 * edge, 2 * edge});
    band_ = -1;
    for (int y = std::max(0, top); y < std::min(mask_->size().height, top + side); ++y) {
        begin_band(y / kTileSide);
        blend(y, {std::max(0, left), std::min(mask_->size().width, left + side)}, remember,
              [&](int x, int n, std::uint8_t* to) {
                  for (int i = 0; i < n; ++i)
                      to[i] = static_cast<std::uint8_t>(
                          disc.at(x + i - left, y - top) * brush_.opacity + 0.5);
              });
    }
}

void CapsulePainter::roll_back() {
    std::size_t end = saved_bytes_.size();
    band_ = -1;
    // Backwards: a pixel painted twice gets its first value back.
    for (auto s = saved_.rbegin(); s != saved_.rend(); ++s) {
        end -= s->length;
        if (s->ty != band_) begin_band(s->ty);
        const auto i = static_cast<std::size_t>(s->tx);
        if (!band_known_[i]) {
            band_known_[i] = 1;
            touched_.push_back({s->tx, s->ty});
            band_tiles_[i] = mask_->writable_tile(s->tx, s->ty).coverage.data();
        }
        std::memcpy(band_tiles_[i] + s->offset, saved_bytes_.data() + end, s->length);
    }
    band_ = -1;
    saved_.clear();
    saved_bytes_.clear();
}

void CapsulePainter::finish() {
    for (const Point& t : touched_)
        mask_->normalize_tile(t.x, t.y);
    touched_.clear();
    band_ = -1;
}

} // namespace mw::mask
