#include "mask/undo.h"

#include <cassert>

namespace mw::mask {

MaskPatch::MaskPatch(const Mask& before, const Mask& after) {
    assert(before.size() == after.size());
    for (int ty = 0; ty < before.tiles_y(); ++ty)
        for (int tx = 0; tx < before.tiles_x(); ++tx) {
            const TileRef &a = before.tile(tx, ty), &b = after.tile(tx, ty);
            // A tile that was copied and not changed is no difference and must not cost budget.
            if (a == b || (a && b && a->coverage == b->coverage)) continue;
            entries_.push_back({tx, ty, a});
        }
    entries_.shrink_to_fit();
}

Rect MaskPatch::swap(Mask& mask) {
    Rect changed;
    for (Entry& e : entries_) {
        TileRef held = mask.tile(e.tx, e.ty);
        mask.set_tile(e.tx, e.ty, std::move(e.tile));
        e.tile = std::move(held);
        changed = unite(changed, mask.tile_rect(e.tx, e.ty));
    }
    return changed;
}

std::size_t MaskPatch::bytes() const {
    std::size_t bytes = entries_.capacity() * sizeof(Entry);
    for (const Entry& e : entries_)
        if (e.tile && e.tile != full_tile()) bytes += sizeof(MaskTile);
    return bytes;
}

} // namespace mw::mask
