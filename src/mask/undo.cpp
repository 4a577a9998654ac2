#include "mask/undo.h"

#include <cassert>

#include "mask/tile_pack.h"

namespace mw::mask {

MaskPatch::MaskPatch(const Mask& before, const Mask& after) {
    assert(before.size() == after.size());
    for (int ty = 0; ty < before.tiles_y(); ++ty)
        for (int tx = 0; tx < before.tiles_x(); ++tx) {
            const TileRef &a = before.tile(tx, ty), &b = after.tile(tx, ty);
            // A tile that was copied and not changed is no difference and must not cost budget.
            if (a == b || (a && b && a->coverage == b->coverage)) continue;
            entries_.push_back(entry(tx, ty, a));
        }
    entries_.shrink_to_fit();
}

MaskPatch::MaskPatch(std::vector<Tile> tiles) {
    for (Tile& t : tiles)
        entries_.push_back(entry(t.tx, t.ty, std::move(t.tile)));
}

std::vector<MaskPatch::Tile> MaskPatch::tiles() const {
    std::vector<Tile> out;
    for (const Entry& e : entries_)
        out.push_back({e.tx, e.ty, e.packed.empty() ? e.tile : unpacked(e.packed)});
    return out;
}

MaskPatch::Entry MaskPatch::entry(int tx, int ty, TileRef tile) {
    Entry made{tx, ty, std::move(tile), {}};
    if (!made.tile || made.tile == full_tile()) return made;
    made.packed = packed(*made.tile);
    if (made.packed.size() < sizeof(MaskTile) / 2)
        made.tile = nullptr;
    else
        made.packed = {};
    return made;
}

Rect MaskPatch::swap(Mask& mask) {
    Rect changed;
    for (Entry& e : entries_) {
        TileRef held = mask.tile(e.tx, e.ty);
        mask.set_tile(e.tx, e.ty, e.packed.empty() ? std::move(e.tile) : unpacked(e.packed));
        e = entry(e.tx, e.ty, std::move(held));
        changed = unite(changed, mask.tile_rect(e.tx, e.ty));
    }
    return changed;
}

std::size_t MaskPatch::bytes() const {
    std::size_t bytes = entries_.capacity() * sizeof(Entry);
    for (const Entry& e : entries_) {
        if (!e.tile)
            bytes += e.packed.capacity();
        else if (e.tile.use_count() == 1) // who shares it pays for it
            bytes += sizeof(MaskTile);
    }
    return bytes;
}

} // namespace mw::mask
