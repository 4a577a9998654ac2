// The quick rows against what they mean, at every length and alignment.
#include <gtest/gtest.h>

#include <random>

#include "compare/filter.h"
#include "compare/sample_sums.h"
#include "compare/yiq_row.h"

namespace mw::compare {
namespace {

std::vector<std::uint8_t> noise(std::size_t count, std::uint32_t seed, bool extreme) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> out(count);
    for (auto& v : out)
        v = extreme ? (random() & 1 ? 255 : 0) : std::uint8_t(random() % 7 ? 100 : random());
    return out;
}

TEST(Rows, SumsEqualTheSlowOnes) {
    for (const int channels : {1, 2, 3, 4})
        for (const int pixels : {1, 5, 7, 8, 11, 33, 64, 201}) {
            const int count = pixels * channels, rows = 3, stride = count + 5;
            for (const bool extreme : {false, true}) {
                const auto a = noise(std::size_t(rows * stride), 1, extreme);
                const auto b = noise(std::size_t(rows * stride), 2, extreme);
                SampleSums got, want;
                add_sums(a.data(), stride, b.data(), stride, count, rows, channels, got);
                for (int y = 0; y < rows; ++y)
                    for (int i = 0; i < count; ++i) {
                        const int d = std::abs(a[std::size_t(y * stride + i)] -
                                               b[std::size_t(y * stride + i)]);
                        want.changed += d != 0;
                        want.most = std::max(want.most, std::uint32_t(d));
                        const bool alpha = channels % 2 == 0 && i % channels == channels - 1;
                        if (!alpha) want.squares += std::uint64_t(d * d);
                    }
                EXPECT_EQ(got.changed, want.changed) << channels << " " << pixels;
                EXPECT_EQ(got.squares, want.squares) << channels << " " << pixels;
                EXPECT_EQ(got.most, want.most) << channels << " " << pixels;
            }
        }
    // Longer than 32 bits of squares hold at a time.
    const std::vector<std::uint8_t> low(600'000, 0), high(600'000, 255);
    SampleSums sums;
    add_sums(low.data(), 0, high.data(), 0, 600'000, 1, 1, sums);
    EXPECT_EQ(sums.squares, 600'000ull * 65025);
    EXPECT_EQ(sums.changed, 600'000);
}

TEST(Rows, YiqEqualsItsFormula) {
    for (const int channels : {3, 4})
        for (const int pixels : {1, 4, 5, 8, 9, 12, 13, 64, 77}) {
            const auto a = noise(std::size_t(pixels * channels), 3, false);
            const auto b = noise(std::size_t(pixels * channels), 4, false);
            std::vector<std::uint8_t> out(std::size_t(pixels), 9);
            const float limit = float(kLargestYiq * 0.1 * 0.1);
            const int over = judge_yiq_row(a.data(), b.data(), channels, pixels, limit, out.data());
            int want_over = 0;
            for (int i = 0; i < pixels; ++i) {
                const auto d = [&](int c) {
                    return double(a[std::size_t(i * channels + c)]) -
                           b[std::size_t(i * channels + c)];
                };
                const double y = 0.29889531 * d(0) + 0.58662247 * d(1) + 0.11448223 * d(2);
                const double u = 0.59597799 * d(0) - 0.27417610 * d(1) - 0.32180189 * d(2);
                const double v = 0.21147017 * d(0) - 0.52261711 * d(1) + 0.31114694 * d(2);
                const double sum = 0.5053 * y * y + 0.299 * u * u + 0.1957 * v * v;
                if (std::abs(sum - double(limit)) > 0.5) {
                    EXPECT_EQ(out[std::size_t(i)], sum > double(limit)) << i << " of " << pixels;
                }
                want_over += out[std::size_t(i)];
            }
            EXPECT_EQ(over, want_over);
            std::vector<std::uint8_t> rgb(std::size_t(3 * pixels));
            faint_rgb_row(a.data(), channels, pixels, rgb.data());
            for (int i = 0; i < pixels; ++i) {
                const auto* p = a.data() + i * channels;
                const double luma = 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
                for (int c = 0; c < 3; ++c)
                    EXPECT_NEAR(rgb[std::size_t(3 * i + c)], 229.5 + 0.1 * luma, 1.6);
            }
        }
}

TEST(Rows, FiltersEqualTheirSums) {
    std::mt19937 random(5);
    constexpr int kCount = 67, kReach = 13;
    std::vector<float> row(kCount + 2 * kReach), out(kCount);
    for (float& v : row)
        v = float(random() % 1000) / 1000;
    for (int radius = 1; radius <= kReach; ++radius) {
        HalfKernel kernel(std::size_t(radius) + 1);
        for (float& k : kernel)
            k = float(random() % 1000) / 1000;
        for (const bool odd : {false, true}) {
            if (odd) kernel[0] = 0;
            (odd ? filter_row_odd : filter_row_even)(row.data() + kReach, out.data(), kCount,
                                                     kernel);
            for (int i = 0; i < kCount; ++i) {
                double want = 0;
                for (int k = -radius; k <= radius; ++k)
                    want += double(kernel[std::size_t(std::abs(k))]) * (odd && k < 0 ? -1 : 1) *
                            double(row[std::size_t(i + kReach + k)]);
                ASSERT_NEAR(double(out[std::size_t(i)]), want, 1e-4) << radius << " " << i;
            }
        }
    }
}

} // namespace
} // namespace mw::compare
