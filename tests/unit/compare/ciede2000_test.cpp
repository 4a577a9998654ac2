#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "compare/ciede2000.h"
#include "compare/delta_e.h"
#include "compare/metrics.h"
#include "image/color.h"

namespace mw::compare {
namespace {

struct Row {
    std::array<double, 3> a, b;
    double expected;
};

// Table 1 of Sharma, Wu, Dalal 2005.
constexpr Row kPairs[] = {
    {{50.0000, 2.6772, -79.7751}, {50.0000, 0.0000, -82.7485}, 2.0425},
    {{50.0000, 3.1571, -77.2803}, {50.0000, 0.0000, -82.7485}, 2.8615},
    {{50.0000, 2.8361, -74.0200}, {50.0000, 0.0000, -82.7485}, 3.4412},
    {{50.0000, -1.3802, -84.2814}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -1.1848, -84.8006}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -0.9009, -85.5211}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, 0.0000, 0.0000}, {50.0000, -1.0000, 2.0000}, 2.3669},
    {{50.0000, -1.0000, 2.0000}, {50.0000, 0.0000, 0.0000}, 2.3669},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0009}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0010}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0011}, 7.2195},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0012}, 7.2195},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0009, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0010, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0011, -2.4900}, 4.7461},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 0.0000, -2.5000}, 4.3065},
    {{50.0000, 2.5000, 0.0000}, {73.0000, 25.0000, -18.0000}, 27.1492},
    {{50.0000, 2.5000, 0.0000}, {61.0000, -5.0000, 29.0000}, 22.8977},
    {{50.0000, 2.5000, 0.0000}, {56.0000, -27.0000, -3.0000}, 31.9030},
    {{50.0000, 2.5000, 0.0000}, {58.0000, 24.0000, 15.0000}, 19.4535},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.1736, 0.5854}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2972, 0.0000}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 1.8634, 0.5757}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2592, 0.3350}, 1.0000},
    {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
    {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},
    {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},
    {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},
    {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
    {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},
    {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},
    {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},
    {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},
    {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
};

TEST(Ciede2000, TheThirtyFourPublishedPairs) {
    static_assert(std::size(kPairs) == 34);
    for (const Row& row : kPairs) {
        EXPECT_NEAR(ciede2000(row.a, row.b), row.expected, 1e-4) << row.a[1] << " " << row.b[1];
        EXPECT_NEAR(ciede2000(row.b, row.a), row.expected, 1e-4);
    }
}

TEST(Ciede2000, FloatIsCloseToDouble) {
    for (const Row& row : kPairs) {
        // Pairs 9 to 15 straddle a jump of the hue's mean that floats cannot resolve.
        if (std::abs(row.a[1]) < 0.01 || std::abs(row.a[2]) < 0.01) continue;
        float a[3], b[3];
        for (int i = 0; i < 3; ++i)
            a[i] = float(row.a[std::size_t(i)]), b[i] = float(row.b[std::size_t(i)]);
        EXPECT_NEAR(ciede2000_of<float>(a, b), row.expected, 5e-4);
    }
}

// Row by row as pictures are: against the definition in double, over colours far and near.
TEST(Ciede2000, RowsAreCloseToDouble) {
    std::mt19937 random(1);
    constexpr int kCount = 30000;
    std::vector<float> planes[6];
    for (auto& p : planes)
        p.resize(kCount);
    for (std::size_t i = 0; i < kCount; ++i)
        for (std::size_t c = 0; c < 3; ++c) {
            const float v = float(random() % 256) / 255;
            const float step = float(int(random() % 17) - 8) / 255;
            planes[c][i] = image::srgb_to_linear(v);
            planes[c + 3][i] = i % 3 == 0 ? image::srgb_to_linear(float(random() % 256) / 255)
                                          : image::srgb_to_linear(std::clamp(v + step, 0.0f, 1.0f));
        }
    std::vector<float> out(kCount);
    const float* const a[] = {planes[0].data(), planes[1].data(), planes[2].data()};
    const float* const b[] = {planes[3].data(), planes[4].data(), planes[5].data()};
    delta_e_row(a, b, out.data(), kCount);
    int far_apart = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
        const image::Float3 p = image::linear_to_lab({a[0][i], a[1][i], a[2][i]});
        const image::Float3 q = image::linear_to_lab({b[0][i], b[1][i], b[2][i]});
        const double want = ciede2000({p[0], p[1], p[2]}, {q[0], q[1], q[2]});
        // Hues almost opposite each other: the mean hue jumps there, by definition.
        const double angle = std::abs(std::atan2(p[2], p[1]) - std::atan2(q[2], q[1]));
        if (std::abs(angle - std::numbers::pi) < 0.05) {
            ++far_apart;
            continue;
        }
        ASSERT_NEAR(double(out[i]), want, 2e-3 + 1e-4 * want) << p[0] << " " << p[1] << " " << p[2];
    }
    EXPECT_LT(far_apart, kCount / 20);
    delta_e_row(a, a, out.data(), kCount);
    EXPECT_EQ(*std::max_element(out.begin(), out.end()), 0.0f);
}

} // namespace
} // namespace mw::compare
