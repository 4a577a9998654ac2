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
    const auto ours = codec::encode_mask_png(pixels.view()).size();
    for (const bool filtered : {true, false}) {
        std::size_t theirs = 0;
        const std::function<void()> peer = [&] {
            theirs = libpng_rle(pixels.view(), filtered).size();
        };
        const std::string against = filtered ? "libpng 1 + RLE" : "libpng 1 + RLE without filters";
        run({name, double(mask.size().area()) / 1e6, "MPix",
             [&] { codec::encode_mask_png(pixels.view()); }, against,
             libpng_available() ? peer : nullptr, filtered ? 10.0 : 0.0, 5});
        if (theirs)
            print_figure(name + ", size",
                         fmt::format("{} KiB for {} KiB of {} ({:.2f} ×)", ours / 1024,
                                     theirs / 1024, against, double(ours) / double(theirs)),
                         "≤ 2.5 ×");
    }
}

} // namespace

void png_rows() {
    row_of(painted({4096, 4096}), "painted 4096²");
    row_of(crowded({4096, 4096}), "crowded 4096²");
    row_of(mask::feather(painted({4096, 4096}), 60), "feathered 4096²");
}

} // namespace mw::bench
