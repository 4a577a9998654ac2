// Each edge adds to the cells it crosses the change of coverage it causes from there to the right;
// a running sum over a row then gives each pixel's exact area. The idea is in R. Levien's
// "Inside the fastest font renderer in the world" (2016) and, as cells of area and cover, in
// D. Turner's FreeType smooth rasteriser. Here the sums are kept per row of tiles, and a tile no
// edge touches is decided by the running sum at its left side alone.
#include "mask/scan_area.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/parallel.h"
#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

constexpr double kFar = 1e7; // beyond any picture; keeps slopes exact enough in double
constexpr double kMaxCrossings = 134217728.0;

struct Edge {
    double x0, y0, x1, y1; // y0 < y1
    double sign;           // +1 going down, -1 going up
};

// Cells of one row of tiles: band_height x (width + 1), and which tile columns were touched.
class Band {
  public:
    explicit Band(Size size, int columns)
        : width_(size.width),
          stride_(static_cast<std::size_t>(size.width) + 2),
          cells_(stride_ * kTileSide, 0.0),
          touched_(static_cast<std::size_t>(columns), 0) {}

    // Adds the part of `e` within rows [top, top + height).
    void add(const Edge& e, int top, int height) {
        const double y0 = std::max(e.y0, double(top)), y1 = std::min(e.y1, double(top + height));
        if (!(y0 < y1)) return;
        const double slope = (e.x1 - e.x0) / (e.y1 - e.y0);
        double y = y0, x = e.x0 + (y0 - e.y0) * slope;
        for (int row = static_cast<int>(y0) - top; row < height && y < y1; ++row) {
            const double next_y = std::min(y1, double(top + row + 1));
            const double next_x = next_y == e.y1 ? e.x1 : e.x0 + (next_y - e.y0) * slope;
            add_in_row(row, x, next_x, e.sign * (next_y - y));
            x = next_x;
            y = next_y;
        }
    }

    double* row(int y) { return cells_.data() + static_cast<std::size_t>(y) * stride_; }
    bool touched(int tx) const { return touched_[static_cast<std::size_t>(tx)] != 0; }
    void clear(int tx) {
        touched_[static_cast<std::size_t>(tx)] = 0;
        const int x = tx * kTileSide, n = std::min(kTileSide, width_ - x);
        for (int y = 0; y < kTileSide; ++y)
            std::fill_n(row(y) + x, n, 0.0);
    }

  private:
    // An edge that goes from (xa) to (xb) while it covers `dy` (signed) of the row's height.
    void add_in_row(int y, double xa, double xb, double dy) {
        double left = std::min(xa, xb), right = std::max(xa, xb);
        double* cells = row(y);
        if (left < 0) { // what lies left of the picture covers the whole row alike
            if (right <= 0) {
                put(cells, 0, dy);
                return;
            }
            const double part = -left / (right - left);
            put(cells, 0, dy * part);
            dy -= dy * part;
            left = 0;
        }
        if (right > width_) {
            if (left >= width_) return;
            dy *= (width_ - left) / (right - left);
            right = width_;
        }
        const int first = std::min(static_cast<int>(left), width_ - 1);
        const int last = std::min(static_cast<int>(std::ceil(right)) - 1, width_ - 1);
        if (last <= first) { // within one pixel: it covers what lies right of its middle
            const double here = 1 - ((left + right) / 2 - first);
            put(cells, first, dy * here);
            put(cells, first + 1, dy - dy * here);
            return;
        }
        // Across several pixels: the covered area at column i is the integral of the edge.
        const double per_x = dy / (right - left), lead = first + 1 - left;
        double before = per_x * lead * lead / 2; // area of pixel `first`
        put(cells, first, before);
        for (int x = first + 1; x < last; ++x) {
            const double area = per_x * (x + 0.5 - left);
            put(cells, x, area - before);
            before = area;
        }
        const double tail = right - last;
        const double area = per_x * ((last - left) * tail + tail * tail / 2) + dy * (1 - tail);
        put(cells, last, area - before);
        put(cells, last + 1, dy - area);
    }
    void put(double* cells, int x, double value) {
        if (x >= width_) return;
        cells[x] += value;
        touched_[static_cast<std::size_t>(x / kTileSide)] = 1;
    }

    int width_;
    std::size_t stride_;
    std::vector<double> cells_;
    std::vector<std::uint8_t> touched_;
};

// Even-odd: a triangle wave over the winding area.
std::uint8_t coverage_of(double area) {
    area = std::abs(area);
    if (area > 1) {
        area = std::fmod(area, 2.0);
        if (area > 1) area = 2 - area;
    }
    return static_cast<std::uint8_t>(area * 255 + 0.5);
}

