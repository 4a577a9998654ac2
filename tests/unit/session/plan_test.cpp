// What would be sent, and the crop the artist drags.
#include <gtest/gtest.h>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

struct Plan : testing::Test {
    SessionDriver driver;
    const edit::CropPlan& plan() const { return driver.view().plan.at(0).plan; }
    void ask_for(const std::function<void(RequestSettings&)>& change) {
        RequestSettings next = driver.view().request;
        change(next);
        driver.apply(SetRequest{next});
    }
};

TEST_F(Plan, ADraggedCropIsPlannedAndSent) {
    ASSERT_TRUE(driver.open({400, 300}));
    driver.paint(200, 150, 20);
    const Rect automatic = plan().crop;
    const Rect wanted{100, 60, 260, 200};
    ask_for([&](auto& r) { r.crop = wanted; });
    EXPECT_EQ(plan().crop, wanted);
    EXPECT_EQ(plan().request_size, wanted.size());
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.backend->request(0).plan.crop, wanted);
    ask_for([](auto& r) { r.crop.reset(); });
    EXPECT_EQ(plan().crop, automatic);
}

// It holds what is painted, also what is painted later.
TEST_F(Plan, TheCropGrowsToHoldTheMask) {
    ASSERT_TRUE(driver.open({400, 300}));
    driver.paint(200, 150, 20);
    ask_for([](auto& r) { r.crop = Rect{190, 140, 8, 8}; });
    EXPECT_TRUE(plan().crop.contains(driver.view().mask->bounds()));
    driver.paint(240, 150, 20);
    EXPECT_TRUE(plan().crop.contains(driver.view().mask->bounds()));
    EXPECT_TRUE(driver.view().request.crop);
}

TEST_F(Plan, ACropForAnotherPlaceIsForgotten) {
    ASSERT_TRUE(driver.open({400, 300}));
    driver.paint(60, 60, 20);
    ask_for([](auto& r) { r.crop = Rect{20, 20, 120, 120}; });
    driver.apply(ClearMask{});
    driver.paint(340, 240, 20);
    EXPECT_FALSE(driver.view().request.crop);
    EXPECT_EQ(driver.view().plan.size(), 1u);
    EXPECT_TRUE(driver.view().cannot_run.empty() ||
                driver.view().cannot_run == "Say what should change.");
    ask_for([](auto& r) { r.crop = Rect{300, 200, 90, 90}; });
    ASSERT_TRUE(driver.open({400, 300}, "next.png"));
    EXPECT_FALSE(driver.view().request.crop) << "a crop belongs to its picture";
}

TEST_F(Plan, FarIslandsAreRequestsOfTheirOwn) {
    ASSERT_TRUE(driver.open({3000, 200}));
    driver.paint(80, 80, 10);
    driver.paint(2900, 100, 10);
    EXPECT_EQ(driver.view().plan.size(), 2u);
    EXPECT_DOUBLE_EQ(driver.view().cost->high_usd, 0.04) << "each is paid for";
    ask_for([](auto& r) { r.islands = edit::Islands::together; });
    EXPECT_EQ(driver.view().plan.size(), 1u);
    EXPECT_DOUBLE_EQ(driver.view().cost->high_usd, 0.02);
    ask_for([](auto& r) { r.islands = edit::Islands::automatic; });
    ask_for([](auto& r) { r.crop = Rect{0, 0, 3000, 200}; });
    EXPECT_EQ(driver.view().plan.size(), 1u) << "a dragged crop is one crop";
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.backend->runs(), 1);
}

TEST_F(Plan, EnlargingAsksForMorePixels) {
    ASSERT_TRUE(driver.open({400, 300}));
    driver.paint(200, 150, 10);
    const Size once = plan().request_size;
    ask_for([](auto& r) { r.enlarge = 2; });
    EXPECT_NEAR(plan().request_size.width, 2 * once.width, 2);
    EXPECT_NEAR(plan().scale, 2, 0.05);
}

} // namespace
} // namespace mw::session
