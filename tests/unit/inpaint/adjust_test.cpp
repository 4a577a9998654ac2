#include "inpaint/adjust.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "image/convert.h"

namespace mw::inpaint {
namespace {

using image::Float3;
using image::Image;

Image painted(Size size, image::PixelFormat format,
              const std::function<std::array<float, 4>(int, int)>& color) {
    Image picture(size, {format.channels, image::SampleType::f32});
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const auto c = color(x, y);
            for (int i = 0; i < format.channels; ++i)
                picture.span().pixel<float>(x, y)[i] =
                    i + 1 == format.channels && format.has_alpha() ? c[3]
                                                                   : c[static_cast<std::size_t>(i)];
        }
    return image::convert(picture.view(), format);
}

Image full_mask(Size size) {
    Image mask(size, image::kGray8);
    for (auto& b : mask.bytes())
        b = std::byte{255};
    return mask;
}

Float3 oklab_at(const Image& picture, int x, int y) {
    const Image f = image::convert(picture.view(), image::kRgbF);
    const float* p = f.view().pixel<float>(x, y);
    return image::linear_to_oklab(
        {image::srgb_to_linear(p[0]), image::srgb_to_linear(p[1]), image::srgb_to_linear(p[2])});
}
float hue(Float3 lab) {
    return std::atan2(lab[2], lab[1]);
}
float chroma(Float3 lab) {
    return std::hypot(lab[1], lab[2]);
}

// A red ball: brightness falls from left to right.
Image shaded_red(image::PixelFormat format = image::kRgb8) {
    return painted({64, 16}, format, [](int x, int) {
        const float light = 0.25f + 0.6f * static_cast<float>(63 - x) / 63.0f;
        return std::array<float, 4>{0.9f * light, 0.15f * light, 0.1f * light, 1.0f};
    });
}

TEST(Recolor, TakesTheTargetsHueAndKeepsTheShading) {
    const Image picture = shaded_red();
    const Float3 blue{0.1f, 0.3f, 0.9f};
    const Image result = recolor(picture.view(), full_mask(picture.size()).view(), blue);
    const float wanted =
        hue(image::linear_to_oklab({image::srgb_to_linear(blue[0]), image::srgb_to_linear(blue[1]),
                                    image::srgb_to_linear(blue[2])}));
    float last = 2;
    for (int x = 2; x < 64; x += 6) {
        const Float3 lab = oklab_at(result, x, 8);
        EXPECT_NEAR(hue(lab), wanted, 0.08f) << x;
        EXPECT_GT(chroma(lab), 0.05f);
        EXPECT_LT(lab[0], last);
        last = lab[0];
    }
}

TEST(Recolor, MovesTheMeanLightnessTowardsTheTarget) {
    const Image picture = shaded_red();
    const Image mask = full_mask(picture.size());
    const Float3 navy{0, 0, 0.3f}, pale{0.9f, 0.95f, 1.0f};
    EXPECT_LT(oklab_at(recolor(picture.view(), mask.view(), navy), 32, 8)[0],
              oklab_at(picture, 32, 8)[0]);
    EXPECT_GT(oklab_at(recolor(picture.view(), mask.view(), pale), 32, 8)[0],
              oklab_at(picture, 32, 8)[0] + 0.1f);
    // Without a pull the lightness stays.
    EXPECT_NEAR(oklab_at(recolor(picture.view(), mask.view(), pale, 0), 32, 8)[0],
                oklab_at(picture, 32, 8)[0], 0.01f);
}

TEST(Recolor, DarkPaintDarkensWhatIsLight) {
    // A pale thing on a dark ground, both masked.
    Image picture({64, 16}, image::kRgb8);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 64; ++x)
            std::fill_n(picture.span().pixel<std::uint8_t>(x, y), 3, x < 32 ? 215 : 60);
    const Image result =
        recolor(picture.view(), full_mask(picture.size()).view(), {0, 0.39f, 0}, 0.9);
    EXPECT_LT(oklab_at(result, 8, 8)[0], 0.72f) << "no neon out of dark green";
    EXPECT_GT(oklab_at(result, 8, 8)[0], oklab_at(result, 56, 8)[0]) << "the shading stays";
}

