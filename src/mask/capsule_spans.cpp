#include <algorithm>
#include <cmath>
#include <cstring>

#include "mask/capsule.h"

namespace mw::mask {
namespace {

constexpr double kSlack = 1e-3; // pixels by which neighbours overlap
constexpr int kTileShift = 7;
static_assert(1 << kTileShift == kTileSide);

int floor_int(double v) {
    return static_cast<int>(std::floor(std::clamp(v, -2e9, 2e9)));
}
int ceil_int(double v) {
    return static_cast<int>(std::ceil(std::clamp(v, -2e9, 2e9)));
}

} // namespace

std::uint8_t* CapsulePainter::tile(std::size_t index) {
    std::uint8_t*& rows = tiles_[index];
    if (rows) return rows;
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    const int tx = static_cast<int>(index % wide), ty = static_cast<int>(index / wide);
    const TileRef& t = mask_->tile(tx, ty);
    touched_.push_back(static_cast<std::uint32_t>(index));
    if (brush_.erase ? !t : t == full_tile()) return rows = kLeave;
    if (limit_ && !limit_->tile(tx, ty)) return rows = kLeave;
    return rows = mask_->writable_tile(tx, ty).coverage.data();
}

// The limit's pixels in a tile; null where it limits nothing.
const std::uint8_t* CapsulePainter::limit_of(std::size_t index) const {
    if (!limit_) return nullptr;
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    const TileRef& t = limit_->tile(static_cast<int>(index % wide), static_cast<int>(index / wide));
    return t == full_tile() ? nullptr : t->coverage.data();
}

void CapsulePainter::save(std::size_t tile, const std::uint8_t* rows, int offset, int length) {
    saved_.push_back({static_cast<std::uint32_t>(tile), static_cast<std::uint16_t>(offset),
                      static_cast<std::uint16_t>(length)});
    saved_bytes_.insert(saved_bytes_.end(), rows + offset, rows + offset + length);
}

void CapsulePainter::fill(int y, Run run, std::uint8_t value, bool remember) {
    const std::size_t band =
        static_cast<std::size_t>(y / kTileSide) * static_cast<std::size_t>(mask_->tiles_x());
    while (!run.empty()) {
        const int tx = run.begin / kTileSide;
        const int n = std::min(run.end, (tx + 1) * kTileSide) - run.begin;
        const std::size_t index = band + static_cast<std::size_t>(tx);
        if (std::uint8_t* rows = tile(index); rows != kLeave) {
            const int offset = y % kTileSide * kTileSide + run.begin - tx * kTileSide;
            if (remember) save(index, rows, offset, n);
            if (const std::uint8_t* limit = limit_of(index)) {
                std::uint8_t stroke[kTileSide];
                std::memset(stroke, value, static_cast<std::size_t>(n));
                combine_limited(rows + offset, stroke, limit + offset, n, brush_.erase);
            } else if (value == 255) {
                std::memset(rows + offset, brush_.erase ? 0 : 255, static_cast<std::size_t>(n));
            } else {
                combine_value(rows + offset, value, n, brush_.erase);
            }
        }
        run.begin += n;
    }
}

// Tiles that the runs of [row_begin_, row_end_) from `top` on cover as a whole need no bytes.
void CapsulePainter::fill_tiles(int top, int rows, bool remember) {
    for (int ty = (top + kTileSide - 1) >> kTileShift; (ty + 1) * kTileSide <= top + rows; ++ty) {
        const auto first = static_cast<std::size_t>(ty * kTileSide - top);
        int begin = 0, end = mask_->size().width;
        for (std::size_t i = first; i < first + kTileSide; ++i) {
            begin = std::max(begin, row_begin_[i]);
            end = std::min(end, row_end_[i]);
        }
        for (int tx = (begin + kTileSide - 1) >> kTileShift; (tx + 1) * kTileSide <= end; ++tx) {
            const std::size_t index = static_cast<std::size_t>(ty * mask_->tiles_x() + tx);
            if (tiles_[index] == kLeave) continue;
            const TileRef& old = mask_->tile(tx, ty);
            if (brush_.erase ? !old : old == full_tile()) continue; // tile() will see it
            if (!tiles_[index]) touched_.push_back(static_cast<std::uint32_t>(index));
            if (remember) {
                saved_.push_back({static_cast<std::uint32_t>(index), 0, 0});
                saved_tiles_.push_back(old);
            }
            mask_->set_tile(tx, ty, brush_.erase ? nullptr : full_tile());
            tiles_[index] = kLeave;
        }
    }
}

// Full value within `radius` of the segment from a to b.
void CapsulePainter::fill_core(PointF a, PointF b, double radius, std::uint8_t value,
                               bool remember) {
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
    if (value == 255 && !limit_ && radius > kTileSide / 2) fill_tiles(top, bottom - top, remember);
    for (int y = top; y < bottom; ++y) {
        const Run full{row_begin_[static_cast<std::size_t>(y - top)],
                       row_end_[static_cast<std::size_t>(y - top)]};
        if (full.empty()) continue;
        if (brush_.pressure_opacity) { // there is no one full value
            fill(y, full, value, remember);
            continue;
        }
        // Only what sticks out of the solid run is new.
        Run& solid = solid_[static_cast<std::size_t>(y)];
        if (full.begin >= solid.begin && full.end <= solid.end) continue;
        if (full.begin > solid.end || solid.begin > full.end || solid.empty()) {
            fill(y, full, value, remember);
            if (!remember) solid = full;
            continue;
        }
        if (full.begin < solid.begin) fill(y, {full.begin, solid.begin}, value, remember);
        if (full.end > solid.end) fill(y, {solid.end, full.end}, value, remember);
        if (!remember) solid = {std::min(full.begin, solid.begin), std::max(full.end, solid.end)};
    }
}

// The piece's own coverage on a run of one row; may paint some pixels beyond it as well. Painted at
// the next flush().
void CapsulePainter::evaluate(const Shape& shape, int y, Run run, bool remember) {
    constexpr auto kSide = static_cast<unsigned>(kTileSide);
    const std::size_t band = static_cast<std::size_t>(static_cast<unsigned>(y) / kSide) *
                             static_cast<std::size_t>(mask_->tiles_x());
    const unsigned row = static_cast<unsigned>(y) % kSide * kSide;
    const double py = y + 0.5 - shape.piece.a.y, px = 0.5 - shape.piece.a.x;
    const double along = px * shape.dx + py * shape.dy, across = py * shape.dx - px * shape.dy;
    while (!run.empty()) {
        const unsigned begin = static_cast<unsigned>(run.begin), tx = begin / kSide;
        const int edge = static_cast<int>((tx + 1) * kSide);
        const int n = std::min(run.end, edge) - run.begin;
        const std::size_t index = band + tx;
        std::uint8_t* rows = tiles_[index];
        if (!rows) rows = tile(index);
        if (rows != kLeave) {
            const unsigned offset = row + begin % kSide;
            // Whole blocks are quicker; the surplus is painted rightly too.
            const int room = std::min(edge, mask_->size().width) - run.begin;
            const int padded = std::min(room, (n + kRunBlock - 1) & -kRunBlock);
            if (remember) save(index, rows, static_cast<int>(offset), padded);
            RunSpan span{rows + offset, padded, static_cast<float>(along + run.begin * shape.dx),
                         static_cast<float>(across - run.begin * shape.dy)};
            if (const std::uint8_t* limit = limit_of(index)) {
                std::uint8_t stroke[kTileSide] = {};
                span.to = stroke;
                paint_spans(shape.params, &span, 1, false);
                combine_limited(rows + offset, stroke, limit + offset, padded, brush_.erase);
            } else {
                if (span_count_ == spans_.size()) spans_.resize(2 * span_count_ + 64);
                spans_[span_count_++] = span;
            }
        }
        run.begin += n;
    }
}

void CapsulePainter::flush(const Shape& shape) {
    if (span_count_ == 0) return;
    paint_spans(shape.params, spans_.data(), span_count_, brush_.erase);
    span_count_ = 0;
}

// The pixels with t0 <= along <= t1 and p0 <= across <= p1.
void CapsulePainter::strip(const Shape& shape, double t0, double t1, double p0, double p1,
                           bool remember, double inner2) {
    const double ax = shape.piece.a.x, ay = shape.piece.a.y, dx = shape.dx, dy = shape.dy;
    const Size size = mask_->size();
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const double t : {t0, t1})
        for (const double p : {p0, p1}) {
            low = std::min(low, ay + dy * t + dx * p);
            high = std::max(high, ay + dy * t + dx * p);
        }
    const int top = std::max(0, ceil_int(low - 0.5 - kSlack));
    const int bottom = std::min(size.height, floor_int(high - 0.5 + kSlack) + 1);
    if (top >= bottom) return;
    // Along: X dx in [t0, t1] - Y dy; across: -X dy in [p0, p1] - Y dx, from the first end.
    StripLines lines{{-1e9, -1e9}, {0, 0}, {1e9, 1e9}, {0, 0}};
    const auto between = [&](int i, double from, double to, double per_x, double per_y) {
        if (std::abs(per_x) <= 1e-9) return;
        if (per_x < 0) std::swap(from, to);
        const double slope = -per_y / per_x;
        lines.left[i] = from / per_x + ax - slope * ay - kSlack;
        lines.right[i] = to / per_x + ax - slope * ay + kSlack;
        lines.left_slope[i] = lines.right_slope[i] = slope;
    };
    between(0, t0, t1, dx, dy);
    between(1, p0, p1, -dy, dx);
    const auto rows = static_cast<std::size_t>(bottom - top);
    if (row_begin_.size() < rows) {
        row_begin_.resize(rows);
        row_end_.resize(rows);
    }
    strip_rows(lines, top, bottom - top, size.width, row_begin_.data(), row_end_.data());
    // What evaluate() does, for runs that stay within one tile and have no limit: most.
    constexpr int kSide = kTileSide;
    const int block = inner2 >= 0 ? kInnerBlock : kRunBlock;
    const int tiles_x = mask_->tiles_x(), width = size.width;
    const double along0 = (0.5 - ax) * dx - ay * dy, across0 = (ax - 0.5) * dy - ay * dx;
    if (spans_.size() < span_count_ + rows) spans_.resize(2 * (span_count_ + rows));
    for (int y = top; y < bottom; ++y) {
        const Run run{row_begin_[static_cast<std::size_t>(y - top)],
                      row_end_[static_cast<std::size_t>(y - top)]};
        if (run.empty()) continue;
        const int tx = run.begin >> kTileShift;
        const std::size_t index = static_cast<std::size_t>((y >> kTileShift) * tiles_x + tx);
        std::uint8_t* tile_rows = tiles_[index];
        if (limit_ || remember || !tile_rows || (run.end - 1) >> kTileShift != tx) {
            evaluate(shape, y, run, remember);
            if (spans_.size() < span_count_ + rows) spans_.resize(2 * (span_count_ + rows));
            continue;
        }
        if (tile_rows == kLeave) continue;
        const int room = std::min((tx + 1) * kSide, width) - run.begin;
        const int padded = std::min(room, (run.end - run.begin + block - 1) & -block);
        spans_[span_count_++] = {
            tile_rows + ((y & (kSide - 1)) * kSide + (run.begin & (kSide - 1))), padded,
            static_cast<float>(along0 + (y + 0.5) * dy + run.begin * dx),
            static_cast<float>(across0 + (y + 0.5) * dx - run.begin * dy)};
    }
    if (span_count_ == 0) return;
    RunParams params = shape.params;
    params.inner2 = static_cast<float>(inner2);
    paint_spans(params, spans_.data(), span_count_, brush_.erase);
    span_count_ = 0;
}

// The ring from `core` to the outer radius around `centre`, where (p - centre) . ahead >= -slack.
void CapsulePainter::cap(const Shape& shape, PointF centre, double core, PointF ahead, double slack,
                         bool remember) {
    const Size size = mask_->size();
    const int top = std::max(0, ceil_int(centre.y - shape.outer - 0.5));
    const int bottom = std::min(size.height - 1, floor_int(centre.y + shape.outer - 0.5));
    const double outer2 = shape.outer * shape.outer, core2 = core * core;
    for (int y = top; y <= bottom; ++y) {
        const double py = y + 0.5 - centre.y;
        const double half = std::sqrt(std::max(0.0, outer2 - py * py));
        const double hole = core2 > py * py ? std::sqrt(core2 - py * py) : -1;
        double left = -half, right = half;
        const double limit = -slack - py * ahead.y; // X ahead.x >= limit
        if (ahead.x > 1e-9)
            left = std::max(left, limit / ahead.x);
        else if (ahead.x < -1e-9)
            right = std::min(right, limit / ahead.x);
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
    flush(shape);
}

} // namespace mw::mask
