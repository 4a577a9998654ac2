#include "inpaint/patch_cost.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "inpaint/level.h"

namespace mw::inpaint {
namespace {

TEST(PatchCost, EveryInstructionSetAgreesWithPlainCode) {
    constexpr int kWidth = 24, kStride = kWidth * kGuideChannels;
    std::vector<std::int16_t> a(kStride * kWidth), b(a.size());
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        state = state * 1664525u + 1013904223u;
        a[i] = static_cast<std::int16_t>((state >> 8) % (kGuideMax + 1));
        b[i] = static_cast<std::int16_t>((state >> 18) % (kGuideMax + 1));
    }
    constexpr int kNone = std::numeric_limits<int>::max();
    for (int side = 3; side <= 15; side += 2) {
        for (int at = 0; at < 9; ++at) {
            const std::int16_t* p = a.data() + at * (kStride + kGuideChannels);
            const std::int16_t* q = b.data() + at * kStride;
            const int exact = patch_cost_portable(side)(p, q, kStride, kNone);
            EXPECT_EQ(patch_cost(side)(p, q, kStride, kNone), exact) << side;
            EXPECT_EQ(patch_cost(side)(p, q, kStride, exact), exact) << side;
            EXPECT_GT(patch_cost(side)(p, q, kStride, exact / 3), exact / 3) << side;
            EXPECT_EQ(patch_cost(side)(p, p, kStride, 0), 0) << side;
        }
    }
    // The largest possible sum fits.
    std::fill(a.begin(), a.end(), static_cast<std::int16_t>(kGuideMax));
    std::fill(b.begin(), b.end(), static_cast<std::int16_t>(0));
    EXPECT_EQ(patch_cost(15)(a.data(), b.data(), kStride, kNone),
              15 * 15 * kGuideChannels * kGuideMax * kGuideMax);
}

} // namespace
} // namespace mw::inpaint
