#include "mask/refine.h"

#include "peers.h"
#include "rows.h"
#include "scenes.h"
#include "table.h"

namespace mw::bench {
namespace {

std::function<void()> when(bool there, std::function<void()> f) {
    return there ? std::move(f) : nullptr;
}

void rows_of(const mask::Mask& mask, const std::string& scene, bool with_peers) {
    const image::Image pixels = mask.read(mask.rect());
    image::Image bytes(mask.size(), image::kGray8), floats(mask.size(), image::kGrayF);
    const double amount = double(mask.size().area()) / 1e6;
    const bool peers = with_peers && OpenCv::available();
    const int rounds = mask.size().width > 8000 ? 2 : 4;
    run({"distance, " + scene, amount, "MPix",
         [&] { mask::inside_distance(mask, mask.rect(), 1e9); }, "OpenCV precise",
         when(peers, [&] { OpenCv::distance(pixels.view(), floats); }), 2, rounds});
    run({"grow 50 px, " + scene, amount, "MPix", [&] { mask::grow(mask, 50); },
         "OpenCV distance + threshold",
         when(peers, [&] { OpenCv::grow_by_distance(pixels.view(), 50, bytes); }), 7, rounds});
    for (const double sigma : {16.0, 49.0}) {
        const std::string name = "feather, sigma " + std::to_string(int(sigma)) + ", " + scene;
        if (mask.size().width <= 8000)
            run({name, amount, "MPix", [&] { mask::feather(mask, 2 * sigma); }, "OpenCV Gaussian",
                 when(peers, [&] { OpenCv::gaussian(pixels.view(), sigma, bytes); }),
                 sigma < 20 ? 4.0 : 20.0, rounds});
        run({name, amount, "MPix", [&] { mask::feather(mask, 2 * sigma); }, "OpenCV blur × 3",
             when(peers, [&] { OpenCv::blur_three_times(pixels.view(), sigma, bytes); }), 1.5,
             rounds});
    }
}

} // namespace

void refine_rows() {
    rows_of(crowded({4096, 4096}), "crowded 4096²", true);
    rows_of(painted({4096, 4096}), "painted 4096²", true);
    rows_of(painted({16384, 16384}), "painted 16384²", true);
}

} // namespace mw::bench
