// Refinements with a live preview, kept masks, painting within a selection, straight lines.
#include <gtest/gtest.h>

#include <cmath>

#include "mask/cleanup.h"
#include "mask/refine.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

class Refining : public ::testing::Test {
  protected:
    void open_with_square() {
        ASSERT_TRUE(driver.open({300, 200}));
        driver.apply(Select{worker::RectangleShape{{100, 60, 100, 80}}, CombineMode::replace});
        ASSERT_TRUE(driver.until_idle());
        square = *driver.view().mask;
    }
    void attempt(RefineKind kind, double amount) { driver.apply(TryRefine{{kind, amount}}); }
    bool seen() {
        return driver.until([&] { return s().previewing && !driver.session().busy(); });
    }
    void keep(RefineKind kind, double amount, bool anew = false) {
        driver.apply(RefineMask{{kind, amount}, anew});
        ASSERT_TRUE(driver.until_idle());
    }
    const SelectionView& s() { return driver.view().selection; }
    SessionDriver driver;
    mask::Mask square;
};

TEST_F(Refining, EachIsWhatTheMaskRoomMakesOfIt) {
    open_with_square();
    const std::pair<Refinement, mask::Mask> cases[] = {
        {{RefineKind::grow, 7.5}, mask::grow(square, 7.5)},
        {{RefineKind::shrink, 9}, mask::shrink(square, 9)},
        {{RefineKind::feather, 6}, mask::feather(square, 6)},
        {{RefineKind::smooth, 12}, mask::smooth(square, 12)},
        {{RefineKind::border, 5}, mask::border(square, 5, 5)},
        {{RefineKind::contrast, 0.5}, square},
        {{RefineKind::remove_islands, 8001}, mask::Mask(square.size())},
        {{RefineKind::fill_holes, 0}, square},
        {{RefineKind::invert, 0}, mask::inverted(square)},
    };
    for (const auto& [how, wanted] : cases) {
        keep(how.kind, how.amount, true);
        EXPECT_EQ(*driver.view().mask, wanted) << int(how.kind);
        EXPECT_EQ(s().pixels, wanted.support_area());
        EXPECT_EQ(s().bounds, wanted.bounds());
        if (!(wanted == square)) driver.apply(Undo{});
        EXPECT_EQ(*driver.view().mask, square) << int(how.kind);
    }
}

TEST_F(Refining, LiveWhileTheSliderIsHeldOneStepWhenLetGo) {
    open_with_square();
    attempt(RefineKind::grow, 3);
    attempt(RefineKind::grow, 6);
    attempt(RefineKind::grow, 12);
    ASSERT_TRUE(seen());
    EXPECT_EQ(*driver.view().mask, mask::grow(square, 12));
    EXPECT_EQ(driver.view().document->mask, square);
    EXPECT_EQ(driver.view().undo_name, "Rectangle");
    EXPECT_EQ(s().refinement, (Refinement{RefineKind::grow, 12}));
    driver.apply(RefineMask{{RefineKind::grow, 12}});
    EXPECT_EQ(driver.view().document->mask, mask::grow(square, 12)) << "it was known already";
    EXPECT_EQ(driver.view().undo_name, "Grow mask");
    EXPECT_EQ(s().refinement, (Refinement{RefineKind::grow, 12}));
    // Pulled again: the same step with another amount.
    attempt(RefineKind::grow, 20);
    ASSERT_TRUE(seen());
    EXPECT_EQ(*driver.view().mask, mask::grow(square, 20));
    keep(RefineKind::grow, 4);
    EXPECT_EQ(*driver.view().mask, mask::grow(square, 4));
    // Another slider is a step of its own, and the first one is at rest again.
    keep(RefineKind::feather, 5);
    EXPECT_EQ(*driver.view().mask, mask::feather(mask::grow(square, 4), 5));
    EXPECT_EQ(s().refinement, (Refinement{RefineKind::feather, 5}));
    keep(RefineKind::feather, 5, true); // asked for again by its key
    EXPECT_EQ(*driver.view().mask, mask::feather(mask::feather(mask::grow(square, 4), 5), 5));
    driver.apply(Undo{});
    driver.apply(Undo{});
    driver.apply(Undo{});
    EXPECT_EQ(*driver.view().mask, square);
    EXPECT_FALSE(s().refinement);
    driver.apply(Redo{});
    EXPECT_EQ(*driver.view().mask, mask::grow(square, 4));
}

