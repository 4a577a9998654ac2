// The crop on the canvas and what is sent.
#include "desk.h"
#include "ui/crop_tool.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Crop : public Desk {
  protected:
    // A picture of 640 x 480 with one planned crop.
    void planned(const Rect& crop = {100, 80, 320, 240}) {
        open_picture();
        edit::PlannedPart part;
        part.mask = document->mask;
        part.plan.crop = crop;
        part.plan.request_size = crop.size();
        view.plan = {part};
        view.tool = Tool::crop;
        settle();
        actions.clear();
    }
    void press_at(PointF image, double time) {
        PointerEvent e;
        e.kind = PointerKind::down;
        e.at = on_screen(image);
        e.time = time;
        events.push_back(e);
        frame();
    }
    void drag(PointF from, PointF to, bool release = true) {
        pointer(PointerKind::move, on_screen(from));
        pointer(PointerKind::down, on_screen(from));
        pointer(PointerKind::move, on_screen({(from.x + to.x) / 2, (from.y + to.y) / 2}));
        pointer(PointerKind::move, on_screen(to));
        if (release) pointer(PointerKind::up, on_screen(to));
        frame();
    }
};

TEST_F(Crop, AnEdgeIsDragged) {
    planned();
    drag({420, 200}, {500, 215});
    EXPECT_EQ(last<SetRequest>().settings.crop, (Rect{100, 80, 400, 240}));
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Crop, ACornerAndTheWholeOfIt) {
    planned();
    drag({100, 80}, {60, 30});
    EXPECT_EQ(last<SetRequest>().settings.crop, (Rect{60, 30, 360, 290}));
    view.request.crop.reset();
    drag({260, 200}, {1000, 190});
    EXPECT_EQ(last<SetRequest>().settings.crop, (Rect{320, 70, 320, 240})) << "within the picture";
}

TEST_F(Crop, AShakingHandDragsNothing) {
    planned();
    drag({260, 200}, {261, 200});
    EXPECT_EQ(count<SetRequest>(), 0);
}

TEST_F(Crop, EscTakesTheDragBack) {
    planned();
    drag({420, 200}, {500, 200}, false);
    ASSERT_TRUE(view.request.crop);
    press(ImGuiKey_Escape);
    EXPECT_EQ(last<SetRequest>().settings.crop, std::nullopt);
    actions.clear();
    pointer(PointerKind::move, on_screen({600, 200}));
    pointer(PointerKind::up, on_screen({600, 200}));
    frame();
    EXPECT_EQ(count<SetRequest>(), 0);
}

TEST_F(Crop, TwoPressesAskForTheAutomaticCrop) {
    planned();
    view.request.crop = Rect{0, 0, 640, 480};
    press_at({260, 200}, 10.0);
    pointer(PointerKind::up, on_screen({260, 200}));
    frame();
    EXPECT_EQ(count<SetRequest>(), 0);
    press_at({260, 200}, 10.2);
    EXPECT_EQ(last<SetRequest>().settings.crop, std::nullopt);
}

TEST_F(Crop, ButtonsAskForTheAutomaticCrop) {
    planned();
    EXPECT_FALSE(widget("crop.auto").enabled);
    view.request.crop = Rect{0, 0, 640, 480};
    settle();
    click("crop.auto");
    EXPECT_EQ(last<SetRequest>().settings.crop, std::nullopt);
    view.request.crop = Rect{0, 0, 640, 480};
    settle();
    click("request.crop_auto");
    EXPECT_EQ(last<SetRequest>().settings.crop, std::nullopt);
}

// With the brush an edge of the crop is painted over like anything else.
TEST_F(Crop, OnlyTheToolTakesHoldOfIt) {
    planned();
    view.tool = Tool::brush;
    drag({420, 200}, {500, 215});
    EXPECT_EQ(count<SetRequest>(), 0);
    EXPECT_EQ(count<BeginStroke>(), 1);
    press(ImGuiKey_C);
    EXPECT_EQ(last<SetTool>().tool, Tool::crop);
    press(ImGuiKey_C);
    EXPECT_EQ(last<SetTool>().tool, Tool::brush);
}

TEST_F(Crop, SeveralRequestsAreDrawnAndNotDragged) {
    planned();
    edit::PlannedPart second = view.plan[0];
    second.plan.crop = {450, 300, 150, 150};
    view.plan.push_back(second);
    settle();
    EXPECT_TRUE(look_state.widgets.contains("canvas.crop.2"));
    drag({420, 200}, {500, 215});
    EXPECT_EQ(count<SetRequest>(), 0);
    click("request.islands_together");
    EXPECT_EQ(last<SetRequest>().settings.islands, edit::Islands::together);
}

TEST_F(Crop, EnlargingIsAsked) {
    planned();
    shell.request.show_options = true;
    settle();
    click("request.enlarge_4");
    EXPECT_EQ(last<SetRequest>().settings.enlarge, 4);
    view.request.crop = Rect{0, 0, 100, 100};
    click("request.islands_apart");
    EXPECT_EQ(last<SetRequest>().settings.crop, std::nullopt) << "a dragged crop is one crop";
}

TEST_F(Crop, AKeptMaskIsLeftOutOfWhatIsCopied) {
    planned();
    shell.request.show_options = true;
    edit::ModelCapabilities model;
    model.provider = view.request.provider;
    model.id = view.request.model = "m";
    view.models = {model};
    settle();
    EXPECT_FALSE(look_state.widgets.contains("request.not_from"));
    view.models[0].copies = true;
    document->slots = {{3, "dog", document->mask}};
    settle();
    click("request.not_from");
    settle();
    click("request.not_from.3");
    EXPECT_EQ(last<SetRequest>().settings.not_from, 3);
}

TEST_F(Crop, NotesOfThePlanAreShown) {
    planned();
    EXPECT_FALSE(look_state.widgets.contains("request.notes"));
    view.plan[0].plan.notes = {"scaled down to 0.42 of its size because the marked part is large"};
    settle();
    EXPECT_TRUE(look_state.widgets.contains("request.notes"));
}

// The crop lies turned on the screen; its edges are still its own.
TEST_F(Crop, ATurnedViewDragsAlongThePicture) {
    planned();
    shell.canvas.keep_fitted = false;
    shell.canvas.view.turn = {90, false};
    settle();
    drag({420, 200}, {480, 200});
    EXPECT_EQ(last<SetRequest>().settings.crop, (Rect{100, 80, 380, 240}));
    EXPECT_EQ(crop_cursor({.right = true}, {90, false}), ImGuiMouseCursor_ResizeNS);
    EXPECT_EQ(crop_cursor({.right = true}, {}), ImGuiMouseCursor_ResizeEW);
    EXPECT_EQ(crop_cursor({.top = true, .right = true}, {}), ImGuiMouseCursor_ResizeNESW);
    EXPECT_EQ(crop_cursor({.top = true, .right = true}, {0, true}), ImGuiMouseCursor_ResizeNWSE);
}

} // namespace
} // namespace mw::ui::test
