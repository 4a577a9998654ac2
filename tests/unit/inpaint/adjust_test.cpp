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

Image grey_ramp(Size size) {
    return painted(size, image::kRgb8, [size](int x, int) {
        const float v = static_cast<float>(x) / static_cast<float>(size.width - 1);
        return std::array<float, 4>{v, v, v, 1};
    });
}
int level(const Image& picture, int x, int y = 0, int c = 0) {
    return picture.view().pixel<std::uint8_t>(x, y)[c];
}

TEST(Contrast, TurnsTheSlopeAtTheMeanAndKeepsTheEnds) {
    const Image ramp = grey_ramp({256, 2}), mask = full_mask({256, 2});
    const Image more = contrast(ramp.view(), mask.view(), 1),
                less = contrast(ramp.view(), mask.view(), -0.5);
    EXPECT_EQ(level(more, 0), 0);
    EXPECT_EQ(level(more, 255), 255);
    for (int x = 1; x < 256; ++x) {
        EXPECT_GE(level(more, x), level(more, x - 1));
        EXPECT_GE(level(less, x), level(less, x - 1));
    }
    const auto slope = [](const Image& p, int x) {
        return (oklab_at(p, x + 6, 0)[0] - oklab_at(p, x - 6, 0)[0]);
    };
    const int middle = 140; // about the ramp's mean lightness
    EXPECT_NEAR(slope(more, middle) / slope(ramp, middle), 2, 0.25);
    EXPECT_NEAR(slope(less, middle) / slope(ramp, middle), 0.5, 0.05);
}

TEST(Temper, WarmsAndCoolsAndComesBack) {
    const Image grey = painted({8, 8}, image::kRgbF, [](int, int) {
        return std::array<float, 4>{0.5f, 0.5f, 0.5f, 1};
    });
    const Image warm = temper(grey.view(), 40);
    const float* w = warm.view().pixel<float>(0, 0);
    EXPECT_GT(w[0], 0.5f);
    EXPECT_LT(w[2], 0.5f);
    EXPECT_NEAR(oklab_at(warm, 0, 0)[0], oklab_at(grey, 0, 0)[0], 0.02); // light, not brightness
    // White of 5000 K (D50) has chromaticities 0.3457, 0.3585: what D65 white becomes there.
    const Image white = painted({1, 1}, image::kRgbF, [](int, int) {
        return std::array<float, 4>{1, 1, 1, 1};
    });
    const Image d50 = temper(white.view(), 1e6 / 5003 - 1e6 / 6504);
    const float* c = d50.view().pixel<float>(0, 0);
    const float r = image::srgb_to_linear(c[0]), g = image::srgb_to_linear(c[1]),
                b = image::srgb_to_linear(c[2]);
    const float x = 0.4124f * r + 0.3576f * g + 0.1805f * b,
                y = 0.2126f * r + 0.7152f * g + 0.0722f * b,
                z = 0.0193f * r + 0.1192f * g + 0.9505f * b;
    EXPECT_NEAR(x / (x + y + z), 0.3457, 0.001);
    EXPECT_NEAR(y / (x + y + z), 0.3585, 0.001);
}

TEST(TurnHue, GoesRoundAndKeepsLightness) {
    const Image picture = shaded_red(image::kRgbF);
    const Image turned = turn_hue(picture.view(), 120);
    const Float3 before = oklab_at(picture, 40, 4), after = oklab_at(turned, 40, 4);
    EXPECT_NEAR(before[0], after[0], 0.01);
    EXPECT_NEAR(std::remainder(hue(after) - hue(before), 2 * 3.14159265f), 2.0944, 0.02);
    const Image round = turn_hue(picture.view(), 360);
    for (int x = 0; x < 64; ++x)
        for (int c = 0; c < 3; ++c)
            EXPECT_NEAR(round.view().pixel<float>(x, 3)[c], picture.view().pixel<float>(x, 3)[c],
                        1e-3);
}

