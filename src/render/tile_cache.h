// Texture memory: picture tiles by key, dropped least recently used first.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>

#include "render/gl_objects.h"
#include "render/levels.h"

namespace mw::render {

// Tile (x, y) of a level covers kTileTexels squared of its texels.
inline constexpr int kTileTexels = 256;

struct TileKey {
    std::uint32_t picture = 0; // a number given once to each picture
    std::uint8_t level = 0;
    std::uint16_t x = 0, y = 0;
    bool operator==(const TileKey&) const = default;
};

// RGBA8 of the tile's part of the level with one more texel on each side, so that filtering near an
// edge sees the neighbour's texels.
struct Tile {
    Texture texture;
    Size texture_size;
};

class TileCache {
  public:
    explicit TileCache(std::size_t budget) : budget_(budget) {}

    // What is found or added from here on is in use until the next call, and is not dropped.
    void begin_frame() { ++frame_; }
    // Null when it is not there. Valid until the next add.
    const Tile* find(const TileKey& key);
    // Drops what is not in use until so many bytes more fit. False when that cannot be.
    bool make_room(std::size_t bytes);
    // The tile is new. Null when there is no room beside what this frame uses, or none in the
    // driver.
    const Tile* add(const TileKey& key, Size texture_size, const Texel* texels);
    void drop_picture(std::uint32_t picture);

    // Memory used by others out of the same budget.
    void set_pinned(std::size_t bytes) { pinned_ = bytes; }
    // The driver is out of memory: half the budget, the rest dropped. False when it is at its
    // least.
    bool shrink();
    std::size_t bytes() const { return bytes_; }
    std::size_t budget() const { return budget_; }

  private:
    struct Entry {
        TileKey key;
        Tile tile;
        std::uint64_t used = 0;
    };
    struct Hash {
        std::size_t operator()(const TileKey& k) const {
            const std::uint64_t low = std::uint64_t{k.x} << 24 | std::uint64_t{k.y} << 8 | k.level;
            return static_cast<std::size_t>((low ^ std::uint64_t{k.picture} << 40) *
                                            0x9e3779b97f4a7c15u);
        }
    };
    void drop_last();

    std::list<Entry> entries_; // most recently used first
    std::unordered_map<TileKey, std::list<Entry>::iterator, Hash> index_;
    std::size_t bytes_ = 0, budget_ = 0, pinned_ = 0;
    std::uint64_t frame_ = 0;
};

} // namespace mw::render
