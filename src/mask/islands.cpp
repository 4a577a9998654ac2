// Connected components of runs: each row's runs join those they touch in the row above (Rosenfeld &
// Pfaltz, "Sequential Operations in Digital Picture Processing", JACM 13, 1966, on runs).
#include <cstring>
#include <vector>

#include "mask/cleanup.h"

namespace mw::mask {
namespace {

struct Run {
    int y, begin, end;
    std::uint32_t set;
};

struct Sets {
    std::vector<std::uint32_t> parent;
    std::vector<std::int64_t> area;

    std::uint32_t add(std::int64_t pixels) {
        parent.push_back(static_cast<std::uint32_t>(parent.size()));
        area.push_back(pixels);
        return parent.back();
    }
    std::uint32_t find(std::uint32_t i) {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = find(a);
        b = find(b);
        if (a == b) return;
        parent[b] = a;
        area[a] += area[b];
    }
};

// The runs above 0 of row y, after those already in `runs`.
void scan_row(const Mask& mask, int y, const Rect& bounds, std::vector<Run>& runs) {
    const std::size_t first = runs.size();
    const auto append = [&](int begin, int end) {
        if (runs.size() > first && runs.back().end == begin)
            runs.back().end = end;
        else
            runs.push_back({y, begin, end, 0});
    };
    for (int tx = bounds.x / kTileSide; tx <= (bounds.right() - 1) / kTileSide; ++tx) {
        const TileRef& t = mask.tile(tx, y / kTileSide);
        if (!t) continue;
        const int x0 = tx * kTileSide;
        if (t == full_tile()) {
            append(x0, x0 + kTileSide);
            continue;
        }
        const std::uint8_t* row = t->coverage.data() + std::ptrdiff_t{y % kTileSide} * kTileSide;
        for (int x = 0; x < kTileSide;) {
            if (x % 8 == 0) { // whole eights only: a row's end may be the tile's
                std::uint64_t eight = 0;
                std::memcpy(&eight, row + x, 8);
                if (eight == 0) {
                    x += 8;
                    continue;
                }
            }
            if (!row[x]) {
                ++x;
                continue;
            }
            const int begin = x;
            while (x < kTileSide && row[x])
                ++x;
            append(x0 + begin, x0 + x);
        }
    }
}

// Joins the runs [middle, end) of one row with those of the row above, [begin, middle).
void join_rows(std::vector<Run>& runs, Sets& sets, std::size_t begin, std::size_t middle) {
    std::size_t a = begin;
    for (std::size_t b = middle; b < runs.size(); ++b) {
        runs[b].set = sets.add(runs[b].end - runs[b].begin);
        // Corners touch.
        while (a < middle && runs[a].end < runs[b].begin)
            ++a;
        for (std::size_t k = a; k < middle && runs[k].begin <= runs[b].end; ++k)
            sets.join(runs[k].set, runs[b].set);
    }
}

} // namespace

Mask remove_islands(const Mask& mask, std::int64_t area_px) {
    const Rect bounds = mask.bounds();
    if (bounds.empty() || area_px <= 1) return mask;
    std::vector<Run> runs;
    Sets sets;
    std::size_t above = 0;
    for (int y = bounds.y; y < bounds.bottom(); ++y) {
        const std::size_t here = runs.size();
        scan_row(mask, y, bounds, runs);
        join_rows(runs, sets, above, here);
        above = here;
    }
    Mask out = mask;
    std::vector<Point> touched; // tiles
    for (const Run& run : runs) {
        if (sets.area[sets.find(run.set)] >= area_px) continue;
        const int ty = run.y / kTileSide;
        for (int x = run.begin; x < run.end;) {
            const int tx = x / kTileSide, n = std::min(run.end, (tx + 1) * kTileSide) - x;
            std::uint8_t* row = out.writable_tile(tx, ty).coverage.data() +
                                std::ptrdiff_t{run.y % kTileSide} * kTileSide;
            std::memset(row + x % kTileSide, 0, static_cast<std::size_t>(n));
            if (touched.empty() || touched.back() != Point{tx, ty}) touched.push_back({tx, ty});
            x += n;
        }
    }
    for (const Point& t : touched)
        out.normalize_tile(t.x, t.y);
    return out;
}

} // namespace mw::mask