TEST(Tone, MovesItsOwnHalfAndRises) {
    const Image ramp = grey_ramp({256, 2});
    for (const auto& [shadows, highlights] :
         {std::pair{1.0, 0.0}, {-1.0, 0.0}, {0.0, 1.0}, {0.0, -1.0}}) {
        const Image out = tone(ramp.view(), shadows, highlights);
        EXPECT_EQ(level(out, 0), 0);
        EXPECT_EQ(level(out, 255), 255);
        for (int x = 1; x < 256; ++x)
            EXPECT_GE(level(out, x), level(out, x - 1)) << x;
        EXPECT_EQ(level(out, shadows != 0 ? 230 : 20), shadows != 0 ? 230 : 20);
        const int probe = shadows != 0 ? 40 : 215, moved = level(out, probe) - probe;
        EXPECT_GT(moved * (shadows + highlights), 5) << shadows << " " << highlights;
    }
}

TEST(Curve, PassesItsPointsAndIsMonotoneBetween) {
    const Image ramp = grey_ramp({256, 2});
    const CurvePoint points[] = {
        {0, 0}, {64 / 255.0f, 100 / 255.0f}, {200 / 255.0f, 205 / 255.0f}, {1, 1}};
    const Image out = curve(ramp.view(), points);
    EXPECT_NEAR(level(out, 64), 100, 1);
    EXPECT_NEAR(level(out, 200), 205, 1);
    for (int x = 1; x < 256; ++x)
        EXPECT_GE(level(out, x), level(out, x - 1));
    const CurvePoint invert[] = {{0, 1}, {1, 0}};
    EXPECT_NEAR(level(curve(ramp.view(), invert), 30), 225, 1);
    EXPECT_TRUE(image::identical(curve(ramp.view(), {}).view(), ramp.view()));
}

TEST(Sharpen, SteepensAnEdgeWithoutALine) {
    const Image edge = painted({64, 8}, image::kRgb8, [](int x, int) {
        const float v = 0.3f + 0.4f / (1 + std::exp(-0.6f * static_cast<float>(x - 32)));
        return std::array<float, 4>{v, v, v, 1};
    });
    const Image out = sharpen(edge.view(), 2, 2);
    EXPECT_GT(level(out, 34) - level(out, 30), level(edge, 34) - level(edge, 30) + 5);
    int least = 255, most = 0;
    for (int x = 0; x < 64; ++x) {
        least = std::min(least, level(out, x, 4));
        most = std::max(most, level(out, x, 4));
    }
    EXPECT_GE(least, level(edge, 0) - 6);
    EXPECT_LE(most, level(edge, 63) + 6);
    const Image flat = painted({16, 16}, image::kRgb8, [](int, int) {
        return std::array<float, 4>{0.4f, 0.5f, 0.6f, 1};
    });
    EXPECT_TRUE(image::identical(sharpen(flat.view(), 3, 1).view(), flat.view()));
}

// Repeats itself on any machine.
float noise_at(int x, int y, int c, float sigma) {
    const auto part = [](int i, std::uint32_t by) { return static_cast<std::uint32_t>(i) * by; };
    std::uint32_t z = part(x, 73856093u) ^ part(y, 19349663u) ^ part(c, 83492791u);
    float sum = 0;
    for (int i = 0; i < 6; ++i) {
        z = z * 1664525u + 1013904223u;
        sum += static_cast<float>(z >> 8) / 16777216.0f - 0.5f;
    }
    return sum * sigma * 1.41421f; // six uniform ones have a variance of a half
}

