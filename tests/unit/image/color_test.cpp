#include "image/color.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mw::image {
namespace {

TEST(Color, srgb_transfer_goes_both_ways) {
    for (int i = -300; i <= 600; ++i) {
        const float e = static_cast<float>(i) / 255;
        EXPECT_NEAR(linear_to_srgb(srgb_to_linear(e)), e, 2e-5f * (1 + std::abs(e)));
    }
    EXPECT_FLOAT_EQ(srgb_to_linear(0), 0);
    EXPECT_NEAR(srgb_to_linear(1), 1, 1e-6);
    EXPECT_NEAR(srgb_to_linear(0.5f), 0.2140411f, 1e-6);
    EXPECT_NEAR(srgb_to_linear(0.04045f), 0.04045f / 12.92f, 1e-7);
}

TEST(Color, lab_of_known_colours) {
    const Float3 white = linear_to_lab({1, 1, 1});
    EXPECT_NEAR(white[0], 100, 1e-3);
    EXPECT_NEAR(white[1], 0, 2e-2);
    EXPECT_NEAR(white[2], 0, 2e-2);
    const Float3 red = linear_to_lab({1, 0, 0}); // Lindbloom: 53.24, 80.09, 67.20
    EXPECT_NEAR(red[0], 53.24, 0.02);
    EXPECT_NEAR(red[1], 80.09, 0.03);
    EXPECT_NEAR(red[2], 67.20, 0.03);
    EXPECT_NEAR(linear_to_lab({0, 0, 0})[0], 0, 1e-4);
}

TEST(Color, oklab_of_known_colours) {
    const Float3 white = linear_to_oklab({1, 1, 1});
    EXPECT_NEAR(white[0], 1, 1e-4);
    EXPECT_NEAR(white[1], 0, 1e-4);
    const Float3 red = linear_to_oklab({1, 0, 0});
    EXPECT_NEAR(red[0], 0.6280, 1e-3);
    EXPECT_NEAR(red[1], 0.2249, 1e-3);
    EXPECT_NEAR(red[2], 0.1258, 1e-3);
}

TEST(Color, spaces_go_both_ways) {
    for (float r = 0; r <= 1; r += 0.1f)
        for (float g = 0; g <= 1; g += 0.1f)
            for (float b = 0; b <= 1; b += 0.1f) {
                const Float3 c{r, g, b}, lab = lab_to_linear(linear_to_lab(c)),
                                         ok = oklab_to_linear(linear_to_oklab(c));
                for (std::size_t i = 0; i < 3; ++i) {
                    EXPECT_NEAR(lab[i], c[i], 2e-5);
                    EXPECT_NEAR(ok[i], c[i], 2e-5);
                }
            }
}

} // namespace
} // namespace mw::image
