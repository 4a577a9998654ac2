// Resampling beside OpenCV, one thread: how near photographs that were halved come to what they
// were, and the time. An argument names a part of a row's name.
#include <fmt/format.h>

#include <cmath>

#include "base/parallel.h"
#include "codec/codec.h"
#include "compare/metrics.h"
#include "image/convert.h"
#include "image/resample.h"
#include "peers.h"
#include "table.h"

namespace {

using namespace mw;
using image::Filter;
using image::Image;
using image::ImageView;

constexpr const char* kPhotos[] = {
    "bench_dog_512.png",       "desk_laptop_1280.jpg",  "interior_living_room.png",
    "kitty_fur_1280.jpg",      "kodim23_parrots.png",   "motorcycle_1280.jpg",
    "portrait_curly_hair.png", "poster_text_made.png",  "product_red_pepper.png",
    "sign_colorado_9mp.jpg",   "street_coffee_van.png", "texture_fern_18mp.jpg"};

// The middle, at most 1024 x 1024 and a multiple of 4.
Image photo(const std::string& name) {
    auto picture = codec::decode_file(std::string(MW_SHARED_PHOTOS_DIR) + "/" + name);
    if (!picture) return {};
    const Image rgb = image::convert(picture->pixels.view(), image::kRgb8);
    const Size size{std::min(rgb.width(), 1024) / 4 * 4, std::min(rgb.height(), 1024) / 4 * 4};
    return image::clone(
        rgb.view().sub({(rgb.width() - size.width) / 2, (rgb.height() - size.height) / 2,
                        size.width, size.height}));
}

double psnr(ImageView a, ImageView b) {
    double sum = 0;
    for (int y = 0; y < a.size.height; ++y)
        for (int x = 0; x < a.size.width * 3; ++x) {
            const double d = double(a.row<std::uint8_t>(y)[x]) - b.row<std::uint8_t>(y)[x];
            sum += d * d;
        }
    return 10 * std::log10(255.0 * 255.0 * 3 * double(a.size.area()) / std::max(sum, 1e-9));
}

double flip(ImageView a, ImageView b) {
    const Image map = compare::flip_map(a, b, 67);
    double sum = 0;
    for (int y = 0; y < map.height(); ++y)
        for (int x = 0; x < map.width(); ++x)
            sum += map.view().row<float>(y)[x];
    return sum / double(map.size().area());
}

struct Way {
    const char* name;
    std::function<Image(ImageView, Size)> go;
};

void quality(int k) {
    const auto ours = [](Filter f) {
        return [f](ImageView v, Size s) { return image::resample(v, s, f); };
    };
    const auto peer = [](bench::CvFilter f) {
        return [f](ImageView v, Size s) { return bench::cv_resize(v, s, f); };
    };
    std::vector<Way> ways = {{"edge-directed", ours(Filter::edge_directed)},
                             {"Lanczos-3 limited", ours(Filter::lanczos_limited)},
                             {"Lanczos-3", ours(Filter::lanczos)}};
    if (bench::opencv_available()) {
        ways.push_back({"OpenCV LANCZOS4", peer(bench::CvFilter::lanczos4)});
        ways.push_back({"OpenCV CUBIC", peer(bench::CvFilter::cubic)});
    }
    fmt::print("\n{} times, after a box of {} x {}: PSNR dB / FLIP\n\n| photo |", k, k, k);
    for (const Way& w : ways)
        fmt::print(" {} |", w.name);
    fmt::print("\n|---|");
    for (std::size_t i = 0; i < ways.size(); ++i)
        fmt::print("---|");
    fmt::print("\n");
    std::vector<double> db(ways.size()), error(ways.size());
    int count = 0;
    for (const char* name : kPhotos) {
        const Image truth = photo(name);
        if (truth.empty()) continue;
        ++count;
        const Image small =
            image::resample(truth.view(), {truth.width() / k, truth.height() / k}, Filter::area);
        fmt::print("| {} |", name);
        for (std::size_t i = 0; i < ways.size(); ++i) {
            const Image large = ways[i].go(small.view(), truth.size());
            const double p = psnr(large.view(), truth.view()), f = flip(truth.view(), large.view());
            db[i] += p;
            error[i] += f;
            fmt::print(" {:.2f} / {:.4f} |", p, f);
        }
        fmt::print("\n");
    }
    if (count == 0) return;
    fmt::print("| mean |");
    for (std::size_t i = 0; i < ways.size(); ++i)
        fmt::print(" {:.2f} / {:.4f} |", db[i] / count, error[i] / count);
    fmt::print("\n");
}

void times() {
    Image noise({1024, 1024}, image::kRgb8);
    std::uint32_t n = 5;
    for (std::byte& b : noise.bytes())
        b = static_cast<std::byte>((n = n * 1664525u + 1013904223u) >> 24);
    const bool peers = bench::opencv_available();
    struct Row {
        const char* name;
        Size size;
        Filter ours;
        const char* peer_name;
        bench::CvFilter peer;
    };
    const Row rows[] = {
        {"1024² to 2048², Lanczos-3",
         {2048, 2048},
         Filter::lanczos,
         "LANCZOS4",
         bench::CvFilter::lanczos4},
        {"1024² to 2048², Lanczos-3 limited",
         {2048, 2048},
         Filter::lanczos_limited,
         "LANCZOS4",
         bench::CvFilter::lanczos4},
        {"1024² to 2048², edge-directed",
         {2048, 2048},
         Filter::edge_directed,
         "CUBIC",
         bench::CvFilter::cubic},
        {"1024² to 512², area", {512, 512}, Filter::area, "AREA", bench::CvFilter::area},
        {"1024² to 700², area", {700, 700}, Filter::area, "AREA", bench::CvFilter::area},
        {"1024² to 700², Lanczos-3 limited",
         {700, 700},
         Filter::lanczos_limited,
         "AREA",
         bench::CvFilter::area},
    };
    fmt::print("\nOutput, one thread\n\n");
    bench::print_heading();
    for (const Row& r : rows) {
        bench::Contest c;
        c.name = r.name;
        c.amount = double(r.size.area()) / 1e6;
        c.unit = "MPix";
        c.ours = [&] { (void)image::resample(noise.view(), r.size, r.ours); };
        if (peers) {
            c.peer_name = r.peer_name;
            c.peer = [&] { (void)bench::cv_resize(noise.view(), r.size, r.peer); };
        }
        bench::run(c);
    }
}

} // namespace

int main(int argc, char** argv) {
    if (const auto code = codec::run_as_decoder(argc, argv)) return *code;
    if (argc > 1) bench::set_filter(argv[1]);
    set_parallel_threads(1);
    bench::opencv_start();
    times();
    if (argc > 1) return 0;
    quality(2);
    quality(4);
}