TEST(Denoise, MeasuresNoiseAndTakesItWithoutTheEdges) {
    constexpr float kSigma = 10 / 255.0f;
    const auto clean = [](int x, int y) { return (x / 24 + y / 24) % 2 ? 0.65f : 0.35f; };
    const Image noisy = painted({96, 96}, image::kRgb8, [&](int x, int y) {
        const float v = clean(x, y);
        return std::array<float, 4>{v + noise_at(x, y, 0, kSigma), v + noise_at(x, y, 1, kSigma),
                                    v + noise_at(x, y, 2, kSigma), 1};
    });
    EXPECT_NEAR(noise_sigma(noisy.view()), kSigma, 0.25 * kSigma);
    const Image out = denoise(noisy.view(), 1);
    double before = 0, after = 0;
    for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 96; ++x)
            for (int c = 0; c < 3; ++c) {
                const double truth = 255 * clean(x, y);
                before += std::pow(level(noisy, x, y, c) - truth, 2);
                after += std::pow(level(out, x, y, c) - truth, 2);
            }
    EXPECT_LT(std::sqrt(after / before), 0.4); // 8 dB and more
    // Edges stay where they were, and as steep.
    EXPECT_GT(std::abs(level(out, 24, 12) - level(out, 23, 12)), 55);
}

TEST(LensBlur, ALightBecomesADiscOfItsLight) {
    const Image dot = painted({41, 41}, image::kRgbF, [](int x, int y) {
        const float v = x == 20 && y == 20 ? 50.0f : 0.0f;
        return std::array<float, 4>{v, v, v, 1};
    });
    const Image out = lens_blur(dot.view(), 6);
    const float middle = image::srgb_to_linear(out.view().pixel<float>(20, 20)[0]);
    double sum = 0;
    for (int y = 0; y < 41; ++y)
        for (int x = 0; x < 41; ++x) {
            const float v = image::srgb_to_linear(out.view().pixel<float>(x, y)[0]);
            sum += v;
            const double d = std::hypot(x - 20, y - 20);
            if (d < 5) {
                EXPECT_NEAR(v / middle, 1, 1e-3) << x << "," << y;
            }
            if (d > 7) {
                EXPECT_NEAR(v / middle, 0, 1e-3) << x << "," << y;
            }
        }
    const double light = image::srgb_to_linear(50.0f);
    EXPECT_NEAR(sum / light, 1, 1e-3);
    EXPECT_NEAR(light / middle, 3.14159 * 36, 1);
}

