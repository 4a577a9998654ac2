// Grey dilation with the structuring function of an antialiased disc:
//   grow(m, r)(p) = max over q of m(q) - s(|p - q|),
//   s(d) = 0 for d <= r, 255 (d - r) rounded for r < d < r + 1, and no effect from r + 1 on,
// which is the flat dilation by the disc of radius r, plus a flank one pixel wide that antialiases
// it. Nearly all pixels are told by two binary dilations, at a cost per pixel that does not depend
// on the radius: those within the flat disc around full coverage are 255, those out of reach of any
// coverage are 0. The rest, along edges and where coverage is soft, is taken by the rows of the
// disc, each one run and a few drops; the maximum over a run of any length is that of two
// overlapping runs of a power of two (van Herk's and Gil & Werman's problem, by doubling).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/parallel.h"
#include "mask/column_distance.h"
#include "mask/grow_blocks.h"
#include "mask/refine.h"
#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

// What the neighbourhood decides without looking at pixels.
enum class Verdict { empty, full, open };

Verdict judge(const Mask& mask, int tx, int ty, const Disc& disc) {
    const Rect tile = mask.tile_rect(tx, ty);
    const int wide = disc.any.front();
    const Rect around = intersect(Rect::from_edges(tile.x - wide, tile.y - disc.reach,
                                                   tile.right() + wide, tile.bottom() + disc.reach),
                                  mask.rect());
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

// T holds distances up to the disc's reach.
template <class T>
class Grower {
  public:
    Grower(const Mask& mask, const Disc& disc, const Rect& tiles)
        : mask_(mask),
          disc_(disc),
          tiles_(tiles),
          full_(mask, Site::full, tiles),
          any_(mask, Site::any, tiles) {}

    // Scratch of one thread.
    struct Work {
        std::vector<T> full, any, steps;
        std::vector<std::uint8_t> full_row, any_row;
        std::vector<std::vector<GrowBlock>> blocks;
        GrowScratch scratch;
    };

    // The tiles [tx0, tx1) of row ty.
    void run(int ty, int tx0, int tx1, Work& work, TileRef* out) const {
        const int wide = disc_.any.front() / kTileSide + 1;
        const int from = std::max(tiles_.x, tx0 - wide), to = std::min(tiles_.right(), tx1 + wide);
        const int n = (to - from) * kTileSide, count = tx1 - tx0;
        const int height = mask_.tile_rect(tx0, ty).height;
        const auto room = static_cast<std::size_t>(n) * kTileSide;
        work.full.resize(room);
        work.any.resize(room);
        work.full_row.resize(static_cast<std::size_t>(n));
        work.any_row.resize(static_cast<std::size_t>(n));
        work.blocks.assign(static_cast<std::size_t>(count), {});
        full_.read(ty, from, to, work.full.data(), n);
        any_.read(ty, from, to, work.any.data(), n);
        std::vector<std::shared_ptr<MaskTile>> made;
        for (int i = 0; i < count; ++i)
            made.push_back(new_tile());
        for (int y = 0; y < height; ++y) {
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(n);
            cover_row(work.full.data() + at, n, disc_.flat, work.steps, work.full_row.data());
            cover_row(work.any.data() + at, n, disc_.any, work.steps, work.any_row.data());
            for (int i = 0; i < count; ++i) {
                const int x = (tx0 + i - from) * kTileSide;
                split(work.full_row.data() + x, work.any_row.data() + x, y,
                      made[static_cast<std::size_t>(i)]->coverage.data() + y * kTileSide,
                      work.blocks[static_cast<std::size_t>(i)]);
            }
        }
        for (int i = 0; i < count; ++i) {
            const Rect tile = mask_.tile_rect(tx0 + i, ty);
            auto& t = made[static_cast<std::size_t>(i)];
            const auto& blocks = work.blocks[static_cast<std::size_t>(i)];
            if (!blocks.empty()) grow_blocks(mask_, disc_, tile, blocks, work.scratch, *t);
            for (int y = 0; y < kTileSide; ++y) { // nothing beyond the picture's edge
                const int keep = y < tile.height ? tile.width : 0;
                std::memset(t->coverage.data() + std::ptrdiff_t{y} * kTileSide + keep, 0,
                            static_cast<std::size_t>(kTileSide - keep));
            }
            out[i] = std::move(t);
        }
    }

  private:
    // What both dilations tell of one row of a tile, and where they leave it open.
    static void split(const std::uint8_t* full, const std::uint8_t* any, int y, std::uint8_t* out,
                      std::vector<GrowBlock>& open) {
        std::memcpy(out, full, kTileSide);
        for (int x = 0; x < kTileSide; x += kGrowBlock) {
            if (std::memcmp(full + x, any + x, kGrowBlock) == 0) continue;
            int begin = x, end = x + kGrowBlock;
            while (full[begin] == any[begin])
                ++begin;
            while (full[end - 1] == any[end - 1])
                --end;
            const auto byte = [](int v) { return static_cast<std::uint8_t>(v); };
            open.push_back({byte(x), byte(begin), byte(end), byte(y)});
        }
    }

    const Mask& mask_;
    const Disc& disc_;
    Rect tiles_;
    ColumnDistances<T> full_, any_;
};

// The tiles that can be reached from tiles with coverage.
Rect tiles_in_reach(const Mask& mask, const Disc& disc) {
    Rect found;
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (int tx = 0; tx < mask.tiles_x(); ++tx)
            if (mask.tile(tx, ty)) found = unite(found, {tx, ty, 1, 1});
    const int dx = disc.any.front() / kTileSide + 1, dy = disc.reach / kTileSide + 1;
    return intersect(
        Rect::from_edges(found.x - dx, found.y - dy, found.right() + dx, found.bottom() + dy),
        {0, 0, mask.tiles_x(), mask.tiles_y()});
}

template <class T>
Mask grown(const Mask& mask, const Disc& disc) {
    const Rect tiles = tiles_in_reach(mask, disc);
    const Grower<T> grower(mask, disc, tiles);
    const Mask full = Mask::full(mask.size());
    // Runs of tiles are worked on together; what lies around a run is looked at for each.
    const int longest = std::max(16, disc.any.front() / kTileSide * 4);
    const int chunks = (tiles.width - 1) / longest + 1;
    const auto wide = static_cast<std::size_t>(tiles.width);
    std::vector<TileRef> made(wide * static_cast<std::size_t>(tiles.height));
    parallel_for(tiles.height * chunks, 1, [&](int begin, int end) {
        typename Grower<T>::Work work;
        for (int i = begin; i < end; ++i) {
            const int ty = tiles.y + i / chunks, x0 = tiles.x + i % chunks * longest,
                      x1 = std::min(tiles.right(), x0 + longest);
            TileRef* out = made.data() + static_cast<std::size_t>(ty - tiles.y) * wide;
            // A run of undecided tiles goes on over a gap that is looked at anyway.
            int open = -1, end_open = -1;
            const auto flush = [&] {
                if (open >= 0) grower.run(ty, open, end_open, work, out + (open - tiles.x));
                open = -1;
            };
            for (int tx = x0; tx < x1; ++tx) {
                const Verdict verdict = judge(mask, tx, ty, disc);
                if (verdict == Verdict::full) out[tx - tiles.x] = full.tile(tx, ty);
                if (verdict != Verdict::open) continue;
                if (open >= 0 && tx - end_open > 2) flush();
                if (open < 0) open = tx;
                end_open = tx + 1;
            }
            flush();
        }
    });
    Mask out(mask.size());
    for (std::size_t i = 0; i < made.size(); ++i)
        if (made[i])
            out.set_tile(tiles.x + static_cast<int>(i % wide), tiles.y + static_cast<int>(i / wide),
                         std::move(made[i]));
    return out;
}

} // namespace

Mask grow(const Mask& mask, double radius_px) {
    if (!(radius_px > 0) || mask.empty()) return mask;
    const Size size = mask.size();
    const Disc disc = make_disc(std::min(radius_px, std::hypot(size.width, size.height)),
                                size.width, size.height);
    const int most = std::max(disc.reach, disc.any.front()) + 2;
    if (most < 255) return grown<std::uint8_t>(mask, disc);
    if (most < 65535) return grown<std::uint16_t>(mask, disc);
    return grown<std::uint32_t>(mask, disc);
}

} // namespace mw::mask
