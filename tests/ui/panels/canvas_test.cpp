#include <gmock/gmock.h>

#include "desk.h"
#include "ui/canvas_panel.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Canvas : public Desk {};

TEST_F(Canvas, TakesMostOfTheWindow) {
    open_picture();
    EXPECT_GE(shell.canvas.area.width, 0.70 * 1440);
}

TEST_F(Canvas, EveryReportOfThePointerIsASample) {
    open_picture();
    const PointF start = on_screen({100, 100});
    pointer(PointerKind::move, start);
    pointer(PointerKind::down, start);
    for (int i = 1; i <= 25; ++i)
        pointer(PointerKind::move, on_screen({100.0 + i, 100}));
    pointer(PointerKind::up, on_screen({125, 100}));
    frame(); // all between two frames
    EXPECT_EQ(count<BeginStroke>(), 1);
    EXPECT_EQ(count<ExtendStroke>(), 25);
    EXPECT_EQ(count<EndStroke>(), 1);
    EXPECT_NEAR(last<BeginStroke>().sample.x, 100, 1e-6);
    EXPECT_NEAR(last<ExtendStroke>().sample.x, 125, 1e-6);
    EXPECT_FALSE(last<BeginStroke>().erase);
}

TEST_F(Canvas, TheRightButtonErases) {
    open_picture();
    pointer(PointerKind::down, on_screen({10, 10}), 1);
    pointer(PointerKind::up, on_screen({10, 10}), 1);
    frame();
    EXPECT_TRUE(last<BeginStroke>().erase);
}

TEST_F(Canvas, EscAbortsAStroke) {
    open_picture();
    pointer(PointerKind::down, on_screen({10, 10}));
    frame();
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<AbortStroke>(), 1);
    pointer(PointerKind::up, on_screen({10, 10}));
    frame();
    EXPECT_EQ(count<EndStroke>(), 0);
}

TEST_F(Canvas, SpaceMovesThePictureAlsoInAStroke) {
    open_picture();
    const PointF start = on_screen({100, 100});
    pointer(PointerKind::down, start);
    frame();
    hold(ImGuiKey_Space, true);
    actions.clear();
    const PointF before = shell.canvas.view.center;
    pointer(PointerKind::move, {start.x + 40, start.y});
    frame();
    EXPECT_NEAR(shell.canvas.view.center.x, before.x - 40 / shell.canvas.view.zoom, 1e-6);
    EXPECT_EQ(count<ExtendStroke>(), 0);
    hold(ImGuiKey_Space, false);
    pointer(PointerKind::up, {start.x + 40, start.y});
    frame();
    EXPECT_EQ(count<EndStroke>(), 1);
}

TEST_F(Canvas, TheWheelKeepsThePointUnderThePointer) {
    open_picture();
    const PointF at = on_screen({200, 150});
    PointerEvent e;
    e.kind = PointerKind::wheel;
    e.at = at;
    e.wheel = 2;
    const double zoom = shell.canvas.view.zoom;
    events.push_back(e);
    frame();
    EXPECT_GT(shell.canvas.view.zoom, zoom);
    EXPECT_NEAR(on_screen({200, 150}).x, at.x, 1e-6);
    EXPECT_NEAR(on_screen({200, 150}).y, at.y, 1e-6);
}

TEST_F(Canvas, PressingOnAPanelPaintsNothing) {
    open_picture();
    click("run");
    click("mask.coverage");
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Canvas, ANoticeTakesThePointerFromTheCanvas) {
    open_picture();
    view.notices.push_back({4, Severity::warning, "Something.", {}});
    settle(4);
    click("notice.4");
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Canvas, TheWipeIsMovedByItsHandle) {
    open_picture();
    show(add_iteration());
    view.compare.mode = CompareMode::wipe;
    settle();
    const NamedRect& handle = widget("wipe.handle");
    const PointF at{handle.x + handle.width / 2.0, handle.y + handle.height / 2.0};
    pointer(PointerKind::down, at);
    pointer(PointerKind::move, {at.x + 100, at.y});
    pointer(PointerKind::up, {at.x + 100, at.y});
    frame();
    EXPECT_NEAR(last<SetCompare>().compare.wipe_position, 0.5 + 100.0 / shell.canvas.area.width,
                1e-6);
    EXPECT_EQ(count<BeginStroke>(), 0);
    const auto drawn = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_EQ(drawn.panes.size(), 1u);
    EXPECT_TRUE(drawn.panes[0].wipe_layer.has_value());
}

TEST_F(Canvas, SideBySideSharesTheView) {
    open_picture();
    show(add_iteration());
    view.compare.mode = CompareMode::side_by_side;
    settle();
    const auto drawn = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_EQ(drawn.panes.size(), 2u);
    EXPECT_EQ(drawn.panes[0].view, drawn.panes[1].view);
    EXPECT_EQ(drawn.panes[0].layer.picture, view.comparison.a.picture);
    EXPECT_EQ(drawn.panes[1].layer.picture, view.shown);
}

