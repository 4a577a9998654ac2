// A patch as a layer: blended by its own mask it is the result again.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "composite/layer.h"

namespace mw::composite {
namespace {

using image::Image;
using image::SampleType;

template <class T>
void expect_blends_back(image::PixelFormat format, unsigned seed, bool within_mask) {
    std::mt19937 random(seed);
    constexpr int kMax = static_cast<T>(~T{0});
    const Size size{61, 37};
    Image parent(size, format), result(size, format), coverage(size, image::kGray8);
    for (int y = 0; y < size.height; ++y) {
        T *p = parent.span().row<T>(y), *r = result.span().row<T>(y);
        auto* m = coverage.span().row<std::uint8_t>(y);
        for (int x = 0; x < size.width; ++x) {
            m[x] = x % 3 == 0 ? 0 : x % 3 == 1 ? 255 : static_cast<std::uint8_t>(random() % 256);
            for (int c = 0; c < format.channels; ++c) {
                const int before = static_cast<int>(random() % (unsigned(kMax) + 1));
                const int other = static_cast<int>(random() % (unsigned(kMax) + 1));
                const bool alpha = format.has_alpha() && c == format.channels - 1;
                // As a graft does it, or anything at all.
                const double weight = within_mask ? m[x] / 255.0 * (random() % 101) / 100 : 1;
                p[x * format.channels + c] = static_cast<T>(before);
                r[x * format.channels + c] =
                    alpha ? static_cast<T>(before)
                          : static_cast<T>(std::lround(before + weight * (other - before)));
            }
        }
    }
    const SeparatedLayer layer = separate_layer(parent.view(), result.view(), coverage.view());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const int m = coverage.view().row<std::uint8_t>(y)[x];
            const int s = layer.show.view().row<std::uint8_t>(y)[x];
            // Raised only where no colour within range would do; by rounding, at most one step.
            EXPECT_GE(s, m);
            if (within_mask) EXPECT_LE(s, std::min(255, m + 1));
            for (int c = 0; c < format.channels; ++c) {
                const double p = parent.view().row<T>(y)[x * format.channels + c];
                const double r = result.view().row<T>(y)[x * format.channels + c];
                const double l = layer.colors.view().row<T>(y)[x * format.channels + c];
                if (format.has_alpha() && c == format.channels - 1) {
                    EXPECT_EQ(l, r);
                    continue;
                }
                const double blended = p + s / 255.0 * (l - p);
                EXPECT_LE(std::abs(blended - r), 0.5 + 1e-9);
                if (s == 255) EXPECT_EQ(l, r);
                if (s == 0) EXPECT_EQ(p, r);
            }
        }
}

TEST(Layer, BlendedByItsMaskIsTheResult) {
    expect_blends_back<std::uint8_t>({3, SampleType::u8}, 1, true);
    expect_blends_back<std::uint16_t>({3, SampleType::u16}, 2, true);
    expect_blends_back<std::uint8_t>({1, SampleType::u8}, 3, true);
    expect_blends_back<std::uint8_t>({4, SampleType::u8}, 4, true);
}

TEST(Layer, AnyResultWhateverTheMask) {
    expect_blends_back<std::uint8_t>({3, SampleType::u8}, 5, false);
    expect_blends_back<std::uint16_t>({2, SampleType::u16}, 6, false);
}

TEST(Layer, ChangedPixelsAreThoseOfAnyChannel) {
    Image a({4, 1}, image::kRgb8), b({4, 1}, image::kRgb8);
    b.span().row<std::uint8_t>(0)[3 * 2 + 1] = 1;
    const Image changed = changed_pixels(a.view(), b.view());
    const auto* row = changed.view().row<std::uint8_t>(0);
    EXPECT_EQ((std::vector<int>{row[0], row[1], row[2], row[3]}), (std::vector<int>{0, 0, 255, 0}));
}

} // namespace
} // namespace mw::composite
