// Each tile keeps the bits that pass and those not yet reached. A visit to a tile takes the seeds
// its neighbours' edges give it and spreads them by whole runs, row after row, until nothing moves;
// when its own edges have changed, the neighbours are due. Most tiles of a large region are passed
// by all their pixels and are reached in one step.
#include "select/flood.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <vector>

#include "base/parallel.h"
#include "mask/tile_pool.h"

namespace mw::select {
namespace {

constexpr int kSide = mask::kTileSide, kLast = kSide - 1;
constexpr Row kTopBit = Row{1} << kLast;

struct Tile {
    const BitTile* pass = nullptr; // nullptr: not asked yet
    BitTile* open = nullptr;       // of those, not reached yet; own bits unless all or none are
    bool queued = false;
};

const BitTile& no_bits() {
    static const BitTile tile{};
    return tile;
}
const BitTile& all_bits() {
    static const BitTile tile = [] {
        BitTile t;
        t.rows.fill(kAllBits);
        return t;
    }();
    return tile;
}
// Never written: every write is guarded by a look at the pointer.
BitTile* const kNone = const_cast<BitTile*>(&no_bits());

// Memory in large pieces: a tile of a flood is never given back alone.
class Arena {
  public:
    BitTile* take() {
        if (!free_.empty()) {
            BitTile* const tile = free_.back();
            free_.pop_back();
            return tile;
        }
        if (used_ == kChunk) {
            chunks_.push_back(std::make_unique_for_overwrite<BitTile[]>(kChunk));
            used_ = 0;
        }
        return &chunks_.back()[used_++];
    }
    void give_back(BitTile* tile) { free_.push_back(tile); }

  private:
    static constexpr std::size_t kChunk = 32;
    std::vector<std::unique_ptr<BitTile[]>> chunks_;
    std::vector<BitTile*> free_;
    std::size_t used_ = kChunk;
};

bool all_rows(const BitTile& tile, Row value) {
    Row differ = 0;
    for (const Row row : tile.rows)
        differ |= row ^ value;
    return differ == 0;
}

class Flood {
  public:
    Flood(Size size, bool diagonal, const TileTest& test)
        : size_(size),
          diagonal_(diagonal),
          test_(test),
          across_((size.width + kSide - 1) / kSide),
          down_((size.height + kSide - 1) / kSide),
          tiles_(static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_)) {}

    // False when stopped.
    bool run(Point seed, const std::stop_token& stop) {
        const int tx = seed.x / kSide, ty = seed.y / kSide;
        Tile& first = asked(tx, ty);
        const auto y = static_cast<std::size_t>(seed.y % kSide);
        const Row bit = Row{1} << (seed.x % kSide);
        if (!(first.pass->rows[y] & bit)) return true;
        std::array<Row, kSide> seeds{};
        seeds[y] = bit;
        spread(tx, ty, first, seeds);
        for (int count = 1; !due_.empty(); ++count) {
            if (count % 64 == 0 && stop.stop_requested()) return false;
            const auto [x, v] = due_.back();
            due_.pop_back();
            visit(x, v);
        }
        return true;
    }

    mask::Mask answer() {
        mask::Mask mask(size_);
        BitTile reached;
        for (int ty = 0; ty < down_; ++ty)
            for (int tx = 0; tx < across_; ++tx) {
                const Tile& tile = at(tx, ty);
                if (!tile.pass || tile.open == tile.pass) continue;
                if (tile.pass == &all_bits()) {
                    if (tile.open == kNone) mask.set_tile(tx, ty, mask::full_tile());
                    continue;
                }
                for (std::size_t y = 0; y < kSide; ++y)
                    reached.rows[y] = tile.pass->rows[y] & ~tile.open->rows[y];
                auto made = mask::new_tile();
                expand(reached.rows.data(), *made);
                mask.set_tile(tx, ty, std::move(made));
            }
        return mask;
    }

  private:
    Tile& at(int tx, int ty) {
        return tiles_[static_cast<std::size_t>(ty) * static_cast<std::size_t>(across_) +
                      static_cast<std::size_t>(tx)];
    }

    Tile& asked(int tx, int ty) {
        if (!at(tx, ty).pass) ask(tx, ty);
        return at(tx, ty);
    }

    bool within(int tx, int ty) {
        return tx >= 0 && tx < across_ && at(tx, ty).pass == &all_bits() &&
               at(tx, ty).open == kNone;
    }

