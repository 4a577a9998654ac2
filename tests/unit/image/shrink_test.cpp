#include "image/shrink.h"

#include <gtest/gtest.h>

#include "image/resample.h"

namespace mw::image {
namespace {

TEST(Shrink, TheLongerSideFitsAndTheShapeStays) {
    const Image wide({400, 100}, kRgba8), tall({30, 1000}, kRgb8);
    EXPECT_EQ(shrink_into(wide.view(), 96).size(), (Size{96, 24}));
    EXPECT_EQ(shrink_into(tall.view(), 10).size(), (Size{1, 10})); // each side keeps a pixel
}

TEST(Shrink, NothingIsMadeLarger) {
    Image small({7, 5}, kRgb8);
    std::ranges::fill(small.bytes(), std::byte{90});
    EXPECT_TRUE(identical(shrink_into(small.view(), 96).view(), small.view()));
}

} // namespace
} // namespace mw::image
