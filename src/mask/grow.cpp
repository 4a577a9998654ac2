// Grey dilation with the structuring function of an antialiased disc:
//   grow(m, r)(p) = max over q of m(q) - s(|p - q|),
//   s(d) = 0 for d <= r, 255 (d - r) rounded for r < d < r + 1, and no effect from r + 1 on,
// which is the flat dilation by the disc of radius r, plus a flank one pixel wide that antialiases
// it. A row of the flat disc is one run, and the maximum over a run of any length is that of two
// overlapping runs of a power of two (van Herk's and Gil & Werman's problem, by doubling).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "mask/refine.h"
#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

struct RingOffset {
    int dx;
    std::uint8_t drop;
};

// The disc by rows: dy from -reach to reach.
struct Disc {
    double radius = 0;
    int reach = 0;
    std::vector<int> half_run;                 // half width of the flat run, -1 for none
    std::vector<std::vector<RingOffset>> ring; // dx >= 0, both sides meant
};

Disc make_disc(double radius) {
    Disc disc;
    disc.radius = radius;
    disc.reach = static_cast<int>(std::ceil(radius + 1)) - 1;
    for (int dy = -disc.reach; dy <= disc.reach; ++dy) {
        // Everything well inside the circle is flat; start just before its edge.
        const double inside = radius * radius - double(dy) * dy;
        int half = inside > 4 ? static_cast<int>(std::sqrt(inside)) - 1 : -1;
        std::vector<RingOffset> ring;
        for (int dx = half + 1; dx <= disc.reach; ++dx) {
            const double d = std::sqrt(double(dx) * dx + double(dy) * dy);
            if (d <= radius) {
                half = dx;
                continue;
            }
            const int drop = static_cast<int>(255 * std::min(d - radius, 1.0) + 0.5);
            if (drop >= 255) break;
            ring.push_back({dx, static_cast<std::uint8_t>(drop)});
        }
        disc.half_run.push_back(half);
        disc.ring.push_back(std::move(ring));
    }
    return disc;
}

// out[x] = max(out[x], a[x], b[x]) for a row of a tile; tells whether all are 255 now.
MW_CLONES bool max_two(std::uint8_t* out, const std::uint8_t* a, const std::uint8_t* b) {
    std::uint8_t all = 255;
    for (int x = 0; x < kTileSide; ++x) {
        const std::uint8_t m = std::max(a[x], b[x]), v = std::max(out[x], m);
        out[x] = v;
        all &= v;
    }
    return all == 255;
}

// out[x] = max(out[x], max(row[x - dx], row[x + dx]) - drop) over the ring's offsets of one row.
MW_CLONES void max_ring(std::uint8_t* out, const std::uint8_t* row, const RingOffset* ring,
                        std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t *a = row - ring[i].dx, *b = row + ring[i].dx, drop = ring[i].drop;
        for (int x = 0; x < kTileSide; ++x) {
            const std::uint8_t m = std::max(std::max(a[x], b[x]), drop);
            out[x] = std::max(out[x], static_cast<std::uint8_t>(m - drop));
        }
    }
}

MW_CLONES void max_into(std::uint8_t* out, const std::uint8_t* a, const std::uint8_t* b, int n) {
    for (int x = 0; x < n; ++x)
        out[x] = std::max(a[x], b[x]);
}

// Scratch for one thread.
struct Rows {
    std::vector<std::vector<std::uint8_t>> levels; // [k][x] = max over [x, x + 2^k)
};