TEST_F(Canvas, TheMaskGivesWayToANewAnswerUntilThePaintingGoesOn) {
    open_picture();
    EXPECT_TRUE(overlay_shown(view, shell.canvas));
    show(add_iteration());
    EXPECT_FALSE(overlay_shown(view, shell.canvas));
    ++view.mask_revision;
    settle();
    EXPECT_TRUE(overlay_shown(view, shell.canvas));
}

TEST_F(Canvas, CtrlHHidesTheOverlayAndBringsItBack) {
    open_picture();
    press(ImGuiKey_H, ImGuiMod_Ctrl);
    EXPECT_FALSE(overlay_shown(view, shell.canvas));
    press(ImGuiKey_H, ImGuiMod_Ctrl);
    EXPECT_TRUE(overlay_shown(view, shell.canvas));
}

TEST_F(Canvas, QGoesThroughTheLooksOfTheMask) {
    open_picture();
    const auto drawn = [&] {
        return canvas_frame(view, shell.canvas, {1440, 900}).panes[0].overlay;
    };
    EXPECT_EQ(drawn().look, render::MaskLook::overlay);
    for (const auto look :
         {render::MaskLook::rubylith, render::MaskLook::matte, render::MaskLook::outline}) {
        press(ImGuiKey_Q);
        EXPECT_EQ(drawn().look, look);
        EXPECT_NE(drawn().mask, nullptr);
    }
    press(ImGuiKey_Q);
    EXPECT_EQ(drawn().mask, nullptr);
    press(ImGuiKey_Q);
    EXPECT_EQ(drawn().look, render::MaskLook::overlay);
    EXPECT_NE(drawn().mask, nullptr);
    // Hidden, the first press shows it again as it was.
    press(ImGuiKey_Q);
    press(ImGuiKey_H, ImGuiMod_Ctrl);
    EXPECT_EQ(drawn().mask, nullptr);
    press(ImGuiKey_Q);
    EXPECT_EQ(drawn().look, render::MaskLook::rubylith);
    EXPECT_NE(drawn().mask, nullptr);
}

TEST_F(Canvas, ShiftPaintsStraight) {
    open_picture();
    PointerEvent press_event;
    press_event.kind = PointerKind::down;
    press_event.at = on_screen({100, 100});
    press_event.shift = true;
    hold(ImGuiMod_Shift, true);
    events.push_back(press_event);
    frame();
    EXPECT_TRUE(last<BeginStroke>().join);
    const double unit = shell.canvas.view.zoom;
    pointer(PointerKind::move, on_screen({100 + 40 / unit, 100 + 6 / unit}));
    frame();
    EXPECT_NEAR(last<ExtendStroke>().sample.y, 100, 1e-6) << "sideways, as the hand chose";
    pointer(PointerKind::move, on_screen({100 + 50 / unit, 100 + 90 / unit}));
    frame();
    EXPECT_NEAR(last<ExtendStroke>().sample.x, 100 + 50 / unit, 1e-6);
    EXPECT_NEAR(last<ExtendStroke>().sample.y, 100, 1e-6);
    hold(ImGuiMod_Shift, false);
    pointer(PointerKind::move, on_screen({100 + 50 / unit, 100 + 90 / unit}));
    frame();
    EXPECT_NEAR(last<ExtendStroke>().sample.y, 100 + 90 / unit, 1e-6);
    pointer(PointerKind::up, on_screen({100 + 50 / unit, 100 + 90 / unit}));
    frame();
    EXPECT_EQ(count<EndStroke>(), 1);
}

TEST_F(Canvas, HoldingTheKeyShowsTheOriginal) {
    open_picture();
    show(add_iteration());
    hold(ImGuiKey_Backslash, true);
    const auto drawn = canvas_frame(view, shell.canvas, {1440, 900});
    EXPECT_EQ(drawn.panes.back().layer.picture, view.original);
    EXPECT_EQ(drawn.panes.back().overlay.mask, nullptr);
}

// While a large picture is decoded its first rows stand where they will be.
TEST_F(Canvas, ShowsWhatIsComingWhereItWillStand) {
    EXPECT_TRUE(look_state.widgets.contains("empty.open"));
    session::JobView job;
    job.kind = session::JobKind::open;
    job.state = session::JobState::running;
    job.partial = composite::Patch{{0, 0, 4001, 3001},
                                   std::make_shared<image::Image>(Size{501, 100}, image::kRgb8)};
    view.jobs.push_back(job);
    settle();
    EXPECT_FALSE(look_state.widgets.contains("empty.open"));
    const auto coming = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_EQ(coming.panes.size(), 1u);
    const render::Pane& part = coming.panes[0];
    EXPECT_EQ(part.layer.picture->size(), (Size{501, 100}));
    view.jobs.clear();
    open_picture({4001, 3001});
    const auto whole = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_EQ(whole.panes.size(), 1u);
    EXPECT_EQ(part.area, whole.panes[0].area);
    for (const PointF p : {PointF{0, 0}, PointF{800, 400}}) {
        const PointF a = to_screen(part.view, part.area, {p.x / 8, p.y / 8});
        const PointF b = to_screen(whole.panes[0].view, whole.panes[0].area, p);
        EXPECT_NEAR(a.x, b.x, 1e-6);
        EXPECT_NEAR(a.y, b.y, 1e-6);
    }
}

} // namespace
} // namespace mw::ui::test