TEST(Recolor, LeavesHighlightsPaleBlackBlackAndAlphaAlone) {
    const Image picture = painted({30, 10}, image::kRgba8, [](int x, int y) {
        const float a = static_cast<float>(y) / 9.0f;
        if (x < 10) return std::array<float, 4>{0.8f, 0.1f, 0.1f, a};
        if (x < 20) return std::array<float, 4>{1, 1, 1, a};
        return std::array<float, 4>{0, 0, 0, a};
    });
    Image mask(picture.size(), image::kGray8);
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 10; ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = 255;
    const Image result = recolor(picture.view(), mask.view(), {0, 0.5f, 0});
    EXPECT_LT(chroma(oklab_at(result, 15, 5)), 0.02f);
    EXPECT_GT(oklab_at(result, 15, 5)[0], 0.97f);
    EXPECT_LT(oklab_at(result, 25, 5)[0], 0.05f);
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 30; ++x)
            EXPECT_EQ(result.view().pixel<std::uint8_t>(x, y)[3],
                      picture.view().pixel<std::uint8_t>(x, y)[3]);
}

TEST(Recolor, GivesAGreyThingColor) {
    const Image picture = painted({16, 16}, image::kRgb8, [](int x, int) {
        const float v = 0.4f + 0.02f * static_cast<float>(x);
        return std::array<float, 4>{v, v, v, 1};
    });
    const Image result =
        recolor(picture.view(), full_mask(picture.size()).view(), {0.8f, 0.1f, 0.1f});
    EXPECT_GT(chroma(oklab_at(result, 8, 8)), 0.1f);
    const Image grey = image::convert(picture.view(), image::kGray8);
    EXPECT_EQ(recolor(grey.view(), full_mask(grey.size()).view(), {0.8f, 0.1f, 0.1f}).format(),
              image::kGray8);
}

TEST(Adjust, KeepsFormatSizeAndAlphaWhateverTheFormat) {
    using enum image::SampleType;
    for (const auto type : {u8, u16, f32}) {
        for (int channels = 1; channels <= 4; ++channels) {
            const Image picture = painted({33, 17}, {channels, type}, [](int x, int y) {
                return std::array<float, 4>{static_cast<float>(x) / 33, 0.5f,
                                            static_cast<float>(y) / 17,
                                            static_cast<float>((x + y) % 5) / 4};
            });
            const Image mask = full_mask(picture.size());
            Image results[] = {recolor(picture.view(), mask.view(), {0.2f, 0.6f, 0.3f}),
                               blur(picture.view(), 2.5),
                               blur(picture.view(), 60),
                               pixelate(picture.view(), 5),
                               expose(picture.view(), 0.7),
                               desaturate(picture.view(), 0.4)};
            for (const Image& result : results) {
                ASSERT_EQ(result.size(), picture.size());
                ASSERT_EQ(result.format(), picture.format());
                if (!picture.format().has_alpha()) continue;
                const int bytes = picture.format().bytes(), sample = image::sample_bytes(type);
                for (int y = 0; y < 17; ++y)
                    for (int x = 0; x < 33; ++x)
                        ASSERT_EQ(
                            0, std::memcmp(result.view().row_bytes(y) + x * bytes + bytes - sample,
                                           picture.view().row_bytes(y) + x * bytes + bytes - sample,
                                           static_cast<std::size_t>(sample)));
            }
        }
    }
}

