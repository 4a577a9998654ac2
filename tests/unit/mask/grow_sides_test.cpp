// Growing to each side by its own amount.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "art.h"
#include "mask/refine.h"
#include "mask/shapes.h"

namespace mw::mask {
namespace {

// Every source pixel stamped as the four quarter ellipses.
Mask reference(const Mask& mask, const SidesPx& by) {
    const Size size = mask.size();
    image::Image out(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int dy = -by.above; dy <= by.below; ++dy)
                for (int dx = -by.left; dx <= by.right; ++dx) {
                    const double across = dx < 0 ? by.left : by.right;
                    const double along = dy < 0 ? by.above : by.below;
                    const double u = dx == 0 ? 0 : dx / across, v = dy == 0 ? 0 : dy / along;
                    if (u * u + v * v > 1 + 1e-9 || !mask.rect().contains(Point{x + dx, y + dy}))
                        continue;
                    auto& to = out.span().row<std::uint8_t>(y + dy)[x + dx];
                    to = std::max(to, mask.at(x, y));
                }
    Mask made(size);
    made.write(mask.rect(), out.view());
    return made;
}

TEST(GrowSides, IsEveryPixelStamped) {
    std::mt19937 random(4);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    for (int round = 0; round < 30; ++round) {
        const Size size{1 + below(180), 1 + below(60)};
        Mask mask(size);
        for (int i = 0; i < 6; ++i)
            mask.write({below(size.width), below(size.height), 1, 1},
                       [&] {
                           image::Image one({1, 1}, image::kGray8);
                           one.bytes()[0] = static_cast<std::byte>(1 + below(255));
                           return one;
                       }()
                           .view());
        const SidesPx by{below(9), below(7), below(9), below(7)};
        EXPECT_EQ(grow_sides(mask, by), reference(mask, by)) << "round " << round;
    }
}

TEST(GrowSides, OneSideMovesNoOther) {
    const Mask mask = rectangle({200, 100}, {80, 40, 20, 10});
    EXPECT_EQ(grow_sides(mask, {14, 0, 0, 0}).bounds(), (Rect{66, 40, 34, 10}));
    EXPECT_EQ(grow_sides(mask, {0, 3, 0, 7}).bounds(), (Rect{80, 37, 20, 20}));
    EXPECT_EQ(grow_sides(mask, {0, 0, 500, 0}).bounds(), (Rect{80, 40, 120, 10}));
    EXPECT_EQ(grow_sides(mask, {-5, 0, 0, 0}), mask);
    EXPECT_TRUE(grow_sides(Mask({10, 10}), {4, 4, 4, 4}).empty());
}

} // namespace
} // namespace mw::mask