TEST(Paint, ColoursGradientsAndFlats) {
    const Image picture = shaded_red(image::kRgba8);
    const Image blue = paint(picture.view(), {0, 0, 1});
    EXPECT_EQ(level(blue, 5, 5, 2), 255);
    EXPECT_EQ(level(blue, 5, 5, 0), 0);
    Image mask({64, 16}, image::kGray8);
    for (int y = 4; y < 12; ++y)
        for (int x = 16; x < 48; ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = 255;
    const Image ramp = gradient(picture.view(), mask.view(), {0, 0, 0}, {1, 1, 1}, 0);
    EXPECT_LT(level(ramp, 16, 8), 12);
    EXPECT_GT(level(ramp, 47, 8), 243);
    for (int x = 17; x < 48; ++x)
        EXPECT_GE(level(ramp, x, 8), level(ramp, x - 1, 8));
}

TEST(MatchedFlat, HasNothingOfWhatWasCovered) {
    const Size size{80, 60};
    Image mask(size, image::kGray8);
    for (int y = 20; y < 40; ++y)
        for (int x = 25; x < 55; ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = x == 25 ? 1 : 255;
    const auto scene = [&](float secret) {
        return painted(size, image::kRgb8, [&, secret](int x, int y) {
            const bool covered = *mask.view().pixel<std::uint8_t>(x, y) > 0;
            const float v = covered
                                ? secret * static_cast<float>((x * 7 + y * 13) % 11) / 11
                                : 0.3f + 0.004f * static_cast<float>(x) + noise_at(x, y, 0, 0.02f);
            return std::array<float, 4>{v, v, v, 1};
        });
    };
    const Image one = matched_flat(scene(1).view(), mask.view(), 1),
                other = matched_flat(scene(0.2f).view(), mask.view(), 1);
    double sum = 0, squares = 0;
    for (int y = 20; y < 40; ++y)
        for (int x = 25; x < 55; ++x) {
            ASSERT_EQ(level(one, x, y), level(other, x, y)) << x << "," << y;
            const double off = level(one, x, y) - 255 * (0.3 + 0.004 * x);
            sum += off;
            squares += off * off;
        }
    EXPECT_LT(std::abs(sum / 600), 6);               // the ramp goes on
    EXPECT_NEAR(std::sqrt(squares / 600), 5.1, 2.5); // with its noise
    EXPECT_FALSE(
        image::identical(one.view(), matched_flat(scene(1).view(), mask.view(), 2).view()));
    Image all(size, image::kGray8);
    for (auto& b : all.bytes())
        b = std::byte{255};
    EXPECT_FALSE(matched_flat(scene(1).view(), all.view(), 1).empty());
}

TEST(Adjust, TheNewOnesTakeEveryFormatAndTheSmallestPictures) {
    for (const auto format : {image::kGray8, image::kRgb8, image::kRgba8, image::kRgbF})
        for (const Size size : {Size{1, 1}, Size{2, 1}, Size{17, 9}}) {
            const Image picture = painted(size, format, [](int x, int y) {
                return std::array<float, 4>{0.2f + 0.03f * static_cast<float>(x), 0.4f,
                                            0.1f * static_cast<float>(y), 0.5f};
            });
            const Image mask = full_mask(size);
            const CurvePoint points[] = {{0, 0.1f}, {1, 0.9f}};
            const Image made[] = {contrast(picture.view(), mask.view(), 0.5),
                                  temper(picture.view(), -30),
                                  turn_hue(picture.view(), 45),
                                  tone(picture.view(), 0.5, -0.5),
                                  curve(picture.view(), points),
                                  sharpen(picture.view(), 1, 1),
                                  denoise(picture.view(), 1),
                                  lens_blur(picture.view(), 3),
                                  paint(picture.view(), {1, 0, 0}),
                                  gradient(picture.view(), mask.view(), {1, 0, 0}, {0, 0, 1}, 90),
                                  matched_flat(picture.view(), mask.view(), 1)};
            for (const Image& out : made) {
                ASSERT_EQ(out.size(), size);
                ASSERT_EQ(out.format(), format);
                if (format.has_alpha() && &out != &made[10]) {
                    EXPECT_EQ(level(out, 0, 0, 3), level(picture, 0, 0, 3));
                }
            }
        }
}

TEST(Adjust, AStoppedOneComesBackEmpty) {
    std::stop_source stop;
    stop.request_stop();
    const Image picture = shaded_red();
    EXPECT_TRUE(blur(picture.view(), 3, stop.get_token()).empty());
    EXPECT_TRUE(pixelate(picture.view(), 3, stop.get_token()).empty());
    EXPECT_TRUE(expose(picture.view(), 1, stop.get_token()).empty());
    EXPECT_TRUE(desaturate(picture.view(), 1, stop.get_token()).empty());
    EXPECT_TRUE(denoise(picture.view(), 1, stop.get_token()).empty());
    EXPECT_TRUE(lens_blur(picture.view(), 3, stop.get_token()).empty());
    EXPECT_TRUE(sharpen(picture.view(), 1, 1, stop.get_token()).empty());
    EXPECT_TRUE(tone(picture.view(), 1, 0, stop.get_token()).empty());
    EXPECT_TRUE(matched_flat(picture.view(), full_mask(picture.size()).view(), 1, stop.get_token())
                    .empty());
    EXPECT_TRUE(
        recolor(picture.view(), full_mask(picture.size()).view(), {1, 0, 0}, 0.6, stop.get_token())
            .empty());
}

} // namespace
} // namespace mw::inpaint