TEST(Blur, IsAGaussianInLinearLight) {
    // An edge between black and white: the middle is half the light, which is 0.735 encoded.
    const Image picture = painted({80, 4}, image::kRgbF, [](int x, int) {
        const float v = x < 40 ? 0.0f : 1.0f;
        return std::array<float, 4>{v, v, v, 1};
    });
    for (const double sigma : {1.5, 4.0}) {
        const Image result = blur(picture.view(), sigma);
        for (int x = 30; x < 50; ++x) {
            const double expected = 0.5 * (1 + std::erf((x + 0.5 - 40) / (sigma * std::sqrt(2.0))));
            EXPECT_NEAR(image::srgb_to_linear(*result.view().pixel<float>(x, 2)), expected, 0.01);
        }
    }
    // Wide ones take another way and must agree.
    const Image wide = painted({600, 8}, image::kRgbF, [](int x, int) {
        const float v = x < 300 ? 0.0f : 1.0f;
        return std::array<float, 4>{v, v, v, 1};
    });
    const Image result = blur(wide.view(), 30);
    for (int x = 200; x < 400; x += 7) {
        const double expected = 0.5 * (1 + std::erf((x + 0.5 - 300) / (30 * std::sqrt(2.0))));
        EXPECT_NEAR(image::srgb_to_linear(*result.view().pixel<float>(x, 4)), expected, 0.015) << x;
    }
}

TEST(Blur, TransparentColorDoesNotBleed) {
    const Image picture = painted({20, 20}, image::kRgba8, [](int x, int) {
        return x < 10 ? std::array<float, 4>{0, 0, 1, 1} : std::array<float, 4>{1, 0, 0, 0};
    });
    const Image result = blur(picture.view(), 3);
    EXPECT_LE(result.view().pixel<std::uint8_t>(9, 10)[0], 1);
    EXPECT_GE(result.view().pixel<std::uint8_t>(9, 10)[2], 254);
}

TEST(Pixelate, GivesEachCellItsMeanLight) {
    const Image picture = painted({10, 10}, image::kRgbF, [](int x, int y) {
        const float v = (x + y) % 2 ? 1.0f : 0.0f;
        return std::array<float, 4>{v, v, v, 1};
    });
    const Image result = pixelate(picture.view(), 4);
    EXPECT_NEAR(image::srgb_to_linear(*result.view().pixel<float>(1, 2)), 0.5f, 1e-4f);
    EXPECT_EQ(*result.view().pixel<float>(0, 0), *result.view().pixel<float>(3, 3));
    EXPECT_NEAR(image::srgb_to_linear(*result.view().pixel<float>(9, 9)), 0.5f, 1e-4f);
}

TEST(Expose, MultipliesLinearLight) {
    const Image picture = painted({4, 4}, image::kRgbF, [](int, int) {
        return std::array<float, 4>{0.5f, 0.25f, 0.9f, 1};
    });
    const Image result = expose(picture.view(), 1);
    for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(image::srgb_to_linear(result.view().pixel<float>(1, 1)[c]),
                    2 * image::srgb_to_linear(picture.view().pixel<float>(1, 1)[c]), 1e-4f);
}

TEST(Desaturate, KeepsLightness) {
    const Image picture = shaded_red();
    const Image grey = desaturate(picture.view(), 1), more = desaturate(picture.view(), -0.3);
    EXPECT_LT(chroma(oklab_at(grey, 20, 8)), 0.005f);
    EXPECT_NEAR(oklab_at(grey, 20, 8)[0], oklab_at(picture, 20, 8)[0], 0.01f);
    EXPECT_GT(chroma(oklab_at(more, 50, 8)), chroma(oklab_at(picture, 50, 8)));
    EXPECT_TRUE(image::identical(desaturate(picture.view(), 0).view(), picture.view()));
}

TEST(Adjust, AStoppedOneComesBackEmpty) {
    std::stop_source stop;
    stop.request_stop();
    const Image picture = shaded_red();
    EXPECT_TRUE(blur(picture.view(), 3, stop.get_token()).empty());
    EXPECT_TRUE(pixelate(picture.view(), 3, stop.get_token()).empty());
    EXPECT_TRUE(expose(picture.view(), 1, stop.get_token()).empty());
    EXPECT_TRUE(desaturate(picture.view(), 1, stop.get_token()).empty());
    EXPECT_TRUE(
        recolor(picture.view(), full_mask(picture.size()).view(), {1, 0, 0}, 0.6, stop.get_token())
            .empty());
}

} // namespace
} // namespace mw::inpaint
