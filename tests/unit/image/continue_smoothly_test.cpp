#include "image/continue_smoothly.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "image/convert.h"

namespace mw::image {
namespace {

constexpr Size kSize{60, 48};

Image ramp(PixelFormat format) {
    Image out(kSize, {format.channels, SampleType::f32});
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < format.channels; ++c)
                out.span().pixel<float>(x, y)[c] =
                    0.1f + 0.008f * static_cast<float>(x) + 0.004f * static_cast<float>(y);
    return convert(out.view(), format);
}

Image hole() {
    Image out(kSize, kGray8);
    for (int y = 10; y < 34; ++y)
        for (int x = 12; x < 44; ++x)
            *out.span().pixel<std::uint8_t>(x, y) = (x + y) % 5 == 0 ? 1 : 255;
    return out;
}

void scramble(ImageSpan pixels, ImageView where, unsigned seed) {
    std::mt19937 random(seed);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            if (*where.pixel<std::uint8_t>(x, y) != 0)
                for (int i = 0; i < pixels.format.bytes(); ++i)
                    pixels.row_bytes(y)[x * pixels.format.bytes() + i] = std::byte(random() & 255);
}

TEST(ContinueSmoothly, NothingInTheHoleHasASay) {
    const Image where = hole();
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32})
        for (int channels = 1; channels <= 4; ++channels) {
            Image a = ramp({channels, type}), b = ramp({channels, type});
            scramble(a.span(), where.view(), 1); // NaN and infinity among the floats
            scramble(b.span(), where.view(), 2);
            continue_smoothly(a.span(), where.view());
            continue_smoothly(b.span(), where.view());
            EXPECT_TRUE(identical(a.view(), b.view())) << channels;
        }
}

TEST(ContinueSmoothly, ARampGoesOnAndNoiseIsLeftBehind) {
    const Image where = hole(), truth = ramp({3, SampleType::f32});
    Image noisy = clone(truth.view());
    std::mt19937 random(3);
    for (int y = 0; y < kSize.height; ++y)
        for (int i = 0; i < 3 * kSize.width; ++i)
            noisy.span().row<float>(y)[i] += 0.04f * (float(random() % 1000) / 1000 - 0.5f);
    scramble(noisy.span(), where.view(), 1);
    const Image before = clone(noisy.view());
    continue_smoothly(noisy.span(), where.view());
    double worst = 0, step = 0;
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x) {
            const float* p = noisy.view().pixel<float>(x, y);
            if (*where.view().pixel<std::uint8_t>(x, y) == 0) {
                EXPECT_EQ(p[0], before.view().pixel<float>(x, y)[0]);
                continue;
            }
            worst = std::max(worst, double(std::abs(p[0] - truth.view().pixel<float>(x, y)[0])));
            if (x > 14 && x < 42 && y > 12 && y < 32)
                step = std::max(step, double(std::abs(p[0] - p[-3] - 0.008f)));
        }
    EXPECT_LT(worst, 0.025) << "means of the edge stand for it";
    EXPECT_LT(step, 0.004) << "a tenth of the noise";
}

TEST(ContinueSmoothly, HolesOverEverythingAreGreyAndValuesAboveWhiteStay) {
    Image all(kSize, kGray8);
    for (std::byte& b : all.bytes())
        b = std::byte{255};
    Image picture = ramp(kRgba8);
    continue_smoothly(picture.span(), all.view());
    EXPECT_EQ(picture.view().pixel<std::uint8_t>(5, 5)[0], 128);
    EXPECT_EQ(picture.view().pixel<std::uint8_t>(5, 5)[3], 255);
    Image light(kSize, {1, SampleType::f32});
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            *light.span().pixel<float>(x, y) = 900;
    const Image where = hole();
    scramble(light.span(), where.view(), 4);
    *light.span().pixel<float>(11, 20) = std::numeric_limits<float>::quiet_NaN();
    continue_smoothly(light.span(), where.view());
    EXPECT_NEAR(*light.view().pixel<float>(25, 20), 900, 0.5);
    Image nothing;
    continue_smoothly(nothing.span(), {});
}

TEST(ContinueSmoothly, InvisibleColoursAreNotCarriedIn) {
    Image picture = ramp({4, SampleType::f32});
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x) {
            float* p = picture.span().pixel<float>(x, y);
            p[3] = x % 2 ? 1.0f : 0.0f;
            for (int c = 0; c < 3; ++c)
                p[c] = x % 2 ? 0.6f : 0.0f;
        }
    const Image where = hole();
    continue_smoothly(picture.span(), where.view());
    EXPECT_NEAR(picture.view().pixel<float>(25, 20)[0], 0.6, 0.01);
    EXPECT_NEAR(picture.view().pixel<float>(25, 20)[3], 0.5, 0.1);
}

} // namespace
} // namespace mw::image
