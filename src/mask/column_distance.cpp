#include "mask/column_distance.h"

#include <algorithm>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::mask {
namespace {

// One row: a site is at 0, another pixel one farther than the row before.
template <class T, Site kSite>
MW_INLINE void step(const std::uint8_t* row, T* d) {
    constexpr T none = std::numeric_limits<T>::max();
    for (int x = 0; x < kTileSide; ++x) {
        const bool site = kSite == Site::zero   ? row[x] == 0
                          : kSite == Site::full ? row[x] == 255
                                                : row[x] != 0;
        const T next = static_cast<T>(d[x] + (d[x] != none));
        d[x] = site ? T{0} : next;
    }
}

// The state d after the rows of a tile, from `rows` first to last in steps of `step_rows`.
template <class T, Site kSite>
MW_INLINE void pass(const std::uint8_t* rows, int count, std::ptrdiff_t step_rows, T* state) {
    T d[kTileSide];
    std::copy_n(state, kTileSide, d);
    for (int i = 0; i < count; ++i)
        step<T, kSite>(rows + i * step_rows, d);
    std::copy_n(d, kTileSide, state);
}

template <class T, Site kSite>
MW_INLINE void write(const std::uint8_t* rows, int count, const T* above, const T* below, T* to,
                     std::ptrdiff_t stride) {
    T d[kTileSide];
    std::copy_n(above, kTileSide, d);
    for (int y = 0; y < count; ++y) {
        step<T, kSite>(rows + y * kTileSide, d);
        std::copy_n(d, kTileSide, to + y * stride);
    }
    std::copy_n(below, kTileSide, d);
    for (int y = count - 1; y >= 0; --y) {
        step<T, kSite>(rows + y * kTileSide, d);
        T* out = to + y * stride;
        for (int x = 0; x < kTileSide; ++x)
            out[x] = std::min(out[x], d[x]);
    }
}

template <class T>
MW_INLINE void pass_any(Site site, const std::uint8_t* rows, int count, std::ptrdiff_t step_rows,
                        T* state) {
    if (site == Site::zero) pass<T, Site::zero>(rows, count, step_rows, state);
    if (site == Site::full) pass<T, Site::full>(rows, count, step_rows, state);
    if (site == Site::any) pass<T, Site::any>(rows, count, step_rows, state);
}
template <class T>
MW_INLINE void write_any(Site site, const std::uint8_t* rows, int count, const T* above,
                         const T* below, T* to, std::ptrdiff_t stride) {
    if (site == Site::zero) write<T, Site::zero>(rows, count, above, below, to, stride);
    if (site == Site::full) write<T, Site::full>(rows, count, above, below, to, stride);
    if (site == Site::any) write<T, Site::any>(rows, count, above, below, to, stride);
}

// Compiled for each instruction set.
#define MW_FOR(T)                                                                             \
    MW_CLONES void pass_rows(Site site, const std::uint8_t* rows, int count,                  \
                             std::ptrdiff_t step_rows, T* state) {                            \
        pass_any<T>(site, rows, count, step_rows, state);                                     \
    }                                                                                         \
    MW_CLONES void write_rows(Site site, const std::uint8_t* rows, int count, const T* above, \
                              const T* below, T* to, std::ptrdiff_t stride) {                 \
        write_any<T>(site, rows, count, above, below, to, stride);                            \
    }
MW_FOR(std::uint8_t)
MW_FOR(std::uint16_t)
MW_FOR(std::uint32_t)
#undef MW_FOR

// Whether all of a tile are sites, or none.
enum class Kind { none, all, mixed };
Kind kind_of(const TileRef& tile, Site site) {
    if (!tile) return site == Site::zero ? Kind::all : Kind::none;
    if (tile == full_tile()) return site == Site::zero ? Kind::none : Kind::all;
    return Kind::mixed;
}

const MaskTile kEmptyTile{};

template <class T>
void move_on(T* d, int rows) {
    const auto n = static_cast<T>(rows); // at most kTileSide
    for (int x = 0; x < kTileSide; ++x)
        d[x] = d[x] < static_cast<T>(std::numeric_limits<T>::max() - n)
                   ? static_cast<T>(d[x] + n)
                   : std::numeric_limits<T>::max();
}

} // namespace

template <class T>
ColumnDistances<T>::ColumnDistances(const Mask& mask, Site site, const Rect& tiles, bool border)
    : mask_(&mask), site_(site), tiles_(tiles) {
    const auto size = static_cast<std::size_t>(columns()) * static_cast<std::size_t>(tiles.height);
    above_.resize(size);
    below_.resize(size);
    parallel_for(tiles.width, 4, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            sweep_column(tiles.x + i, border);
    });
}

template <class T>
void ColumnDistances<T>::sweep_column(int tx, bool border) {
    const std::ptrdiff_t x = std::ptrdiff_t{tx - tiles_.x} * kTileSide;
    T state[kTileSide];
    const auto go = [&](int ty, bool down) {
        const TileRef& tile = mask_->tile(tx, ty);
        const int height = mask_->tile_rect(tx, ty).height;
        const Kind kind = kind_of(tile, site_);
        if (kind == Kind::all) {
            std::fill_n(state, kTileSide, T{0});
        } else if (kind == Kind::none) {
            move_on(state, height);
        } else {
            const std::uint8_t* rows = tile->coverage.data();
            if (down)
                pass_rows(site_, rows, height, kTileSide, state);
            else
                pass_rows(site_, rows + std::ptrdiff_t{height - 1} * kTileSide, height, -kTileSide,
                          state);
        }
    };
    std::fill_n(state, kTileSide, border && tiles_.y == 0 ? T{0} : kNone);
    for (int ty = tiles_.y; ty < tiles_.bottom(); ++ty) {
        std::copy_n(state, kTileSide, above(ty) + x);
        go(ty, true);
    }
    std::fill_n(state, kTileSide, border && tiles_.bottom() == mask_->tiles_y() ? T{0} : kNone);
    for (int ty = tiles_.bottom() - 1; ty >= tiles_.y; --ty) {
        std::copy_n(state, kTileSide, below(ty) + x);
        go(ty, false);
    }
}

template <class T>
void ColumnDistances<T>::read(int ty, int tx0, int tx1, T* to, std::ptrdiff_t stride) const {
    for (int tx = tx0; tx < tx1; ++tx, to += kTileSide) {
        const TileRef& tile = mask_->tile(tx, ty);
        const int height = mask_->tile_rect(tx, ty).height;
        const std::size_t x = static_cast<std::size_t>(tx - tiles_.x) * kTileSide;
        const T *a = above_.data() + row(ty) + x, *b = below_.data() + row(ty) + x;
        const Kind kind = kind_of(tile, site_);
        if (kind == Kind::all) {
            for (int y = 0; y < height; ++y)
                std::fill_n(to + y * stride, kTileSide, T{0});
            continue;
        }
        const MaskTile& rows = kind == Kind::mixed   ? *tile
                               : site_ == Site::zero ? *full_tile()
                                                     : kEmptyTile;
        write_rows(site_, rows.coverage.data(), height, a, b, to, stride);
    }
}

template class ColumnDistances<std::uint8_t>;
template class ColumnDistances<std::uint16_t>;
template class ColumnDistances<std::uint32_t>;

} // namespace mw::mask
