#include <fmt/format.h>

#include "codec/encode_mask_png.h"
#include "mask/refine.h"
#include "peers.h"
#include "rows.h"
#include "scenes.h"
#include "table.h"

namespace mw::bench {
namespace {

void row_of(const mask::Mask& mask, const std::string& scene) {
    const std::string name = "mask to PNG, " + scene;
    if (!wanted(name)) return;
    const image::Image pixels = mask.read(mask.rect());
    std::size_t ours = 0, theirs = 0;
    const std::function<void()> peer = [&] { theirs = libpng_rle(pixels.view()).size(); };
    run({name, double(mask.size().area()) / 1e6, "MPix",
         [&] { ours = codec::encode_mask_png(pixels.view()).size(); }, "libpng 1 + RLE",
         libpng_available() ? peer : nullptr, 10, 5});
    print_figure(name + ", bytes",
                 fmt::format("{} for {} ({:.2f} ×)", ours, theirs,
                             theirs ? double(ours) / double(theirs) : 0.0),
                 "≤ 2.5 ×");
}

} // namespace

void png_rows() {
    row_of(painted({4096, 4096}), "painted 4096²");
    row_of(crowded({4096, 4096}), "crowded 4096²");
    row_of(mask::feather(painted({4096, 4096}), 60), "feathered 4096²");
}

} // namespace mw::bench