    void ask(int tx, int ty) {
        // Next to a tile that lies wholly in the region, more of the row is likely to be needed.
        int first = tx, end = tx + 1;
        if (within(tx - 1, ty))
            while (end < across_ && end - first < kMostTiles && !at(end, ty).pass)
                ++end;
        else if (within(tx + 1, ty))
            while (first > 0 && end - first < kMostTiles && !at(first - 1, ty).pass)
                --first;
        std::array<BitTile*, kMostTiles> bits{};
        for (int x = first; x < end; ++x)
            bits[static_cast<std::size_t>(x - first)] = arena_.take();
        test_(intersect(Rect{first * kSide, ty * kSide, (end - first) * kSide, kSide},
                        Rect::of(size_)),
              bits.data());
        for (int x = first; x < end; ++x) {
            Tile& tile = at(x, ty);
            BitTile* const own = bits[static_cast<std::size_t>(x - first)];
            if (all_rows(*own, 0)) {
                arena_.give_back(own);
                tile.pass = tile.open = kNone;
            } else if (all_rows(*own, kAllBits)) {
                arena_.give_back(own);
                tile.pass = &all_bits();
                tile.open = const_cast<BitTile*>(&all_bits());
            } else {
                tile.pass = own;
                tile.open = arena_.take();
                *tile.open = *own;
            }
        }
    }

    // What is reached in a row of a tile; nothing beyond the picture and in tiles not asked.
    Row reached(int tx, int ty, int y) {
        if (tx < 0 || ty < 0 || tx >= across_ || ty >= down_) return 0;
        const Tile& tile = at(tx, ty);
        if (!tile.pass) return 0;
        const auto i = static_cast<std::size_t>(y);
        return tile.pass->rows[i] & ~tile.open->rows[i];
    }

    // Adds the seeds that a column of neighbours gives: bit `from` of theirs to bit `to` of ours.
    void seeds_from_side(int tx, int ty, Row from, Row to, std::array<Row, kSide>& seeds) {
        if (tx < 0 || tx >= across_) return;
        const Tile& tile = at(tx, ty);
        if (!tile.pass || tile.open == tile.pass) return;
        for (std::size_t y = 0; y < kSide; ++y) {
            if (!(tile.pass->rows[y] & ~tile.open->rows[y] & from)) continue;
            seeds[y] |= to;
            if (!diagonal_) continue;
            if (y > 0) seeds[y - 1] |= to;
            if (y + 1 < kSide) seeds[y + 1] |= to;
        }
    }

    void visit(int tx, int ty) {
        Tile& tile = asked(tx, ty);
        tile.queued = false;
        if (tile.open == kNone) return;
        std::array<Row, kSide> seeds{};
        const auto beside = [&](Row row) { return diagonal_ ? row | row << 1 | row >> 1 : row; };
        seeds.front() = beside(reached(tx, ty - 1, kLast));
        seeds.back() |= beside(reached(tx, ty + 1, 0));
        seeds_from_side(tx - 1, ty, kTopBit, 1, seeds);
        seeds_from_side(tx + 1, ty, 1, kTopBit, seeds);
        if (diagonal_) {
            if (reached(tx - 1, ty - 1, kLast) & kTopBit) seeds.front() |= 1;
            if (reached(tx + 1, ty - 1, kLast) & 1) seeds.front() |= kTopBit;
            if (reached(tx - 1, ty + 1, 0) & kTopBit) seeds.back() |= 1;
            if (reached(tx + 1, ty + 1, 0) & 1) seeds.back() |= kTopBit;
        }
        spread(tx, ty, tile, seeds);
    }

    // Fills from the seeds, and makes the neighbours due whose side of the edge has changed.
    void spread(int tx, int ty, Tile& tile, std::array<Row, kSide>& seeds) {
        if (tile.open == &all_bits()) {
            Row any = 0;
            for (const Row row : seeds)
                any |= row;
            if (!any) return;
            tile.open = kNone;
            make_due(tx, ty, kAllBits, kAllBits, true, true);
            return;
        }
        auto& open = tile.open->rows;
        std::array<std::uint64_t, 2> active{}; // rows with seeds
        for (std::size_t y = 0; y < kSide; ++y) {
            seeds[y] &= open[y];
            if (seeds[y]) active[y / 64] |= std::uint64_t{1} << (y % 64);
        }
        Row sides = 0, top = 0, bottom = 0;
        const auto run_row = [&](std::size_t y) {
            const Row seed = seeds[y] & open[y];
            seeds[y] = 0;
            if (!seed) return;
            const Row run = fill_runs(open[y], seed);
            open[y] ^= run;
            sides |= run;
            if (y == 0) top |= run;
            if (y == kLast) bottom |= run;
            const Row wide = diagonal_ ? run | run << 1 | run >> 1 : run;
            const auto seed_row = [&](std::size_t v) {
                const Row next = wide & open[v];
                if (!next) return;
                seeds[v] |= next;
                active[v / 64] |= std::uint64_t{1} << (v % 64);
            };
            if (y > 0) seed_row(y - 1);
            if (y < kLast) seed_row(y + 1);
        };
        // Down and up in turn over the rows that have seeds.
        while (active[0] | active[1]) {
            for (const std::size_t half : {0, 1})
                for (std::uint64_t ahead = ~std::uint64_t{0};
                     const auto live = active[half] & ahead;) {
                    const int y = __builtin_ctzll(live);
                    ahead = ~std::uint64_t{1} << y;
                    active[half] &= ~(std::uint64_t{1} << y);
                    run_row(64 * half + static_cast<std::size_t>(y));
                }
            for (const std::size_t half : {1, 0})
                for (std::uint64_t ahead = ~std::uint64_t{0};
                     const auto live = active[half] & ahead;) {
                    const int y = 63 - __builtin_clzll(live);
                    ahead = (std::uint64_t{1} << y) - 1;
                    active[half] &= ~(std::uint64_t{1} << y);
                    run_row(64 * half + static_cast<std::size_t>(y));
                }
        }
        make_due(tx, ty, top, bottom, (sides & 1) != 0, (sides & kTopBit) != 0);
    }

