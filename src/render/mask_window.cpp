#include "render/mask_window.h"

#include <algorithm>

namespace mw::render {
namespace {

using mask::kTileSide;
using mask::TileRef;

// The tile that every full tile is.
const TileRef& full_tile() {
    static const TileRef tile = mask::Mask::full({kTileSide, kTileSide}).tile(0, 0);
    return tile;
}

// The largest of each 2^level square, (kTileSide >> level)^2 texels into `out`.
void largest_of(const mask::MaskTile& tile, int level, std::uint8_t* out) {
    const int step = 1 << level, n = kTileSide >> level;
    std::array<std::uint8_t, kTileSide> column;
    for (int y = 0; y < n; ++y, out += kTileSide) {
        const std::uint8_t* rows = tile.coverage.data() + std::ptrdiff_t{y} * step * kTileSide;
        std::copy_n(rows, kTileSide, column.begin());
        for (int i = 1; i < step; ++i)
            for (std::size_t x = 0; x < kTileSide; ++x)
                column[x] = std::max(column[x], rows[static_cast<std::size_t>(i) * kTileSide + x]);
        for (int x = 0; x < n; ++x)
            out[x] = *std::max_element(column.begin() + x * step, column.begin() + (x + 1) * step);
    }
}

void fill_texels(std::uint8_t* out, int side, std::uint8_t value) {
    for (int y = 0; y < side; ++y, out += kTileSide)
        std::fill_n(out, side, value);
}

} // namespace

MaskWindow::Slot& MaskWindow::slot(int tx, int ty) {
    return slots_[static_cast<std::size_t>((ty % slots_y_) * slots_x_ + tx % slots_x_)];
}

const MaskWindow::Slot& MaskWindow::slot(int tx, int ty) const {
    return slots_[static_cast<std::size_t>((ty % slots_y_) * slots_x_ + tx % slots_x_)];
}

bool MaskWindow::holds(int tx, int ty) const {
    const Slot& s = slot(tx, ty);
    return s.tx == tx && s.ty == ty && s.level == level_;
}

bool MaskWindow::has_coverage(int tx, int ty) const {
    return holds(tx, ty) && !slot(tx, ty).zero;
}

Point MaskWindow::slot_texel(int tx, int ty) const {
    return {tx % slots_x_ * kTileSide, ty % slots_y_ * kTileSide};
}

bool MaskWindow::allocate(int slots_x, int slots_y) {
    const std::vector<std::uint8_t> zeros(static_cast<std::size_t>(slots_x) *
                                          static_cast<std::size_t>(slots_y) * kTileSide *
                                          kTileSide);
    slots_.clear();
    texture_ = {};
    slots_x_ = slots_x;
    slots_y_ = slots_y;
    texture_ = make_texture(GL_R8, GL_RED, texture_size(), zeros.data());
    if (!texture_) {
        slots_x_ = slots_y_ = 0;
        return false;
    }
    slots_.resize(static_cast<std::size_t>(slots_x) * static_cast<std::size_t>(slots_y));
    staging_.assign(std::size_t{kTileSide} * kTileSide, 0);
    return true;
}

void MaskWindow::upload(const Slot& s, const Rect& texels) {
    const Point at = slot_texel(s.tx, s.ty);
    glBindTexture(GL_TEXTURE_2D, texture_.get());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, kTileSide);
    glTexSubImage2D(GL_TEXTURE_2D, 0, at.x + texels.x, at.y + texels.y, texels.width, texels.height,
                    GL_RED, GL_UNSIGNED_BYTE, staging_.data() + texels.y * kTileSide + texels.x);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    uploaded_ += static_cast<std::size_t>(texels.area());
}

void MaskWindow::refresh(Slot& s, const mask::Mask& mask, int tx, int ty, int level,
                         FrameBudget& budget, std::vector<Rect>& changes) {
    const bool same_place = s.tx == tx && s.ty == ty && s.level == level;
    const int count = 1 << level, side = kTileSide >> level;
    const int x0 = tx << level, y0 = ty << level;
    const int nx = std::min(count, mask.tiles_x() - x0), ny = std::min(count, mask.tiles_y() - y0);
    const auto source = [&](int x, int y) -> const TileRef& { return mask.tile(x0 + x, y0 + y); };
    const auto held = [&](int x, int y) -> const mask::MaskTile* {
        return s.sources.empty() ? nullptr
                                 : s.sources[static_cast<std::size_t>(y * count + x)].get();
    };

    Rect changed; // in mask tiles of this level tile
    bool any = false;
    for (int y = 0; y < ny; ++y)
        for (int x = 0; x < nx; ++x) {
            any = any || source(x, y) != nullptr;
            if (same_place && source(x, y).get() != held(x, y))
                changed = unite(changed, {x, y, 1, 1});
        }
    const bool was_zero = s.zero;
    if (!same_place) changed = {0, 0, count, count};
    if (changed.empty()) return;

    s.tx = tx;
    s.ty = ty;
    s.level = level;
    s.zero = !any;
    if (!any) {
        s.sources = {};
        // What is drawn where nothing is covered waits for the tile as well.
        if (was_zero && !same_place)
            changes.push_back({tx * kTileSide, ty * kTileSide, kTileSide, kTileSide});
        if (was_zero) return;
        std::fill(staging_.begin(), staging_.end(), std::uint8_t{0});
        upload(s, {0, 0, kTileSide, kTileSide});
        changes.push_back({tx * kTileSide, ty * kTileSide, kTileSide, kTileSide});
        budget.spend(staging_.size());
        return;
    }
    s.sources.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(count));
    for (int y = changed.y; y < changed.bottom(); ++y)
        for (int x = changed.x; x < changed.right(); ++x) {
            std::uint8_t* out = staging_.data() + y * side * kTileSide + x * side;
            TileRef& keep = s.sources[static_cast<std::size_t>(y * count + x)];
            keep = x < nx && y < ny ? source(x, y) : nullptr;
            if (!keep || keep == full_tile()) {
                fill_texels(out, side, keep ? 255 : 0);
            } else {
                largest_of(*keep, level, out);
                budget.spend(sizeof(mask::MaskTile));
            }
        }
    const Rect texels{changed.x * side, changed.y * side, changed.width * side,
                      changed.height * side};
    upload(s, texels);
    changes.push_back(texels.translated(tx * kTileSide, ty * kTileSide));
    budget.spend(static_cast<std::size_t>(texels.area()));
}

bool MaskWindow::update(const mask::Mask& mask, int level, const Rect& tiles, FrameBudget& budget,
                        std::vector<Rect>& changed) {
    uploaded_ = 0;
    level_ = level;
    if (tiles.width > slots_x_ || tiles.height > slots_y_) {
        if (!allocate(std::max(tiles.width, slots_x_), std::max(tiles.height, slots_y_)))
            return false;
    }
    for (int ty = tiles.y; ty < tiles.bottom(); ++ty)
        for (int tx = tiles.x; tx < tiles.right(); ++tx) {
            if (budget.spent()) return false;
            refresh(slot(tx, ty), mask, tx, ty, level, budget, changed);
        }
    return true;
}

} // namespace mw::render