TEST_F(Refining, BackToNothingIsNoStep) {
    open_with_square();
    keep(RefineKind::grow, 4);
    attempt(RefineKind::grow, 0);
    keep(RefineKind::grow, 0);
    EXPECT_EQ(*driver.view().mask, square);
    EXPECT_EQ(driver.view().undo_name, "Rectangle");
    EXPECT_EQ(driver.view().redo_name, "");
}

TEST_F(Refining, EscGoesBackInMidPreview) {
    open_with_square();
    for (int round = 0; round < 4; ++round) {
        attempt(RefineKind::smooth, 10 + round);
        if (round % 2) {
            ASSERT_TRUE(seen());
        }
        driver.apply(CancelMaskWork{});
        EXPECT_EQ(*driver.view().mask, square);
        if (round > 1) {
            ASSERT_TRUE(driver.until_idle());
        }
    }
    EXPECT_EQ(*driver.view().mask, square);
    EXPECT_EQ(driver.view().undo_name, "Rectangle");
    EXPECT_TRUE(driver.view().notices.empty());
}

// A preview is nothing that other commands act on.
TEST_F(Refining, OtherCommandsDropAPreview) {
    open_with_square();
    const Actions actions{BeginStroke{{5, 5, 1, 0}},
                          InvertMask{},
                          ClearMask{},
                          Undo{},
                          Select{worker::RectangleShape{{0, 0, 5, 5}}, CombineMode::add},
                          RefineMask{{RefineKind::grow, 1}}};
    for (const Action& action : actions) {
        attempt(RefineKind::smooth, 30);
        ASSERT_TRUE(seen());
        driver.apply(action);
        driver.apply(EndStroke{});
        ASSERT_TRUE(driver.until_idle());
        EXPECT_FALSE(s().previewing);
        if (!(*driver.view().mask == square)) driver.apply(Undo{});
        EXPECT_EQ(*driver.view().mask, square) << action.index();
    }
}

TEST_F(Refining, AnotherLargeMaskGoesToTheBackgroundWhole) {
    ASSERT_TRUE(driver.open({3000, 2000}));
    // Noise makes every tile a mixed one: more than is looked at within a frame.
    mask::Mask noise({3000, 2000});
    image::Image rows({3000, 2000}, image::kGray8);
    std::uint32_t seed = 7;
    for (int y = 0; y < 2000; ++y)
        for (int x = 0; x < 3000; ++x) {
            seed = seed * 1664525u + 1013904223u;
            rows.span().pixel<std::uint8_t>(x, y)[0] = static_cast<std::uint8_t>(seed >> 24);
        }
    noise.write(noise.rect(), rows.view());
    driver.apply(Select{worker::GivenShape{noise}, CombineMode::replace});
    ASSERT_TRUE(driver.until_idle());
    driver.apply(InvertMask{});
    EXPECT_EQ(s().working, "Invert mask");
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, mask::inverted(noise));
    driver.paint(1500, 1000, 40);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(s().counted_revision, driver.view().mask_revision);
    EXPECT_EQ(s().pixels, driver.view().mask->support_area());
    driver.apply(ClearMask{});
    driver.apply(FillMask{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(s().pixels, 3000 * 2000);
}

TEST_F(Refining, KeptMasks) {
    open_with_square();
    const auto& slots = driver.view().document->slots;
    driver.apply(SaveSlot{"  the square \n"});
    driver.apply(ClearMask{});
    driver.apply(SaveSlot{"nothing"});
    EXPECT_TRUE(driver.has_notice("no mask to keep"));
    driver.paint(20, 20, 9);
    driver.apply(SaveSlot{});
    ASSERT_EQ(slots.size(), 2u);
    EXPECT_EQ(slots[0].name, "the square");
    EXPECT_EQ(slots[1].name, "Mask 2");
    const int id = slots[0].id;
    driver.apply(RecallSlot{id, CombineMode::add});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().undo_name, "Recall mask");
    mask::Mask both = square;
    mask::combine(both, slots[1].mask, CombineMode::add);
    EXPECT_EQ(*driver.view().mask, both);
    driver.apply(Undo{});
    EXPECT_EQ(*driver.view().mask, slots[1].mask);
    driver.apply(RecallSlot{id, CombineMode::replace});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, square);
    driver.apply(RecallSlot{id, CombineMode::subtract});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.view().mask->empty());
    driver.apply(RenameSlot{id, "box"});
    driver.apply(RenameSlot{id, "   "});
    EXPECT_EQ(slots[0].name, "box");
    driver.apply(DeleteSlot{id});
    ASSERT_EQ(slots.size(), 1u);
    ASSERT_TRUE(driver.last_button());
    driver.apply(*driver.last_button());
    ASSERT_EQ(slots.size(), 2u);
    EXPECT_EQ(slots[0].name, "box");
    driver.apply(*driver.last_button());
    EXPECT_EQ(slots.size(), 2u) << "only once";
    for (const Action& action : Actions{RecallSlot{99}, RenameSlot{99, "x"}, DeleteSlot{99}})
        driver.apply(action);
    driver.apply(SaveSlot{std::string(300, 'x')});
    EXPECT_TRUE(driver.has_notice("no mask to keep")) << "the mask is empty";
}

