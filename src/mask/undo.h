// The difference between two masks as swapped tiles: applying it twice is the identity, so undo and
// redo are one.
#pragma once

#include <vector>

#include "mask/mask.h"

namespace mw::mask {

class MaskPatch {
  public:
    MaskPatch() = default;
    // What turns `after` into `before` (same size): their differing tiles.
    MaskPatch(const Mask& before, const Mask& after);

    // What a file keeps of it: a tile, nullptr for an empty one.
    struct Tile {
        int tx = 0, ty = 0;
        TileRef tile;
    };
    explicit MaskPatch(std::vector<Tile> tiles);
    std::vector<Tile> tiles() const;

    bool empty() const { return entries_.empty(); }
    // Exchanges the tiles of `mask` with those held; returns the pixels that may have changed.
    Rect swap(Mask& mask);
    // Bytes held that nobody else holds, for the undo budget: tiles wait packed, most in less than
    // a tenth.
    std::size_t bytes() const;

  private:
    struct Entry {
        int tx = 0, ty = 0;
        // Packed, or as it is: empty, full, or no smaller when packed.
        TileRef tile;
        std::vector<std::uint8_t> packed;
    };
    static Entry entry(int tx, int ty, TileRef tile);
    std::vector<Entry> entries_;
};

} // namespace mw::mask
