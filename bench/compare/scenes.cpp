#include "scenes.h"

#include <cmath>
#include <cstdlib>
#include <random>

#include "codec/codec.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::bench {
namespace {

constexpr Size kSize{3840, 2160};

image::Image photo() {
    auto file = codec::decode_file(MW_SHARED_IMAGES_DIR "/photos/flower_dahlia_4k.jpg");
    image::Image out(kSize, image::kRgb8);
    if (file && file->pixels.width() >= kSize.width && file->pixels.height() >= kSize.height) {
        const image::Image rgb = image::convert(file->pixels.view(), image::kRgb8);
        image::copy_pixels(rgb.view().sub(Rect::of(kSize)), out.span());
        return out;
    }
    std::mt19937 random(1);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < 3; ++c)
                out.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(
                    128 + 90 * std::sin(x * 0.011 + c) * std::cos(y * 0.017) + random() % 16);
    return out;
}

void complete(Scene& scene) {
    scene.a_rgba = image::convert(scene.a.view(), image::kRgba8);
    scene.b_rgba = image::convert(scene.b.view(), image::kRgba8);
    scene.a_grey = image::convert(scene.a.view(), image::kGray8);
    scene.b_grey = image::convert(scene.b.view(), image::kGray8);
}

} // namespace

Scene jpeg_scene() {
    Scene scene{"JPEG 70", photo(), {}, {}, {}, {}, {}};
    codec::EncodeOptions options;
    options.jpeg_quality = 70;
    const auto bytes = codec::encode(scene.a.view(), {}, codec::FileFormat::jpeg, options);
    scene.b = image::convert(codec::decode(*bytes, "JPEG")->pixels.view(), image::kRgb8);
    complete(scene);
    return scene;
}

Scene edit_scene() {
    Scene scene{"a part redrawn", photo(), {}, {}, {}, {}, {}};
    scene.b = image::clone(scene.a.view());
    const Rect part{1500, 700, 800, 600};
    image::copy_pixels(scene.a.view().sub(part.translated(-1200, 300)), scene.b.span().sub(part));
    complete(scene);
    return scene;
}

std::pair<std::string, std::string> write_png(const Scene& scene, const std::string& folder) {
    const std::string a = folder + "/a.png", b = folder + "/b.png";
    (void)codec::save(a, scene.a.view(), {});
    (void)codec::save(b, scene.b.view(), {});
    return {a, b};
}

} // namespace mw::bench