TEST_F(Refining, TheMaskOfAnyResultCanBeTakenUp) {
    open_with_square();
    driver.ask("one");
    ASSERT_TRUE(driver.until_idle());
    driver.apply(ClearMask{});
    driver.paint(20, 20, 9);
    const mask::Mask dab = *driver.view().mask;
    driver.apply(CopyMask{1, CombineMode::replace});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, square);
    driver.apply(Undo{});
    EXPECT_EQ(*driver.view().mask, dab);
    driver.apply(CopyMask{0, CombineMode::replace});
    driver.apply(CopyMask{17, CombineMode::replace});
    EXPECT_EQ(*driver.view().mask, dab);
    EXPECT_TRUE(driver.has_notice("with no mask"));
}

TEST_F(Refining, PaintingIsHeldToASelection) {
    open_with_square();
    driver.apply(SetPaintLimit{true});
    ASSERT_TRUE(s().limit);
    driver.apply(ClearMask{});
    driver.paint(100, 100, 30); // half of it lies outside
    EXPECT_EQ(driver.view().mask->at(85, 100), 0);
    EXPECT_EQ(driver.view().mask->at(115, 100), 255);
    driver.apply(SetPaintLimit{false});
    EXPECT_FALSE(s().limit);
    driver.paint(100, 100, 30);
    EXPECT_EQ(driver.view().mask->at(85, 100), 255);
    driver.apply(ClearMask{});
    driver.apply(SetPaintLimit{true});
    EXPECT_FALSE(s().limit);
    EXPECT_TRUE(driver.has_notice("select something first"));
}

TEST_F(Refining, AStraightLineFromTheLastStroke) {
    ASSERT_TRUE(driver.open({300, 200}));
    mask::Brush brush;
    brush.radius_px = 5;
    brush.hardness = 1;
    brush.stabiliser = 0.9;
    driver.apply(SetBrush{brush});
    EXPECT_FALSE(s().stroke_end);
    driver.apply(BeginStroke{{40, 50, 1, 0}, false, true}); // nothing to join: a dab
    driver.apply(EndStroke{});
    ASSERT_TRUE(s().stroke_end);
    driver.apply(BeginStroke{{240, 150, 1, 1}, false, true});
    driver.apply(EndStroke{});
    // Against the capsule from one to the other.
    mask::Brush plain = brush;
    plain.stabiliser = 0;
    const mask::Mask wanted =
        mask::paint_stroke(mask::Mask({300, 200}), plain, {{40, 50, 1, 0}, {240, 150, 1, 1}});
    int worst = 0;
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 300; ++x)
            worst = std::max(worst, std::abs(driver.view().mask->at(x, y) - wanted.at(x, y)));
    EXPECT_LE(worst, 2);
    EXPECT_EQ(*s().stroke_end, (PointF{240, 150}));
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().mask->at(140, 100), 0) << "one step";
    driver.apply(BeginStroke{{std::nan(""), 1, 1, 0}, false, true});
    driver.apply(EndStroke{});
    driver.apply(CloseDocument{true});
    EXPECT_FALSE(s().stroke_end);
}

} // namespace
} // namespace mw::session
