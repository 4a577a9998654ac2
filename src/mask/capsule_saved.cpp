// Dabs, and what is taken back.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "mask/capsule.h"
#include "mask/shapes.h"

namespace mw::mask {

void CapsulePainter::paint_dot(const Piece& piece, bool remember) {
    if (!(piece.ra > 0)) return;
    const double soft = (1 - brush_.hardness) * piece.ra;
    const double edge = 0.5 * (1 + brush_.hardness) * piece.ra; // the middle of the ramp
    if (soft > 1 || edge > 64) {
        whole(shape_of(piece), remember);
        return;
    }
    // A small hard dab: the exact area of its disc.
    const int left = static_cast<int>(std::floor(piece.a.x - edge)),
              top = static_cast<int>(std::floor(piece.a.y - edge));
    const int side = static_cast<int>(std::ceil(2 * edge)) + 2;
    const Mask disc = ellipse(
        {side, side}, {piece.a.x - edge - left, piece.a.y - edge - top, 2 * edge, 2 * edge});
    for (int y = std::max(0, top); y < std::min(mask_->size().height, top + side); ++y)
        for (int x = std::max(0, left); x < std::min(mask_->size().width, left + side); ++x) {
            const auto v = static_cast<std::uint8_t>(
                disc.at(x - left, y - top) * brush_.opacity * piece.opacity + 0.5);
            const std::size_t index = static_cast<std::size_t>(y / kTileSide) *
                                          static_cast<std::size_t>(mask_->tiles_x()) +
                                      static_cast<std::size_t>(x / kTileSide);
            std::uint8_t* rows = tile(index);
            if (v == 0 || rows == kLeave) continue;
            const int offset = y % kTileSide * kTileSide + x % kTileSide;
            if (remember) save(index, rows, offset, 1);
            if (const std::uint8_t* limit = limit_of(index))
                combine_limited(rows + offset, &v, limit + offset, 1, brush_.erase);
            else
                combine_value(rows + offset, v, 1, brush_.erase);
        }
}

void CapsulePainter::roll_back() {
    std::size_t end = saved_bytes_.size();
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    // Backwards: a pixel painted twice gets its first value back.
    for (auto s = saved_.rbegin(); s != saved_.rend(); ++s) {
        end -= s->length;
        std::uint8_t*& rows = tiles_[s->tile];
        if (s->length == 0) {
            mask_->set_tile(static_cast<int>(s->tile % wide), static_cast<int>(s->tile / wide),
                            std::move(saved_tiles_.back()));
            saved_tiles_.pop_back();
            if (rows) rows = nullptr;
            continue;
        }
        if (!rows || rows == kLeave) { // it may have become full or empty since
            if (!rows) touched_.push_back(s->tile);
            rows = mask_
                       ->writable_tile(static_cast<int>(s->tile % wide),
                                       static_cast<int>(s->tile / wide))
                       .coverage.data();
        }
        std::memcpy(rows + s->offset, saved_bytes_.data() + end, s->length);
    }
    saved_.clear();
    saved_bytes_.clear();
}

void CapsulePainter::finish() {
    const auto wide = static_cast<std::size_t>(mask_->tiles_x());
    for (const std::uint32_t t : touched_) {
        tiles_[t] = nullptr;
        mask_->normalize_tile(static_cast<int>(t % wide), static_cast<int>(t / wide));
    }
    touched_.clear();
}

} // namespace mw::mask
