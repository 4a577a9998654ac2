#include "select/band_cut.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "select/min_cut.h"

namespace mw::select {
namespace {

std::size_t at(Size size, int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
           static_cast<std::size_t>(x);
}

// Which coarse cell each fine one lies in, along one side.
std::vector<int> parents(int fine, int coarse) {
    std::vector<int> map(static_cast<std::size_t>(fine));
    for (int i = 0; i < fine; ++i)
        map[static_cast<std::size_t>(i)] =
            static_cast<int>((2 * std::int64_t{i} + 1) * coarse / (2 * std::int64_t{fine}));
    return map;
}

// 1 where a neighbour (4-connected) has another label, and in the cells beside those.
std::vector<std::uint8_t> edge_cells(const Labels& labels) {
    const int w = labels.size.width, h = labels.size.height;
    std::vector<std::uint8_t> near(labels.cells.size(), 0);
    const auto mark = [&](int x, int y) {
        for (int v = std::max(0, y - 1); v <= std::min(h - 1, y + 1); ++v)
            for (int u = std::max(0, x - 1); u <= std::min(w - 1, x + 1); ++u)
                near[at(labels.size, u, v)] = 1;
    };
    for (int y = 0; y < h; ++y) {
        const std::uint8_t* row = labels.cells.data() + at(labels.size, 0, y);
        const std::uint8_t* next = y + 1 < h ? row + w : row;
        for (int x = 0; x < w; ++x) {
            if (x + 8 < w) { // most stretches have no edge
                std::uint64_t a, b, c;
                std::memcpy(&a, row + x, 8);
                std::memcpy(&b, row + x + 1, 8);
                std::memcpy(&c, next + x, 8);
                if (a == b && a == c) {
                    x += 7;
                    continue;
                }
            }
            if (x + 1 < w && row[x] != row[x + 1]) {
                mark(x, y);
                mark(x + 1, y);
            }
            if (row[x] != next[x]) {
                mark(x, y);
                mark(x, y + 1);
            }
        }
    }
    return near;
}

struct Band {
    std::vector<int> x;             // of each node, row after row
    std::vector<std::size_t> first; // node of each row, and the end
    std::vector<Color3> lab;
};

// Calls edge(node, other, slot, weight) for neighbours within the band, and rim(node, weight) for
// each neighbour without.
template <class Edge, class Rim>
void for_each_edge(const Band& band, Size size, Edge edge, Rim rim) {
    constexpr float kDiagonal = 0.70710678f;
    const int rows = size.height;
    const auto find = [&](int y, int x, std::size_t& from) -> std::ptrdiff_t {
        const std::size_t end = band.first[static_cast<std::size_t>(y) + 1];
        while (from < end && band.x[from] < x)
            ++from;
        return from < end && band.x[from] == x ? static_cast<std::ptrdiff_t>(from) : -1;
    };
    for (int y = 0; y < rows; ++y) {
        const auto r = static_cast<std::size_t>(y);
        std::size_t above = y > 0 ? band.first[r - 1] : 0, below = band.first[r + 1];
        for (std::size_t i = band.first[r]; i < band.first[r + 1]; ++i) {
            const int x = band.x[i];
            if (x + 1 < size.width) {
                if (i + 1 < band.first[r + 1] && band.x[i + 1] == x + 1)
                    edge(i, i + 1, 0, 1.0f);
                else
                    rim(i, 1.0f);
            }
            if (x > 0 && !(i > band.first[r] && band.x[i - 1] == x - 1)) rim(i, 1.0f);
            for (int dx = -1; dx <= 1; ++dx) {
                if (x + dx < 0 || x + dx >= size.width) continue;
                const float weight = dx ? kDiagonal : 1.0f;
                if (y + 1 < rows) {
                    const std::ptrdiff_t j = find(y + 1, x + dx, below);
                    if (j >= 0)
                        edge(i, static_cast<std::size_t>(j), dx == 0 ? 1 : dx > 0 ? 2 : 3, weight);
                    else
                        rim(i, weight);
                }
                if (y > 0 && find(y - 1, x + dx, above) < 0) rim(i, weight);
            }
            // The next node looks one column back.
            while (y + 1 < rows && below > band.first[r + 1] && band.x[below - 1] >= x)
                --below;
            while (y > 0 && above > band.first[r - 1] && band.x[above - 1] >= x)
                --above;
        }
    }
}

} // namespace

Labels cut_band(const Labels& coarse, const Cells& cells, const KnownAt& known,
                const ColorModels& models, const std::stop_token& stop) {
    const Size size = cells.size;
    const std::vector<int> px = parents(size.width, coarse.size.width),
                           py = parents(size.height, coarse.size.height);
    const std::vector<std::uint8_t> near = edge_cells(coarse);
    Labels fine{size, std::vector<std::uint8_t>(static_cast<std::size_t>(size.area()))};
    Band band;
    for (int y = 0; y < size.height; ++y) {
        band.first.push_back(band.x.size());
        std::uint8_t* to = fine.cells.data() + at(size, 0, y);
        const std::size_t row = at(coarse.size, 0, py[static_cast<std::size_t>(y)]);
        for (int x = 0; x < size.width; ++x) {
            const std::size_t from =
                row + static_cast<std::size_t>(px[static_cast<std::size_t>(x)]);
            to[x] = coarse.cells[from];
            if (near[from]) band.x.push_back(x);
        }
    }
    band.first.push_back(band.x.size());
    const std::size_t count = band.x.size();
    if (count == 0) return fine;

    MinCut cut(count);
    band.lab.resize(count);
    std::vector<CellCosts> costs(count);
    for (int y = 0; y < size.height; ++y) {
        if (stop.stop_requested()) return {};
        for (std::size_t i = band.first[static_cast<std::size_t>(y)];
             i < band.first[static_cast<std::size_t>(y) + 1]; ++i) {
            band.lab[i] = cells.lab(band.x[i], y);
            costs[i] = cell_costs(models, band.lab[i], known(band.x[i], y), 0);
        }
    }
    double total = 0, edges = 0;
    const auto difference = [&](std::size_t i, std::size_t j) {
        return squared_difference(band.lab[i], band.lab[j]);
    };
    for_each_edge(
        band, size,
        [&](std::size_t i, std::size_t j, int, float) {
            total += double(difference(i, j));
            edges += 1;
        },
        [](std::size_t, float) {});
    const auto beta = static_cast<float>(total > 0 ? edges / (2 * total) : 0);
    std::vector<int> row_of(count);
    for (int y = 0; y < size.height; ++y)
        std::fill(
            row_of.begin() + static_cast<std::ptrdiff_t>(band.first[static_cast<std::size_t>(y)]),
            row_of.begin() +
                static_cast<std::ptrdiff_t>(band.first[static_cast<std::size_t>(y) + 1]),
            y);
    for_each_edge(
        band, size,
        [&](std::size_t i, std::size_t j, int slot, float weight) {
            cut.set_edge(i, j, slot,
                         cut_units(kBorder * weight * std::exp(-beta * difference(i, j))));
        },
        [&](std::size_t i, float weight) {
            // Beyond the band the label stands, and it is as this cell's was.
            (fine.cells[at(size, band.x[i], row_of[i])] ? costs[i].as_background
                                                        : costs[i].as_object) += kBorder * weight;
        });
    for (std::size_t i = 0; i < count; ++i)
        cut.set_terminals(i, cut_units(costs[i].as_background), cut_units(costs[i].as_object));
    if (!cut.solve(stop)) return {};
    for (std::size_t i = 0; i < count; ++i)
        fine.cells[at(size, band.x[i], row_of[i])] = cut.is_object(i);
    return fine;
}

} // namespace mw::select
