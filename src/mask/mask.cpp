#include "mask/mask.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

constexpr std::size_t kTileBytes = sizeof(MaskTile::coverage);

// All bytes equal: the first equals `value` and each equals its neighbour.
bool all_equal(const MaskTile& tile, std::uint8_t value) {
    const std::uint8_t* p = tile.coverage.data();
    // The corners and the middle first: most tiles of a stroke are told apart there.
    if (p[0] != value || p[kTileBytes - 1] != value || p[kTileBytes / 2 + kTileSide / 2] != value)
        return false;
    return std::memcmp(p, p + 1, kTileBytes - 1) == 0;
}

const std::uint8_t* row_of(const MaskTile& tile, int y) {
    return tile.coverage.data() + std::ptrdiff_t{y} * kTileSide;
}
std::uint8_t* row_of(MaskTile& tile, int y) {
    return tile.coverage.data() + std::ptrdiff_t{y} * kTileSide;
}

// True when no other mask can reach the tile. The copy makes an acquire-release step on the
// count, so what a former sharer read happened before what we write.
bool sole_owner(const TileRef& tile) {
    const TileRef probe = tile;
    return probe.use_count() == 2;
}

// The sums stay in 32 bits: 128 * 128 * 255 < 2^32.
std::uint32_t tile_sum(const MaskTile& tile) {
    std::uint32_t sum = 0;
    for (const std::uint8_t v : tile.coverage)
        sum += v;
    return sum;
}
std::uint32_t tile_support(const MaskTile& tile) {
    std::uint32_t count = 0;
    for (const std::uint8_t v : tile.coverage)
        count += v != 0;
    return count;
}

// The smallest rectangle above 0, in tile coordinates.
Rect tile_bounds(const MaskTile& tile) {
    std::array<std::uint8_t, kTileSide> columns{};
    int top = -1, bottom = -1;
    for (int y = 0; y < kTileSide; ++y) {
        const std::uint8_t* row = row_of(tile, y);
        std::uint8_t any = 0;
        for (int x = 0; x < kTileSide; ++x) {
            any |= row[x];
            columns[static_cast<std::size_t>(x)] |= row[x];
        }
        if (any) {
            if (top < 0) top = y;
            bottom = y + 1;
        }
    }
    if (top < 0) return {};
    int left = 0, right = kTileSide;
    while (!columns[static_cast<std::size_t>(left)])
        ++left;
    while (!columns[static_cast<std::size_t>(right - 1)])
        --right;
    return Rect::from_edges(left, top, right, bottom);
}

int tiles_for(int side) {
    return (side + kTileSide - 1) / kTileSide;
}

struct TileSpan {
    int x0, y0, x1, y1; // half open, in tiles
};
TileSpan tiles_under(const Rect& r) {
    return {r.x / kTileSide, r.y / kTileSide, (r.right() - 1) / kTileSide + 1,
            (r.bottom() - 1) / kTileSide + 1};
}

} // namespace

const TileRef& full_tile() {
    static const TileRef full = [] {
        auto tile = new_tile();
        tile->coverage.fill(255);
        return tile;
    }();
    return full;
}

Mask::Mask(Size size)
    : size_{std::max(size.width, 0), std::max(size.height, 0)},
      tiles_x_(size.empty() ? 0 : tiles_for(size.width)),
      tiles_y_(size.empty() ? 0 : tiles_for(size.height)),
      tiles_(static_cast<std::size_t>(tiles_x_) * static_cast<std::size_t>(tiles_y_)) {}

Mask Mask::full(Size size) {
    Mask mask(size);
    for (int ty = 0; ty < mask.tiles_y_; ++ty)
        for (int tx = 0; tx < mask.tiles_x_; ++tx) {
            const Rect r = mask.tile_rect(tx, ty);
            if (r.area() == kTileSide * kTileSide) {
                mask.tiles_[mask.index(tx, ty)] = full_tile();
                continue;
            }
            auto tile = new_tile();
            tile->coverage.fill(0);
            for (int y = 0; y < r.height; ++y)
                std::memset(row_of(*tile, y), 255, static_cast<std::size_t>(r.width));
            mask.tiles_[mask.index(tx, ty)] = std::move(tile);
        }
    return mask;
}

