#include "edit/islands.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <numeric>
#include <optional>

#include "base/parallel.h"

namespace mw::edit {
namespace {

using mask::kTileSide;

constexpr std::size_t kMostRuns = 2'000'000;
constexpr int kCoarseCell = 16;

// One bit for each byte of eight that is above 0; the first byte is bit 0.
std::uint64_t bits_of(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    if (word == 0) return 0;
    word |= word >> 4;
    word |= word >> 2;
    word |= word >> 1;
    // The lowest bits of the bytes, gathered into the top byte in order.
    return ((word & 0x0101010101010101u) * 0x0102040810204080u) >> 56;
}

// Whether a tile's row has a byte above 0: most rows of a tile with specks have none.
bool any(const std::uint8_t* row) {
    std::array<std::uint64_t, kTileSide / 8> words;
    std::memcpy(words.data(), row, kTileSide);
    std::uint64_t all = 0;
    for (const std::uint64_t word : words)
        all |= word;
    return all != 0;
}

// Appends cells [at, at + 64) of a row as runs; one that goes on from the last is joined to it.
void append_runs(std::vector<IslandRun>& runs, std::size_t row_begin, int y, int at,
                 std::uint64_t bits) {
    while (bits != 0) {
        const int from = std::countr_zero(bits);
        const int length = std::countr_one(bits >> from);
        const int left = at + from;
        if (runs.size() > row_begin && runs.back().right == left)
            runs.back().right += length;
        else
            runs.push_back({y, left, left + length, 0});
        bits = from + length < 64 ? bits >> (from + length) << (from + length) : 0;
    }
}

// The cells of tile row `ty`, as rows of bits for each tile; a tile has kTileSide / cell of them
// each way.
template <class Emit>
void scan_tile_row(const mask::Mask& mask, int ty, int cell, Emit emit) {
    const int rows = (mask.tile_rect(0, ty).height + cell - 1) / cell;
    for (int row = 0; row < rows; ++row) {
        for (int tx = 0; tx < mask.tiles_x(); ++tx) {
            const mask::TileRef& tile = mask.tile(tx, ty);
            if (!tile) continue;
            std::uint64_t bits[2] = {~0ull, ~0ull};
            if (tile != mask::full_tile()) {
                bits[0] = bits[1] = 0;
                const int last = std::min((row + 1) * cell, kTileSide);
                for (int y = row * cell; y < last; ++y) {
                    const std::uint8_t* p = tile->coverage.data() + std::ptrdiff_t{y} * kTileSide;
                    if (!any(p)) continue;
                    for (int i = 0; i < 16; ++i)
                        bits[i / 8] |= bits_of(p + 8 * i) << (i % 8 * 8);
                }
                if ((bits[0] | bits[1]) == 0) continue;
            }
            emit(row, tx, bits);
        }
    }
}

// Sixteen bits a cell to one.
std::uint64_t coarse(const std::uint64_t* bits) {
    std::uint64_t cells = 0;
    for (int i = 0; i < kTileSide / kCoarseCell; ++i)
        if (bits[i / 4] >> (i % 4 * 16) & 0xffff) cells |= 1ull << i;
    return cells;
}

// The runs of the whole mask; empty when there are more than `most`.
std::optional<std::vector<IslandRun>> find_runs(const mask::Mask& mask, int cell,
                                                std::size_t most) {
    const int side = kTileSide / cell; // cells of a tile
    std::vector<std::vector<IslandRun>> bands(static_cast<std::size_t>(mask.tiles_y()));
    std::atomic<std::size_t> count{0};
    parallel_for(mask.tiles_y(), 1, [&](int begin, int end) {
        for (int ty = begin; ty < end; ++ty) {
            if (count > most) return;
            auto& band = bands[static_cast<std::size_t>(ty)];
            std::size_t row_begin = 0;
            int current = -1;
            scan_tile_row(mask, ty, cell, [&](int row, int tx, const std::uint64_t* bits) {
                if (row != current) row_begin = band.size(), current = row;
                const int y = ty * side + row;
                if (cell == 1) {
                    append_runs(band, row_begin, y, tx * side, bits[0]);
                    append_runs(band, row_begin, y, tx * side + 64, bits[1]);
                } else {
                    append_runs(band, row_begin, y, tx * side, coarse(bits));
                }
            });
            count += band.size();
        }
    });
    if (count > most) return std::nullopt;
    std::vector<IslandRun> runs;
    runs.reserve(count);
    for (const auto& band : bands)
        runs.insert(runs.end(), band.begin(), band.end());
    return runs;
}

// Union-find by the lowest index, so that a root is its set's first run.
class Sets {
  public:
    explicit Sets(std::size_t size) : parent_(size) {
        std::iota(parent_.begin(), parent_.end(), 0u);
    }
    std::uint32_t root(std::uint32_t i) {
        while (parent_[i] != i)
            i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void unite(std::uint32_t a, std::uint32_t b) {
        a = root(a), b = root(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

  private:
    std::vector<std::uint32_t> parent_;
};

// Runs of neighbouring rows that overlap or touch by a corner are one island.
void number_islands(IslandMap& islands) {
    auto& runs = islands.runs;
    Sets sets(runs.size());
    std::size_t above = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const IslandRun& run = runs[i];
        while (above < i && (runs[above].y < run.y - 1 ||
                             (runs[above].y == run.y - 1 && runs[above].right < run.left)))
            ++above;
        for (std::size_t k = above; k < i && runs[k].y == run.y - 1 && runs[k].left <= run.right;
             ++k)
            sets.unite(static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(i));
    }
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::uint32_t root = sets.root(static_cast<std::uint32_t>(i));
        runs[i].island = root == i ? count++ : runs[root].island;
    }
    islands.bounds.resize(count);
}

// What a run of cells covers, in pixels of the mask.
Rect pixels_of(const IslandRun& run, int cell, Size size) {
    return intersect(
        Rect::from_edges(run.left * cell, run.y * cell, run.right * cell, (run.y + 1) * cell),
        Rect::of(size));
}

// The covered part of `window`; that of a run of cells is smaller than the cells.
Rect covered_part(const mask::Mask& mask, const Rect& window) {
    const image::Image coverage = mask.read(window);
    Rect found;
    for (int y = 0; y < window.height; ++y) {
        const auto* row = coverage.view().row<std::uint8_t>(y);
        int left = 0, right = window.width;
        while (left < right && !row[left])
            ++left;
        while (right > left && !row[right - 1])
            --right;
        if (left < right) found = unite(found, {window.x + left, window.y + y, right - left, 1});
    }
    return found;
}

// Copies what the runs [first, last), all in the rows of one tile row, cover of their groups.
void cut_tile_row(const mask::Mask& mask, const IslandMap& islands, int ty, std::size_t first,
                  std::size_t last, const std::vector<int>& group_of,
                  std::vector<mask::Mask>& parts) {
    // Which groups have something in each tile: none, one (its number) or several.
    constexpr int kNone = -1, kSeveral = -2;
    std::vector<int> owner(static_cast<std::size_t>(mask.tiles_x()), kNone);
    const auto tiles_of = [&](const IslandRun& run) {
        const Rect r = pixels_of(run, islands.cell, mask.size());
        return std::pair{r.x / kTileSide, (r.right() - 1) / kTileSide};
    };
    for (std::size_t i = first; i < last; ++i) {
        const int group = group_of[islands.runs[i].island];
        const auto [from, to] = tiles_of(islands.runs[i]);
        for (int tx = from; tx <= to; ++tx) {
            int& o = owner[static_cast<std::size_t>(tx)];
            o = o == kNone || o == group ? group : kSeveral;
        }
    }
    for (int tx = 0; tx < mask.tiles_x(); ++tx)
        if (const int o = owner[static_cast<std::size_t>(tx)]; o >= 0)
            parts[static_cast<std::size_t>(o)].set_tile(tx, ty, mask.tile(tx, ty));
    for (std::size_t i = first; i < last; ++i) {
        const IslandRun& run = islands.runs[i];
        const Rect r = pixels_of(run, islands.cell, mask.size());
        const auto [from, to] = tiles_of(run);
        for (int tx = from; tx <= to; ++tx) {
            if (owner[static_cast<std::size_t>(tx)] != kSeveral) continue;
            const Rect in = intersect(r, mask.tile_rect(tx, ty));
            auto& tile =
                parts[static_cast<std::size_t>(group_of[run.island])].writable_tile(tx, ty);
            for (int y = in.y; y < in.bottom(); ++y) {
                const std::ptrdiff_t at =
                    std::ptrdiff_t{y - ty * kTileSide} * kTileSide + in.x - tx * kTileSide;
                std::memcpy(tile.coverage.data() + at, mask.tile(tx, ty)->coverage.data() + at,
                            static_cast<std::size_t>(in.width));
            }
        }
    }
}

} // namespace

IslandMap find_islands(const mask::Mask& mask) {
    IslandMap islands;
    auto runs = find_runs(mask, 1, kMostRuns);
    if (!runs) {
        islands.cell = kCoarseCell;
        runs = find_runs(mask, kCoarseCell, ~std::size_t{0});
    }
    islands.runs = std::move(*runs);
    number_islands(islands);
    for (const IslandRun& run : islands.runs) {
        Rect& bounds = islands.bounds[run.island];
        const Rect r = pixels_of(run, islands.cell, mask.size());
        if (!bounds.contains(r))
            bounds = unite(bounds, islands.cell == 1 ? r : covered_part(mask, r));
    }
    return islands;
}

std::vector<mask::Mask> cut_islands(const mask::Mask& mask, const IslandMap& islands,
                                    const std::vector<int>& group_of, int groups) {
    std::vector<mask::Mask> parts(static_cast<std::size_t>(groups), mask::Mask(mask.size()));
    const int side = kTileSide / islands.cell;
    std::size_t first = 0;
    for (int ty = 0; ty < mask.tiles_y(); ++ty) {
        std::size_t last = first;
        while (last < islands.runs.size() && islands.runs[last].y < (ty + 1) * side)
            ++last;
        cut_tile_row(mask, islands, ty, first, last, group_of, parts);
        first = last;
    }
    return parts;
}

} // namespace mw::edit
