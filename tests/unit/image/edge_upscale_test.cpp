// Lanczos without overshoot, exact area, and enlarging along edges.
#include <gtest/gtest.h>

#include <cmath>

#include "base/parallel.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::image {
namespace {

constexpr Filter kAll[] = {Filter::area, Filter::lanczos, Filter::lanczos_limited,
                           Filter::edge_directed};

Image noise(Size size, PixelFormat format) {
    Image image(size, {format.channels, SampleType::u8});
    std::uint32_t n = 11;
    for (std::byte& b : image.bytes())
        b = static_cast<std::byte>((n = n * 1664525u + 1013904223u) >> 24);
    return convert(image.view(), format);
}

// A half plane whose border runs at `degrees`, antialiased by 8 x 8 samples.
Image slanted(Size size, double degrees, double scale) {
    Image out(size, kGrayF);
    const double a = degrees * 3.14159265358979 / 180, nx = std::sin(a), ny = std::cos(a);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            int in = 0;
            for (int k = 0; k < 64; ++k) {
                const double u = (x + (k % 8 + 0.5) / 8) / scale - size.width / (2 * scale);
                const double v = (y + (k / 8 + 0.5) / 8) / scale - size.height / (2 * scale);
                in += nx * u + ny * v > 0.3;
            }
            out.span().row<float>(y)[x] = static_cast<float>(in) / 64;
        }
    return out;
}

double mean_square(ImageView a, ImageView b, int rim) {
    double sum = 0;
    for (int y = rim; y < a.size.height - rim; ++y)
        for (int x = rim; x < a.size.width - rim; ++x) {
            const double d = double(a.row<float>(y)[x]) - b.row<float>(y)[x];
            sum += d * d;
        }
    return sum / (double(a.size.width - 2 * rim) * (a.size.height - 2 * rim));
}

Image mirrored(ImageView a) {
    Image out(a.size, a.format);
    const auto bytes = static_cast<std::size_t>(a.format.bytes());
    for (int y = 0; y < a.size.height; ++y)
        for (int x = 0; x < a.size.width; ++x)
            std::memcpy(out.span().row_bytes(y) + static_cast<std::size_t>(x) * bytes,
                        a.row_bytes(y) + static_cast<std::size_t>(a.size.width - 1 - x) * bytes,
                        bytes);
    return out;
}

TEST(ResampleFilters, a_constant_stays_in_every_format) {
    for (const Filter filter : kAll)
        for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32})
            for (const int channels : {1, 2, 3, 4}) {
                Image grey({9, 5}, {channels, SampleType::u8});
                for (std::byte& b : grey.bytes())
                    b = std::byte{77};
                const Image a = convert(grey.view(), {channels, type});
                for (const Size size : {Size{1, 1}, Size{23, 17}, Size{40, 21}, Size{72, 40}}) {
                    const Image out = resample(a.view(), size, filter);
                    ASSERT_EQ(out.format(), a.format());
                    const Image back = convert(out.view(), grey.format());
                    for (const std::byte b : back.bytes())
                        ASSERT_EQ(b, std::byte{77});
                }
            }
}

TEST(ResampleFilters, area_by_whole_numbers_is_the_mean) {
    const Image a = noise({24, 12}, kGrayF);
    for (const int k : {2, 3, 4}) {
        const Image out = resample(a.view(), {24 / k, 12 / k}, Filter::area);
        for (int y = 0; y < 12 / k; ++y)
            for (int x = 0; x < 24 / k; ++x) {
                double sum = 0;
                for (int j = 0; j < k * k; ++j)
                    sum += a.view().row<float>(y * k + j / k)[x * k + j % k];
                ASSERT_NEAR(out.view().row<float>(y)[x], sum / (k * k), 1e-6);
            }
    }
}

TEST(ResampleFilters, no_overshoot_at_a_step) {
    Image step({16, 16}, kGrayF);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 16; ++x)
            step.span().row<float>(y)[x] = x + y / 2 < 12 ? 0.25f : 0.75f;
    const auto beyond = [&](Size size, Filter filter) {
        const Image out = resample(step.view(), size, filter);
        float most = 0;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                most = std::max({most, 0.25f - out.view().row<float>(y)[x],
                                 out.view().row<float>(y)[x] - 0.75f});
        return most;
    };
    for (const Size size : {Size{7, 7}, Size{37, 29}, Size{48, 48}}) {
        EXPECT_GT(beyond(size, Filter::lanczos), 0.01f); // what is to be avoided
        EXPECT_LT(beyond(size, Filter::lanczos_limited), 1e-6f);
        EXPECT_LE(beyond(size, Filter::edge_directed), beyond(size, Filter::lanczos));
    }
}