    // The last one named is visited first: along a row of tiles, where memory lies together.
    void make_due(int tx, int ty, Row top, Row bottom, bool left, bool right) {
        if (diagonal_) {
            if (left && (top & 1)) due(tx - 1, ty - 1);
            if (right && (top & kTopBit)) due(tx + 1, ty - 1);
            if (left && (bottom & 1)) due(tx - 1, ty + 1);
            if (right && (bottom & kTopBit)) due(tx + 1, ty + 1);
        }
        if (top) due(tx, ty - 1);
        if (bottom) due(tx, ty + 1);
        if (left) due(tx - 1, ty);
        if (right) due(tx + 1, ty);
    }
    void due(int tx, int ty) {
        if (tx < 0 || ty < 0 || tx >= across_ || ty >= down_) return;
        Tile& tile = at(tx, ty);
        if (tile.queued || (tile.pass && tile.open == kNone)) return;
        tile.queued = true;
        due_.push_back({tx, ty});
    }

    Size size_;
    bool diagonal_;
    const TileTest& test_;
    int across_, down_;
    std::vector<Tile> tiles_;
    Arena arena_;
    std::vector<Point> due_;
};

tl::unexpected<Error> stopped() {
    return fail(ErrorCode::cancelled, "The selection was cancelled.");
}

} // namespace

Result<mask::Mask> flood(Size size, Point seed, bool diagonal, const TileTest& test,
                         std::stop_token stop) {
    Flood flood(size, diagonal, test);
    if (stop.stop_requested() || !flood.run(seed, stop)) return stopped();
    return flood.answer();
}

Result<mask::Mask> everywhere(Size size, const TileTest& test, std::stop_token stop) {
    mask::Mask mask(size);
    std::vector<mask::TileRef> tiles(static_cast<std::size_t>(mask.tiles_x()) *
                                     static_cast<std::size_t>(mask.tiles_y()));
    std::atomic<bool> gave_up = false;
    const int across = mask.tiles_x(), groups = (across + kMostTiles - 1) / kMostTiles;
    parallel_for(groups * mask.tiles_y(), 4, [&](int begin, int end) {
        std::array<BitTile, kMostTiles> bits;
        std::array<BitTile*, kMostTiles> at;
        for (std::size_t k = 0; k < at.size(); ++k)
            at[k] = &bits[k];
        if (stop.stop_requested()) gave_up = true;
        for (int i = begin; i < end && !gave_up; ++i) {
            const int ty = i / groups, tx = i % groups * kMostTiles;
            const int count = std::min(kMostTiles, across - tx);
            test(intersect(Rect{tx * kSide, ty * kSide, count * kSide, kSide}, mask.rect()),
                 at.data());
            for (int k = 0; k < count; ++k) {
                const BitTile& own = bits[static_cast<std::size_t>(k)];
                if (all_rows(own, 0)) continue;
                auto& tile = tiles[static_cast<std::size_t>(ty * across + tx + k)];
                if (all_rows(own, kAllBits)) {
                    tile = mask::full_tile();
                    continue;
                }
                auto made = mask::new_tile();
                expand(own.rows.data(), *made);
                tile = std::move(made);
            }
        }
    });
    if (gave_up) return stopped();
    for (std::size_t i = 0; i < tiles.size(); ++i)
        if (tiles[i])
            mask.set_tile(static_cast<int>(i) % mask.tiles_x(),
                          static_cast<int>(i) / mask.tiles_x(), std::move(tiles[i]));
    return mask;
}

} // namespace mw::select
