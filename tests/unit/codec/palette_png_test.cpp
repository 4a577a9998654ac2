#include "codec/palette_png.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/codec.h"

namespace mw::codec {
namespace {

image::Image colors(Size size, int count, std::uint32_t seed) {
    std::mt19937 random(seed);
    image::Image out(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const int c = (y * size.width + x) < count ? y * size.width + x
                                                       : int(random() % std::uint32_t(count));
            auto* p = out.span().pixel<std::uint8_t>(x, y);
            p[0] = std::uint8_t(c * 7), p[1] = std::uint8_t(c >> 8),
            p[2] = std::uint8_t(c * 31 ^ 5);
        }
    return out;
}

TEST(PalettePng, ComesBackAsItWas) {
    for (const int count : {1, 2, 200, 256}) {
        const image::Image picture = colors({61, 47}, count, std::uint32_t(count));
        const auto bytes = encode_palette_png(picture.view());
        ASSERT_TRUE(bytes && *bytes) << count;
        const auto back = decode(**bytes, "palette");
        ASSERT_TRUE(back);
        const image::Image rgb = back->pixels.format() == image::kRgb8
                                     ? image::clone(back->pixels.view())
                                     : image::Image{};
        ASSERT_FALSE(rgb.empty());
        EXPECT_TRUE(image::identical(rgb.view(), picture.view())) << count;
    }
    EXPECT_FALSE(*encode_palette_png(colors({61, 47}, 257, 1).view())) << "one too many";
}

} // namespace
} // namespace mw::codec