TEST(ResampleFilters, energy_stays) {
    const Image a = noise({40, 40}, kGrayF);
    const auto mean = [](ImageView v) {
        double sum = 0;
        for (int y = 0; y < v.size.height; ++y)
            for (int x = 0; x < v.size.width; ++x)
                sum += v.row<float>(y)[x];
        return sum / double(v.size.area());
    };
    for (const Filter filter : kAll)
        for (const Size size : {Size{80, 80}, Size{20, 20}, Size{57, 131}})
            EXPECT_NEAR(mean(resample(a.view(), size, filter).view()), mean(a.view()), 4e-3);
}

TEST(ResampleFilters, a_mirrored_picture_gives_a_mirrored_one) {
    for (const PixelFormat format : {kGray8, kRgba8, kRgbF}) {
        const Image a = noise({19, 14}, format), b = mirrored(a.view());
        for (const Filter filter : kAll)
            for (const Size size : {Size{38, 28}, Size{51, 60}, Size{8, 9}}) {
                const Image x =
                    convert(mirrored(resample(a.view(), size, filter).view()).view(), kGray8);
                const Image y = convert(resample(b.view(), size, filter).view(), kGray8);
                for (std::size_t i = 0; i < x.bytes().size(); ++i)
                    ASSERT_NEAR(int(x.bytes()[i]), int(y.bytes()[i]), 1);
            }
    }
}

TEST(ResampleFilters, edges_are_read_along) {
    // The truth is drawn at the size itself. The steeper the slope, the more Lanczos' stairs show.
    for (const double degrees : {20.0, 45.0, 70.0, 110.0, 160.0})
        for (const int k : {2, 4}) {
            const Image small = slanted({48, 48}, degrees, 1);
            const Image truth = slanted({48 * k, 48 * k}, degrees, k);
            const Size size = truth.size();
            const double along = mean_square(
                resample(small.view(), size, Filter::edge_directed).view(), truth.view(), 8 * k);
            const double lanczos = mean_square(
                resample(small.view(), size, Filter::lanczos_limited).view(), truth.view(), 8 * k);
            EXPECT_LT(along, lanczos) << degrees << " degrees, x " << k;
        }
}

TEST(ResampleFilters, what_is_there_stays_in_its_place) {
    // A ramp stays the same ramp: the lattice's half sample is accounted for.
    Image ramp({40, 40}, kGrayF);
    for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 40; ++x)
            ramp.span().row<float>(y)[x] = 0.5f * (static_cast<float>(x) + 0.5f) / 40 +
                                           0.5f * (static_cast<float>(y) + 0.5f) / 40;
    for (const int side : {52, 80, 117, 160, 320}) {
        const Image out = resample(ramp.view(), {side, side}, Filter::edge_directed);
        for (int y = side / 4; y < side * 3 / 4; ++y)
            for (int x = side / 4; x < side * 3 / 4; ++x)
                ASSERT_NEAR(out.view().row<float>(y)[x],
                            0.5 * (x + 0.5) / side + 0.5 * (y + 0.5) / side, 1e-3)
                    << side;
    }
}

TEST(ResampleFilters, transparent_colours_do_not_bleed) {
    Image a({12, 12}, kRgba8);
    for (int y = 0; y < 12; ++y)
        for (int x = 0; x < 12; ++x) { // opaque red, and green that cannot be seen
            const bool seen = 2 * x + y < 17;
            auto* p = a.span().pixel<std::uint8_t>(x, y);
            p[seen ? 0 : 1] = 255;
            p[3] = seen ? 255 : 0;
        }
    for (const Filter filter : kAll)
        for (const Size size : {Size{24, 24}, Size{5, 5}, Size{31, 47}}) {
            const Image out = resample(a.view(), size, filter);
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) {
                    const auto* p = out.view().pixel<std::uint8_t>(x, y);
                    if (p[3] > 8) {
                        ASSERT_LE(p[1], 1);
                    }
                }
        }
}

TEST(ResampleFilters, the_same_bytes_on_any_number_of_threads) {
    const Image a = noise({61, 47}, kRgba8);
    const int threads = parallel_threads();
    for (const Filter filter : kAll) {
        set_parallel_threads(1);
        const Image one = resample(a.view(), {150, 131}, filter);
        set_parallel_threads(5);
        const Image five = resample(a.view(), {150, 131}, filter);
        EXPECT_TRUE(identical(one.view(), five.view()));
    }
    set_parallel_threads(threads);
}

TEST(ResampleFilters, the_smallest_pictures) {
    for (const Filter filter : kAll)
        for (const Size from : {Size{1, 1}, Size{2, 1}, Size{1, 3}})
            for (const Size to : {Size{1, 1}, Size{5, 7}, Size{16, 2}})
                EXPECT_EQ(resample(noise(from, kRgba8).view(), to, filter).size(), to);
}

TEST(ResampleFilters, what_is_not_a_number_does_no_harm) {
    Image a = noise({16, 16}, kRgbF);
    a.span().row<float>(4)[7] = std::nanf("");
    a.span().row<float>(9)[5] = HUGE_VALF;
    for (const Filter filter : kAll)
        EXPECT_EQ(resample(a.view(), {40, 40}, filter).size(), (Size{40, 40}));
}

} // namespace
} // namespace mw::image