Rect Mask::tile_rect(int tx, int ty) const {
    const int x = tx * kTileSide, y = ty * kTileSide;
    return {x, y, std::min(kTileSide, size_.width - x), std::min(kTileSide, size_.height - y)};
}

void Mask::set_tile(int tx, int ty, TileRef tile) {
    tiles_[index(tx, ty)] = std::move(tile);
    normalize_tile(tx, ty);
}

MaskTile& Mask::writable_tile(int tx, int ty) {
    TileRef& ref = tiles_[index(tx, ty)];
    if (!ref) {
        auto fresh = new_tile();
        fresh->coverage.fill(0);
        ref = std::move(fresh);
    } else if (ref == full_tile() || !sole_owner(ref)) {
        auto copy = new_tile();
        copy->coverage = ref->coverage;
        ref = std::move(copy);
    }
    // Every tile was made as a MaskTile that is not const; const is for those who share it.
    return const_cast<MaskTile&>(*ref);
}

void Mask::normalize_tile(int tx, int ty) {
    TileRef& ref = tiles_[index(tx, ty)];
    if (!ref || ref == full_tile()) return;
    if (all_equal(*ref, 0))
        ref = nullptr;
    else if (all_equal(*ref, 255))
        ref = full_tile();
}

std::uint8_t Mask::at(int x, int y) const {
    if (!rect().contains(Point{x, y})) return 0;
    const TileRef& t = tile(x / kTileSide, y / kTileSide);
    return t ? row_of(*t, y % kTileSide)[x % kTileSide] : std::uint8_t{0};
}

bool Mask::empty() const {
    return std::all_of(tiles_.begin(), tiles_.end(), [](const TileRef& t) { return !t; });
}

Rect Mask::bounds() const {
    Rect found;
    for (int ty = 0; ty < tiles_y_; ++ty)
        for (int tx = 0; tx < tiles_x_; ++tx) {
            const TileRef& t = tile(tx, ty);
            if (!t || found.contains(tile_rect(tx, ty))) continue;
            const Rect r = t == full_tile() ? Rect{0, 0, kTileSide, kTileSide} : tile_bounds(*t);
            found = unite(found, r.translated(tx * kTileSide, ty * kTileSide));
        }
    return found;
}

std::int64_t Mask::support_area() const {
    std::int64_t count = 0;
    for (const TileRef& t : tiles_)
        if (t) count += t == full_tile() ? kTileSide * kTileSide : tile_support(*t);
    return count;
}

double Mask::coverage_area() const {
    std::int64_t sum = 0;
    for (const TileRef& t : tiles_)
        if (t) sum += t == full_tile() ? 255 * kTileSide * kTileSide : tile_sum(*t);
    return static_cast<double>(sum) / 255.0;
}

image::Image Mask::read(const Rect& window) const {
    image::Image out(window.empty() ? Size{} : window.size(), image::kGray8);
    const Rect part = intersect(window, rect());
    if (part.empty()) return out;
    const TileSpan span = tiles_under(part);
    for (int ty = span.y0; ty < span.y1; ++ty)
        for (int tx = span.x0; tx < span.x1; ++tx) {
            const TileRef& t = tile(tx, ty);
            if (!t) continue;
            const Rect r = intersect(tile_rect(tx, ty), part);
            for (int y = r.y; y < r.bottom(); ++y)
                std::memcpy(out.span().pixel<std::uint8_t>(r.x - window.x, y - window.y),
                            row_of(*t, y - ty * kTileSide) + (r.x - tx * kTileSide),
                            static_cast<std::size_t>(r.width));
        }
    return out;
}

