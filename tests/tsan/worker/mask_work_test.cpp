// Selections and refinements in the background while everything else goes on: tried, kept, stopped,
// undone, painted over, closed.
#include <gtest/gtest.h>

#include <random>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

class Hand {
  public:
    explicit Hand(unsigned seed) : random_(seed) {}
    int below(int n) { return static_cast<int>(random_() % unsigned(n)); }
    Point point() { return {below(160), below(120)}; }
    CombineMode mode() { return static_cast<CombineMode>(below(4)); }

    worker::Shape shape() {
        const double x = below(140), y = below(100);
        switch (below(7)) {
            case 0:
                return worker::RectangleShape{{x, y, 30, 20}};
            case 1:
                return worker::EllipseShape{{x, y, 25, 40}};
            case 2:
                return worker::PolygonShape{{{x, y}, {x + 30, y}, {x, y + 30}}};
            case 3: {
                select::WandParams params;
                params.at = point();
                return params;
            }
            case 4: {
                select::ColorRangeParams params;
                params.at = {point()};
                return params;
            }
            case 5:
                return select::LuminanceRangeParams{};
            default: {
                select::SmartSelectParams params;
                params.box = {below(100), below(70), 40, 40};
                return params;
            }
        }
    }

    Action action() {
        SelectSettings settings;
        settings.wand_tolerance = below(40);
        settings.color_tolerance = 1 + below(40);
        settings.high = below(100);
        const Refinement how{static_cast<RefineKind>(below(9)), below(12) / 2.0};
        switch (below(18)) {
            case 0:
            case 1:
            case 2:
                return Select{shape(), mode()};
            case 3:
            case 4:
                return SetSelect{settings, below(3) != 0};
            case 5:
                return TryRefine{how};
            case 6:
                return RefineMask{how, below(2) == 0};
            case 7:
                return CancelMaskWork{};
            case 8:
                return Undo{};
            case 9:
                return Redo{};
            case 10:
                return ScribbleObject{
                    {{double(below(160)), double(below(120)), 1, 0}}, 5, below(3) == 0, mode()};
            case 11:
                return WireAnchor{point()};
            case 12:
                return WireTo{point()};
            case 13:
                if (below(3) == 0) return WireBack{};
                return WireClose{mode()};
            case 14:
                return BeginStroke{
                    {double(below(160)), double(below(120)), 1, 0}, below(3) == 0, below(2) == 0};
            case 15:
                return EndStroke{};
            case 16:
                return below(2) == 0 ? Action(InvertMask{}) : Action(ClearMask{});
            default:
                return SetTool{static_cast<Tool>(below(13))};
        }
    }

  private:
    std::mt19937 random_;
};

TEST(MaskWork, StormOnOneMask) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
        Hand hand(seed);
        SessionDriver driver;
        ASSERT_TRUE(driver.open({160, 120}));
        for (int step = 0; step < 250; ++step) {
            driver.apply(hand.action());
            if (hand.below(3) == 0) driver.session().pump();
            if (hand.below(20) == 0) {
                driver.until([&] { return driver.view().selection.working.empty(); });
            }
            const SessionView& view = driver.view();
            ASSERT_NE(view.mask, nullptr);
            ASSERT_EQ(view.mask->size(), (Size{160, 120})) << step;
            if (view.selection.previewing) {
                ASSERT_NE(view.mask, &view.document->mask) << step;
            }
        }
        driver.apply(EndStroke{});
        driver.apply(CancelMaskWork{});
        ASSERT_TRUE(driver.until_idle());
        const SessionView& view = driver.view();
        EXPECT_FALSE(view.selection.previewing);
        EXPECT_EQ(view.mask, &view.document->mask);
        EXPECT_EQ(view.selection.counted_revision, view.mask_revision);
        EXPECT_EQ(view.selection.pixels, view.mask->support_area());
        EXPECT_EQ(view.selection.bounds, view.mask->bounds());
        // Whatever was done is undone to the last pixel, and done again.
        const mask::Mask end = *view.mask;
        while (!view.undo_name.empty())
            driver.apply(Undo{});
        EXPECT_TRUE(driver.view().mask->empty());
        while (!view.redo_name.empty())
            driver.apply(Redo{});
        EXPECT_EQ(*driver.view().mask, end);
    }
}

TEST(MaskWork, ClosedAtEveryMoment) {
    for (int round = 0; round < 8; ++round) {
        Hand hand(100u + static_cast<unsigned>(round));
        SessionDriver driver;
        ASSERT_TRUE(driver.open({160, 120}));
        for (int i = 0; i < 4 + round; ++i)
            driver.apply(hand.action());
        if (round % 3 == 1) driver.session().pump();
        if (round % 2) driver.apply(CloseDocument{true});
        driver.close();
    }
}

} // namespace
} // namespace mw::session
