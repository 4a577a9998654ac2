// make_sample: renders the sample photograph and its mask.
//
//   make_sample OUT_DIR [--width N] [--samples N] [--threads N] [--without-toy]
//
// Writes still_life.png, still_life.mask.png and their 512-pixel versions into OUT_DIR. With
// --without-toy the pictures show what the table looked like before: the ideal edit.
#include <spng.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mask.h"
#include "render.h"

namespace mw::sample {
namespace {

bool write_png(const std::string& path, const Picture& p) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file) {
        std::fprintf(stderr, "make_sample: %s cannot be written\n", path.c_str());
        return false;
    }
    spng_ctx* png = spng_ctx_new(SPNG_CTX_ENCODER);
    spng_set_png_file(png, file);
    spng_set_option(png, SPNG_IMG_COMPRESSION_LEVEL, 9);
    spng_ihdr header{};
    header.width = static_cast<uint32_t>(p.width);
    header.height = static_cast<uint32_t>(p.height);
    header.bit_depth = 8;
    header.color_type = p.channels == 3 ? SPNG_COLOR_TYPE_TRUECOLOR : SPNG_COLOR_TYPE_GRAYSCALE;
    spng_set_ihdr(png, &header);
    if (p.channels == 3) spng_set_srgb(png, 0);
    const int error =
        spng_encode_image(png, p.data.data(), p.data.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    spng_ctx_free(png);
    const bool closed = std::fclose(file) == 0;
    if (error || !closed)
        std::fprintf(stderr, "make_sample: %s: %s\n", path.c_str(), spng_strerror(error));
    return error == 0 && closed;
}

int run(int argc, char** argv) {
    std::string dir;
    RenderOptions options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        auto number = [&](int& value) {
            if (i + 1 < argc) value = std::atoi(argv[++i]);
        };
        if (arg == "--width") {
            number(options.width);
        } else if (arg == "--samples") {
            number(options.samples);
        } else if (arg == "--threads") {
            number(options.threads);
        } else if (arg == "--without-toy") {
            options.scene.toy = false;
        } else {
            dir = arg;
        }
    }
    if (dir.empty() || options.width < 64 || options.width > 8192 || options.samples < 1) {
        std::fprintf(stderr,
                     "usage: make_sample OUT_DIR [--width 64..8192] [--samples N] [--threads N] "
                     "[--without-toy]\n");
        return 2;
    }
    options.height = options.width * 3 / 4;
    const Picture photo = develop(render(options), options.width, options.height);
    const Picture mask = toy_mask(options.width, options.height, options.threads);
    const std::string base = dir + "/still_life";
    bool ok = write_png(base + ".png", photo) && write_png(base + ".mask.png", mask);
    if (options.width > 512) {
        ok = ok && write_png(base + "_small.png", shrink(photo, 512)) &&
             write_png(base + "_small.mask.png", shrink(mask, 512));
    }
    return ok ? 0 : 1;
}

} // namespace
} // namespace mw::sample

int main(int argc, char** argv) {
    return mw::sample::run(argc, argv);
}