void Mask::write(const Rect& window, image::ImageView coverage) {
    assert(coverage.format == image::kGray8 && coverage.size == window.size());
    const Rect part = intersect(window, rect());
    if (part.empty()) return;
    const TileSpan span = tiles_under(part);
    for (int ty = span.y0; ty < span.y1; ++ty)
        for (int tx = span.x0; tx < span.x1; ++tx) {
            const Rect r = intersect(tile_rect(tx, ty), part);
            MaskTile& t = writable_tile(tx, ty);
            for (int y = r.y; y < r.bottom(); ++y)
                std::memcpy(row_of(t, y - ty * kTileSide) + (r.x - tx * kTileSide),
                            coverage.pixel<std::uint8_t>(r.x - window.x, y - window.y),
                            static_cast<std::size_t>(r.width));
            normalize_tile(tx, ty);
        }
}

bool Mask::operator==(const Mask& other) const {
    if (size_ != other.size_) return false;
    // Tiles are normalised, so an empty one equals nothing else.
    return std::equal(tiles_.begin(), tiles_.end(), other.tiles_.begin(),
                      [](const TileRef& a, const TileRef& b) {
                          return a == b || (a && b && a->coverage == b->coverage);
                      });
}

std::size_t Mask::tile_bytes(const Mask* than) const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        if (!tiles_[i] || tiles_[i] == full_tile()) continue;
        if (than && i < than->tiles_.size() && than->tiles_[i] == tiles_[i]) continue;
        bytes += kTileBytes;
    }
    return bytes;
}

Rect changed_rect(const Mask& a, const Mask& b) {
    assert(a.size() == b.size());
    Rect changed;
    for (int ty = 0; ty < a.tiles_y(); ++ty)
        for (int tx = 0; tx < a.tiles_x(); ++tx)
            if (a.tile(tx, ty) != b.tile(tx, ty)) changed = unite(changed, a.tile_rect(tx, ty));
    return changed;
}

void combine(Mask& target, const Mask& shape, CombineMode mode) {
    assert(target.size() == shape.size());
    if (mode == CombineMode::replace) {
        target = shape;
        return;
    }
    for (int ty = 0; ty < target.tiles_y(); ++ty)
        for (int tx = 0; tx < target.tiles_x(); ++tx) {
            const TileRef t = target.tile(tx, ty), s = shape.tile(tx, ty);
            const bool s_full = s == full_tile(), t_full = t == full_tile();
            switch (mode) {
                case CombineMode::replace:
                    break;
                case CombineMode::add:
                    if (!s || t_full || s == t) continue;
                    if (!t || s_full) {
                        target.set_tile(tx, ty, s);
                        continue;
                    }
                    break;
                case CombineMode::subtract:
                    if (!s || !t) continue;
                    if (s_full) {
                        target.set_tile(tx, ty, nullptr);
                        continue;
                    }
                    break;
                case CombineMode::intersect:
                    if (!t || s_full || s == t) continue;
                    if (!s || t_full) {
                        target.set_tile(tx, ty, s);
                        continue;
                    }
                    break;
            }
            auto made = new_tile();
            const std::uint8_t *a = t->coverage.data(), *b = s->coverage.data();
            std::uint8_t* to = made->coverage.data();
            for (std::size_t i = 0; i < kTileBytes; ++i)
                switch (mode) {
                    case CombineMode::replace:
                    case CombineMode::add:
                        to[i] = std::max(a[i], b[i]);
                        break;
                    case CombineMode::subtract:
                        to[i] = std::min(a[i], static_cast<std::uint8_t>(255 - b[i]));
                        break;
                    case CombineMode::intersect:
                        to[i] = std::min(a[i], b[i]);
                        break;
                }
            // Nothing changed: keep the pointer, so that neither undo nor the canvas see a change.
            if (made->coverage != t->coverage) target.set_tile(tx, ty, std::move(made));
        }
}

} // namespace mw::mask
