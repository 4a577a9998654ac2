#include <fmt/format.h>

#include <cmath>
#include <deque>

#include "mask/shapes.h"
#include "mask/undo.h"
#include "rows.h"
#include "scenes.h"
#include "table.h"

namespace mw::bench {
namespace {

void disc_row() {
    const std::string name = "memory of one 1000 px disc in 16384²";
    if (!wanted(name)) return;
    const Size size{16384, 16384};
    const mask::Mask disc = mask::ellipse(size, {7000, 7000, 1000, 1000});
    const double bytes =
        double(disc.tile_bytes()) + double(disc.tiles_x()) * disc.tiles_y() * sizeof(mask::TileRef);
    print_figure(name, fmt::format("{:.2f} MiB", bytes / 1048576), "< 8 MiB");
}

void undo_rows() {
    const std::string name = "undo of 10,000 strokes in 4096²";
    if (!wanted(name)) return;
    mask::Mask mask({4096, 4096});
    std::deque<mask::MaskPatch> undo;
    std::size_t bytes = 0, dropped = 0;
    const double seconds = best_of(1, [&] {
        for (int i = 0; i < 10000; ++i) {
            const double x = 100 + (i * 7919) % 3800, y = 100 + (i * 104729) % 3800;
            const mask::Brush brush{10.0 + i % 30, 0.8, 1, i % 3 == 2};
            std::vector<mask::StrokeSample> samples;
            for (int k = 0; k < 12; ++k)
                samples.push_back({x + 12 * k, y + 20 * std::sin(k * 0.5), 1, k / 120.0});
            mask::Mask after = mask::paint_stroke(mask, brush, samples);
            undo.emplace_back(mask, after);
            bytes += undo.back().bytes();
            while (bytes > 256u << 20) { // as the undo stack does
                bytes -= undo.front().bytes();
                undo.pop_front();
                ++dropped;
            }
            mask = std::move(after);
        }
    });
    print_figure(
        name,
        fmt::format("{:.0f} MiB, {} kept, {:.1f} s", double(bytes) / 1048576, undo.size(), seconds),
        "< 256 MiB");
}

// Undo of one stroke must not depend on the picture's size.
void swap_rows() {
    for (const int side : {1024, 4096, 16384}) {
        const std::string name = fmt::format("undo and redo of one stroke in {}²", side);
        if (!wanted(name)) continue;
        const mask::Mask before({side, side});
        mask::Mask after = mask::paint_stroke(before, {20, 1, 1, false}, {{100, 100}, {600, 400}});
        mask::MaskPatch patch(before, after);
        const double seconds = best_of(50, [&] {
            patch.swap(after);
            patch.swap(after);
        });
        print_figure(name, fmt::format("{:.1f} µs", seconds * 1e6), "the same in all");
    }
}

} // namespace

void memory_rows() {
    disc_row();
    undo_rows();
    swap_rows();
}

} // namespace mw::bench
