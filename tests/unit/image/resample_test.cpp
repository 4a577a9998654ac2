#include "image/resample.h"

#include <gtest/gtest.h>

#include <cmath>

#include "image/convert.h"

namespace mw::image {
namespace {

Image noise(Size size, PixelFormat format) {
    Image image(size, {format.channels, SampleType::u8});
    std::uint32_t n = 7;
    for (std::byte& b : image.bytes())
        b = static_cast<std::byte>((n = n * 1664525u + 1013904223u) >> 24);
    return convert(image.view(), format);
}

int worst(ImageView a, ImageView b) {
    int most = 0;
    for (int y = 0; y < a.size.height; ++y)
        for (int i = 0; i < a.size.width * a.format.channels; ++i)
            most = std::max(most, std::abs(a.row<std::uint8_t>(y)[i] - b.row<std::uint8_t>(y)[i]));
    return most;
}

TEST(Resample, the_same_size_is_the_identity) {
    for (const Filter filter : {Filter::area, Filter::lanczos})
        for (const int channels : {1, 3}) {
            const Image a = noise({37, 23}, {channels, SampleType::u8});
            EXPECT_EQ(worst(resample(a.view(), a.size(), filter).view(), a.view()), 0);
        }
}

TEST(Resample, a_constant_stays) {
    for (const Filter filter : {Filter::area, Filter::lanczos})
        for (const int channels : {1, 2, 3, 4}) {
            Image a({31, 17}, {channels, SampleType::u8});
            for (std::byte& b : a.bytes())
                b = std::byte{200};
            for (const Size size : {Size{1, 1}, Size{7, 40}, Size{200, 3}, Size{62, 34}}) {
                const Image out = resample(a.view(), size, filter);
                ASSERT_EQ(out.size(), size);
                for (const std::byte b : out.bytes())
                    ASSERT_EQ(b, std::byte{200});
            }
        }
}

TEST(Resample, area_keeps_the_mean) {
    const Image a = noise({64, 48}, kGrayF);
    for (const Size size : {Size{32, 24}, Size{16, 48}, Size{13, 7}}) {
        const Image out = resample(a.view(), size, Filter::area);
        const auto mean = [](ImageView v) {
            double sum = 0;
            for (int y = 0; y < v.size.height; ++y)
                for (int x = 0; x < v.size.width; ++x)
                    sum += v.row<float>(y)[x];
            return sum / double(v.size.area());
        };
        EXPECT_NEAR(mean(out.view()), mean(a.view()), 1e-4);
    }
}

TEST(Resample, pixel_centres_are_aligned) {
    // A ramp stays the same ramp away from the edges.
    Image ramp({64, 8}, kGrayF);
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 64; ++x)
            ramp.span().row<float>(y)[x] = (static_cast<float>(x) + 0.5f) / 64;
    for (const int width : {16, 128, 100}) {
        const Image out = resample(ramp.view(), {width, 8}, Filter::lanczos);
        for (int x = width / 8; x < width * 7 / 8; ++x)
            EXPECT_NEAR(out.view().row<float>(4)[x], (x + 0.5) / width, 2e-3) << width;
    }
}

TEST(Resample, transparent_pixels_do_not_bleed) {
    Image a({8, 1}, kRgba8);
    auto* p = a.span().row<std::uint8_t>(0);
    for (int x = 0; x < 8; ++x) { // opaque red, and green that cannot be seen
        p[4 * x + (x < 4 ? 0 : 1)] = 255;
        p[4 * x + 3] = x < 4 ? 255 : 0;
    }
    const Image out = resample(a.view(), {3, 1}, Filter::area);
    const auto* q = out.view().row<std::uint8_t>(0) + 4;
    EXPECT_EQ(q[0], 255);
    EXPECT_EQ(q[1], 0);
    EXPECT_NEAR(q[3], 128, 1);
}

TEST(Resample, halve_is_the_mean_of_four) {
    const Image a = noise({7, 5}, kRgb8);
    const Image out = halve(a.view());
    EXPECT_EQ(out.size(), (Size{4, 3}));
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 4; ++x)
            for (int c = 0; c < 3; ++c) {
                const auto at = [&](int dx, int dy) {
                    return int(a.view().pixel<std::uint8_t>(std::min(2 * x + dx, 6),
                                                            std::min(2 * y + dy, 4))[c]);
                };
                EXPECT_EQ(out.view().pixel<std::uint8_t>(x, y)[c],
                          (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) + 2) / 4);
            }
    EXPECT_EQ(halve(noise({1, 1}, kGray8).view()).size(), (Size{1, 1}));
}

} // namespace
} // namespace mw::image
