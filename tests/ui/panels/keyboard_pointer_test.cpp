#include "ui/keyboard_pointer.h"

#include <gmock/gmock.h>

#include "desk.h"
#include "ui/canvas_panel.h"

namespace mw::ui::test {
namespace {

using namespace session;

class KeyboardPointerKeys : public Desk {
  protected:
    void turn_on() {
        press(ImGuiKey_F2, ImGuiMod_Ctrl);
        frame();
        actions.clear();
    }
    PointF at() const { return image_point(view, shell.canvas, shell.canvas.last); }
};

TEST_F(KeyboardPointerKeys, BeginsInTheMiddleAndSaysItsKeys) {
    open_picture();
    EXPECT_FALSE(look_state.widgets.contains("canvas.keyboard"));
    turn_on();
    EXPECT_TRUE(shell.canvas.keyboard.on);
    EXPECT_NEAR(at().x, 320, 1);
    EXPECT_NEAR(at().y, 240, 1);
    EXPECT_TRUE(look_state.widgets.contains("canvas.keyboard"));
    press(ImGuiKey_F2, ImGuiMod_Ctrl);
    frame();
    EXPECT_FALSE(shell.canvas.keyboard.on);
}

TEST_F(KeyboardPointerKeys, ArrowsMoveByPixelsOfThePicture) {
    open_picture();
    press(ImGuiKey_2, ImGuiMod_Ctrl); // 200 %: a pixel of the picture is two of the window
    turn_on();
    const PointF from = at();
    press(ImGuiKey_RightArrow);
    press(ImGuiKey_DownArrow, ImGuiMod_Shift);
    EXPECT_NEAR(at().x - from.x, 1, 1e-6);
    EXPECT_NEAR(at().y - from.y, 10, 1e-6);
    press(ImGuiKey_LeftArrow, ImGuiMod_Ctrl);
    EXPECT_NEAR(at().x - from.x, -99, 1e-6);
    EXPECT_TRUE(actions.empty() || count<BeginStroke>() == 0);
}

TEST_F(KeyboardPointerKeys, EnterHoldsUntilItIsPressedAgain) {
    open_picture();
    turn_on();
    press(ImGuiKey_Enter);
    EXPECT_EQ(count<BeginStroke>(), 1);
    const double x = last<BeginStroke>().sample.x;
    press(ImGuiKey_RightArrow, ImGuiMod_Shift);
    press(ImGuiKey_DownArrow, ImGuiMod_Shift);
    EXPECT_EQ(count<ExtendStroke>(), 2);
    EXPECT_GT(last<ExtendStroke>().sample.x, x + 1);
    EXPECT_GT(last<ExtendStroke>().sample.y, last<BeginStroke>().sample.y + 1)
        << "Shift says how far, and bends nothing";
    EXPECT_EQ(count<EndStroke>(), 0);
    press(ImGuiKey_Enter);
    EXPECT_EQ(count<EndStroke>(), 1);
}

TEST_F(KeyboardPointerKeys, SpaceIsAClickAndDoesNotPan) {
    open_picture();
    turn_on();
    const PointF center = shell.canvas.view.center;
    press(ImGuiKey_Space);
    EXPECT_EQ(count<BeginStroke>(), 1);
    EXPECT_EQ(count<EndStroke>(), 1);
    EXPECT_FALSE(shell.canvas.space);
    EXPECT_EQ(shell.canvas.view.center.x, center.x);
}

TEST_F(KeyboardPointerKeys, ASelectionIsDrawnAndAddedTo) {
    open_picture();
    view.tool = Tool::rectangle;
    turn_on();
    press(ImGuiKey_Enter, ImGuiMod_Shift);
    for (int i = 0; i < 3; ++i) {
        press(ImGuiKey_RightArrow, ImGuiMod_Shift);
        press(ImGuiKey_DownArrow);
    }
    press(ImGuiKey_Enter);
    ASSERT_EQ(count<Select>(), 1);
    EXPECT_EQ(last<Select>().mode, CombineMode::add);
}

TEST_F(KeyboardPointerKeys, EnterClosesAPolygonWhoseCornersAreClicks) {
    open_picture();
    view.tool = Tool::polygon;
    turn_on();
    press(ImGuiKey_Space);
    press(ImGuiKey_RightArrow, ImGuiMod_Ctrl);
    press(ImGuiKey_Space);
    press(ImGuiKey_DownArrow, ImGuiMod_Ctrl);
    press(ImGuiKey_Space);
    EXPECT_EQ(count<Select>(), 0);
    press(ImGuiKey_Enter);
    EXPECT_EQ(count<Select>(), 1);
}

TEST_F(KeyboardPointerKeys, EscDropsAStrokeFirstAndThenEnds) {
    open_picture();
    turn_on();
    press(ImGuiKey_Enter);
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<AbortStroke>(), 1);
    EXPECT_TRUE(shell.canvas.keyboard.on);
    frame();
    EXPECT_FALSE(shell.canvas.keyboard.held);
    press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.canvas.keyboard.on);
}

TEST_F(KeyboardPointerKeys, TurnedOffWhileItHoldsItLetsGo) {
    open_picture();
    turn_on();
    press(ImGuiKey_Enter);
    press(ImGuiKey_F2, ImGuiMod_Ctrl);
    frame();
    EXPECT_EQ(count<EndStroke>(), 1);
    EXPECT_EQ(shell.canvas.gesture, Gesture::none);
}

TEST_F(KeyboardPointerKeys, ThePictureComesAlongAtAnEdge) {
    open_picture({4000, 3000});
    press(ImGuiKey_1, ImGuiMod_Ctrl);
    turn_on();
    for (int i = 0; i < 60; ++i)
        press(ImGuiKey_LeftArrow, ImGuiMod_Ctrl);
    EXPECT_NEAR(at().x, 0, 1000) << "the far edge came into reach";
    EXPECT_LT(at().x, 100);
    EXPECT_TRUE(shell.canvas.area.contains(
        Point{static_cast<int>(shell.canvas.last.x), static_cast<int>(shell.canvas.last.y)}));
    // And no further than the picture's edge.
    EXPECT_GE(on_screen({0, 0}).x, shell.canvas.area.x - 1.0);
}

TEST_F(KeyboardPointerKeys, ArrowsDoNotMoveBMeanwhile) {
    open_picture();
    show(add_iteration());
    view.compare.mode = CompareMode::wipe;
    turn_on();
    press(ImGuiKey_RightArrow);
    EXPECT_EQ(view.compare.nudge, (Point{}));
}

TEST_F(KeyboardPointerKeys, TextsKeepTheirKeys) {
    open_picture();
    turn_on();
    press(ImGuiKey_L, ImGuiMod_Ctrl);
    settle();
    const PointF before = at();
    press(ImGuiKey_RightArrow);
    press(ImGuiKey_Enter);
    EXPECT_EQ(at().x, before.x);
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Desk, TheEmptyWindowIsWalkedByKeyboard) {
    shell.sample = "/tmp/sample.png";
    press(ImGuiKey_F2);
    settle();
    EXPECT_FALSE(shell.enter_panels) << "asked for once";
    for (int i = 0; i < 8 && look_state.focused != "empty.sample"; ++i) {
        press(ImGuiKey_Tab);
        settle();
    }
    EXPECT_EQ(look_state.focused, "empty.sample");
    press(ImGuiKey_Escape);
    // A dialog stays open afterwards.
    press(ImGuiKey_O, ImGuiMod_Ctrl);
    settle();
    EXPECT_TRUE(look_state.widgets.contains("dialog.open.path"));
}

} // namespace
} // namespace mw::ui::test