// The dilation of one output tile whose pixels start at (x0, y0).
std::shared_ptr<MaskTile> grow_tile(const Mask& mask, const Disc& disc, const Rect& tile,
                                    Rows& rows) {
    auto out = new_tile();
    out->coverage.fill(0);
    const int reach = disc.reach;
    // Beyond the picture is 0 and changes nothing, so only rows inside are walked.
    const int top = std::max(0, tile.y - reach),
              bottom = std::min(mask.size().height, tile.bottom() + reach);
    const int width = kTileSide + 2 * reach, pad = 64;
    int top_level = 0;
    while ((2 << top_level) <= 2 * reach + 1)
        ++top_level;
    rows.levels.resize(static_cast<std::size_t>(top_level) + 1);
    for (auto& level : rows.levels)
        level.resize(static_cast<std::size_t>(width + pad));
    std::array<bool, kTileSide> done{};
    int left_over = tile.height;
    image::Image band;
    int band_top = 0, band_bottom = 0;
    // From the middle outwards: rows close by fill most of a tile, and then the rest is skipped.
    const int middle = tile.y + tile.height / 2;
    const int lower = bottom - middle, upper = middle - top;
    for (int part = 0; part < 2 && left_over > 0; ++part) {
        const int count = part == 0 ? lower : upper;
        band_top = band_bottom = 0;
        for (int i = 0; i < count && left_over > 0; ++i) {
            const int y = part == 0 ? middle + i : middle - 1 - i;
            if (y < band_top || y >= band_bottom) {
                band_top = part == 0 ? y : y - kTileSide + 1;
                band_bottom = band_top + kTileSide;
                band = mask.read({tile.x - reach, band_top, width, kTileSide});
            }
            const auto* row = band.view().row<std::uint8_t>(y - band_top);
            if (row[0] == 0 && std::memcmp(row, row + 1, static_cast<std::size_t>(width) - 1) == 0)
                continue;
            std::memcpy(rows.levels[0].data(), row, static_cast<std::size_t>(width));
            for (int k = 1; k <= top_level; ++k) {
                const auto& below = rows.levels[static_cast<std::size_t>(k - 1)];
                const int half = 1 << (k - 1), n = width - (1 << k) + 1;
                if (n > 0)
                    max_into(rows.levels[static_cast<std::size_t>(k)].data(), below.data(),
                             below.data() + half, n);
            }
            const int from = std::max(0, y - reach - tile.y),
                      to = std::min(tile.height - 1, y + reach - tile.y);
            for (int oy = from; oy <= to; ++oy) {
                if (done[static_cast<std::size_t>(oy)]) continue;
                const auto d = static_cast<std::size_t>(y - (tile.y + oy) + reach);
                std::uint8_t* target = out->coverage.data() + std::ptrdiff_t{oy} * kTileSide;
                const int half = disc.half_run[d];
                if (half >= 0) {
                    const int length = 2 * half + 1;
                    int k = 0;
                    while ((2 << k) <= length)
                        ++k;
                    const auto& level = rows.levels[static_cast<std::size_t>(k)];
                    if (max_two(target, level.data() + (reach - half),
                                level.data() + (reach + half + 1 - (1 << k)))) {
                        done[static_cast<std::size_t>(oy)] = true;
                        --left_over;
                        continue;
                    }
                }
                const auto& ring = disc.ring[d];
                if (!ring.empty())
                    max_ring(target, rows.levels[0].data() + reach, ring.data(), ring.size());
            }
        }
    }
    // Clear what lies beyond the mask's edge.
    for (int y = 0; y < kTileSide; ++y) {
        const int keep = y < tile.height ? tile.width : 0;
        std::memset(out->coverage.data() + std::ptrdiff_t{y} * kTileSide + keep, 0,
                    static_cast<std::size_t>(kTileSide - keep));
    }
    return out;
}

// What the neighbourhood decides without looking at pixels.
enum class Verdict { empty, full, open };

Verdict judge(const Mask& mask, int tx, int ty, const Disc& disc) {
    const Rect tile = mask.tile_rect(tx, ty);
    const Rect around = intersect(tile.grown(disc.reach), mask.rect());
    bool any = false;
    for (int sy = around.y / kTileSide; sy <= (around.bottom() - 1) / kTileSide; ++sy)
        for (int sx = around.x / kTileSide; sx <= (around.right() - 1) / kTileSide; ++sx) {
            const TileRef& t = mask.tile(sx, sy);
            if (!t) continue;
            any = true;
            if (t != full_tile()) continue;
            // The distance from this tile's farthest pixel to that full tile.
            const Rect f = mask.tile_rect(sx, sy);
            const double dx = std::max({0, f.x - tile.x, tile.right() - f.right()});
            const double dy = std::max({0, f.y - tile.y, tile.bottom() - f.bottom()});
            if (dx * dx + dy * dy <= disc.radius * disc.radius) return Verdict::full;
        }
    return any ? Verdict::open : Verdict::empty;
}

} // namespace

Mask grow(const Mask& mask, double radius_px) {
    if (!(radius_px > 0) || mask.empty()) return mask;
    const double diagonal = std::hypot(mask.size().width, mask.size().height);
    const Disc disc = make_disc(std::min(radius_px, diagonal));
    Mask out(mask.size());
    const Mask full = Mask::full(mask.size());
    std::vector<TileRef> made(static_cast<std::size_t>(mask.tiles_x()) *
                              static_cast<std::size_t>(mask.tiles_y()));
    parallel_for(static_cast<int>(made.size()), 8, [&](int begin, int end) {
        Rows rows;
        for (int i = begin; i < end; ++i) {
            const int tx = i % mask.tiles_x(), ty = i / mask.tiles_x();
            const Verdict verdict = judge(mask, tx, ty, disc);
            if (verdict == Verdict::empty) continue;
            made[static_cast<std::size_t>(i)] =
                verdict == Verdict::full ? full.tile(tx, ty)
                                         : grow_tile(mask, disc, mask.tile_rect(tx, ty), rows);
        }
    });
    for (int i = 0; i < static_cast<int>(made.size()); ++i)
        out.set_tile(i % mask.tiles_x(), i / mask.tiles_x(),
                     std::move(made[static_cast<std::size_t>(i)]));
    return out;
}

} // namespace mw::mask
