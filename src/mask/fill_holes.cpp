// A flood from the picture's border that always goes on where the way so far was lowest: Vincent's
// reconstruction by a queue per level ("Morphological Grayscale Reconstruction in Image Analysis",
// IEEE Transactions on Image Processing 2, 1993; Barnes, Lehman & Mulla, "Priority-Flood", 2014).
// A pixel of full coverage is never passed, an empty tile is passed as one.
#include <array>
#include <vector>

#include "mask/cleanup.h"
#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

class Flood {
  public:
    explicit Flood(const Mask& mask)
        : mask_(mask),
          wide_(mask.tiles_x()),
          tiles_(static_cast<std::size_t>(wide_) * static_cast<std::size_t>(mask.tiles_y())) {
        for (Tile& t : tiles_)
            t.level = kNotReached;
    }

    Mask run() {
        const Size size = mask_.size();
        for (int x = 0; x < size.width; ++x) {
            reach(x, 0, 0);
            reach(x, size.height - 1, 0);
        }
        for (int y = 0; y < size.height; ++y) {
            reach(0, y, 0);
            reach(size.width - 1, y, 0);
        }
        for (int level = 0; level < 255; ++level)
            drain(level);
        return result();
    }

  private:
    static constexpr int kNotReached = 255;
    struct Pixel {
        int x, y;
    };
    struct Tile {
        int level;                        // of a tile passed as one
        std::shared_ptr<MaskTile> levels; // 255 where not reached
        const std::uint8_t* coverage = nullptr;
    };

    // From a pixel reached at `level`, or from outside, to (x, y).
    void reach(int x, int y, int level) {
        const int tx = x / kTileSide, ty = y / kTileSide;
        Tile& tile = tiles_[static_cast<std::size_t>(ty) * static_cast<std::size_t>(wide_) +
                            static_cast<std::size_t>(tx)];
        const TileRef& source = mask_.tile(tx, ty);
        if (!source) {
            if (tile.level != kNotReached) return;
            tile.level = level;
            queues_[static_cast<std::size_t>(level)].push_back({-1 - tx, ty});
            return;
        }
        if (source == full_tile()) return;
        if (!tile.levels) {
            tile.levels = new_tile();
            tile.levels->coverage.fill(255);
            tile.coverage = source->coverage.data();
        }
        const auto i = static_cast<std::size_t>((y % kTileSide) * kTileSide + x % kTileSide);
        const int met = std::max<int>(level, tile.coverage[i]);
        // The first to come is the lowest: queues are emptied in the order of levels.
        if (met == 255 || tile.levels->coverage[i] != 255) return;
        tile.levels->coverage[i] = static_cast<std::uint8_t>(met);
        queues_[static_cast<std::size_t>(met)].push_back({x, y});
    }

    void drain(int level) {
        auto& queue = queues_[static_cast<std::size_t>(level)];
        const Size size = mask_.size();
        while (!queue.empty()) {
            const Pixel p = queue.back();
            queue.pop_back();
            if (p.x < 0) {
                const Rect r = mask_.tile_rect(-1 - p.x, p.y);
                for (int x = r.x; x < r.right(); ++x) {
                    if (r.y > 0) reach(x, r.y - 1, level);
                    if (r.bottom() < size.height) reach(x, r.bottom(), level);
                }
                for (int y = r.y; y < r.bottom(); ++y) {
                    if (r.x > 0) reach(r.x - 1, y, level);
                    if (r.right() < size.width) reach(r.right(), y, level);
                }
                continue;
            }
            if (p.x > 0) reach(p.x - 1, p.y, level);
            if (p.x + 1 < size.width) reach(p.x + 1, p.y, level);
            if (p.y > 0) reach(p.x, p.y - 1, level);
            if (p.y + 1 < size.height) reach(p.x, p.y + 1, level);
        }
        queue.shrink_to_fit();
    }

    Mask result() const {
        Mask out(mask_.size());
        const Mask full = Mask::full(mask_.size());
        for (int ty = 0; ty < mask_.tiles_y(); ++ty)
            for (int tx = 0; tx < wide_; ++tx) {
                const Tile& tile =
                    tiles_[static_cast<std::size_t>(ty) * static_cast<std::size_t>(wide_) +
                           static_cast<std::size_t>(tx)];
                const TileRef& source = mask_.tile(tx, ty);
                const Rect r = mask_.tile_rect(tx, ty);
                if (source == full_tile() || (source && !tile.levels) ||
                    (!source && tile.level == kNotReached)) {
                    out.set_tile(tx, ty, full.tile(tx, ty));
                    continue;
                }
                if (!source && tile.level == 0) continue;
                auto made = tile.levels ? tile.levels : new_tile();
                if (!source) made->coverage.fill(static_cast<std::uint8_t>(tile.level));
                for (int y = 0; y < kTileSide; ++y) { // nothing beyond the edge
                    const int keep = y < r.height ? r.width : 0;
                    std::fill_n(made->coverage.begin() + y * kTileSide + keep, kTileSide - keep,
                                std::uint8_t{0});
                }
                // What is as it was keeps its tile.
                if (source && made->coverage == source->coverage)
                    out.set_tile(tx, ty, source);
                else
                    out.set_tile(tx, ty, std::move(made));
            }
        return out;
    }

    const Mask& mask_;
    int wide_;
    std::vector<Tile> tiles_;
    std::array<std::vector<Pixel>, 256> queues_;
};

} // namespace

Mask fill_holes(const Mask& mask) {
    if (mask.empty()) return mask;
    return Flood(mask).run();
}

} // namespace mw::mask