// Turns the band's cells into the tiles of row ty, and clears them.
void finish_band(Band& band, int ty, Mask& mask, std::vector<TileRef>& tiles) {
    std::array<double, kTileSide> carry{};
    const int height = mask.tile_rect(0, ty).height;
    for (int tx = 0; tx < mask.tiles_x(); ++tx) {
        const Rect r = mask.tile_rect(tx, ty);
        const bool touched = band.touched(tx);
        if (!touched) {
            bool zero = true, full = r.width == kTileSide && height == kTileSide;
            for (int y = 0; y < height; ++y) {
                const std::uint8_t v = coverage_of(carry[static_cast<std::size_t>(y)]);
                zero = zero && v == 0;
                full = full && v == 255;
            }
            if (zero || full) {
                tiles[static_cast<std::size_t>(tx)] = full ? full_tile() : nullptr;
                continue;
            }
        }
        auto tile = new_tile();
        tile->coverage.fill(0);
        for (int y = 0; y < height; ++y) {
            std::uint8_t* to = tile->coverage.data() + std::ptrdiff_t{y} * kTileSide;
            double sum = carry[static_cast<std::size_t>(y)];
            if (touched) {
                const double* cells = band.row(y) + r.x;
                for (int x = 0; x < r.width; ++x) {
                    sum += cells[x];
                    to[x] = coverage_of(sum);
                }
            } else {
                std::memset(to, coverage_of(sum), static_cast<std::size_t>(r.width));
            }
            carry[static_cast<std::size_t>(y)] = sum;
        }
        if (touched) band.clear(tx);
        tiles[static_cast<std::size_t>(tx)] = std::move(tile);
    }
}

PointF clipped(const PointF& p) {
    return {std::clamp(p.x, -kFar, kFar), std::clamp(p.y, -kFar, kFar)};
}

// Pixels an edge crosses within the picture, roughly.
double crossings(const PointF& a, const PointF& b, Size size) {
    const auto inside = [](double p, double q, int side) {
        return std::abs(std::clamp(p, 0.0, double(side)) - std::clamp(q, 0.0, double(side)));
    };
    return 1 + inside(a.y, b.y, size.height) + inside(a.x, b.x, size.width);
}

} // namespace

Mask scan_polygon(Size size, std::span<const PointF> points) {
    Mask mask(size);
    if (size.empty() || points.size() < 3) return mask;
    double work = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
        work += crossings(points[i], points[(i + 1) % points.size()], size);
    const auto stride = static_cast<std::size_t>(std::ceil(work / kMaxCrossings));

    // Per row of tiles, the edges that pass through it.
    std::vector<std::vector<Edge>> by_band(static_cast<std::size_t>(mask.tiles_y()));
    const std::size_t count = (points.size() + stride - 1) / stride;
    for (std::size_t i = 0; i < count; ++i) {
        const PointF a = clipped(points[i * stride]), b = clipped(points[(i + 1) % count * stride]);
        if (a.y == b.y) continue;
        const Edge e = a.y < b.y ? Edge{a.x, a.y, b.x, b.y, 1} : Edge{b.x, b.y, a.x, a.y, -1};
        if (e.y1 <= 0 || e.y0 >= size.height) continue;
        const int from = static_cast<int>(std::max(e.y0, 0.0)) / kTileSide;
        const int to =
            static_cast<int>(std::min(std::ceil(e.y1), double(size.height)) - 1) / kTileSide;
        for (int ty = from; ty <= to; ++ty)
            by_band[static_cast<std::size_t>(ty)].push_back(e);
    }

    std::vector<std::vector<TileRef>> rows(by_band.size());
    parallel_for(mask.tiles_y(), 8, [&](int begin, int end) {
        Band band(size, mask.tiles_x());
        for (int ty = begin; ty < end; ++ty) {
            const auto& edges = by_band[static_cast<std::size_t>(ty)];
            if (edges.empty()) continue;
            for (const Edge& e : edges)
                band.add(e, ty * kTileSide, mask.tile_rect(0, ty).height);
            auto& tiles = rows[static_cast<std::size_t>(ty)];
            tiles.resize(static_cast<std::size_t>(mask.tiles_x()));
            finish_band(band, ty, mask, tiles);
        }
    });
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (std::size_t tx = 0; tx < rows[static_cast<std::size_t>(ty)].size(); ++tx)
            if (auto& tile = rows[static_cast<std::size_t>(ty)][tx])
                mask.set_tile(static_cast<int>(tx), ty, std::move(tile));
    return mask;
}

} // namespace mw::mask
