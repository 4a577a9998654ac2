// Selection tools, refinements, kept masks: pointer and keys in, actions out.
#include "desk.h"
#include "ui/select_tools.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Selection : public Desk {
  protected:
    void choose(Tool tool) {
        view.tool = tool;
        settle();
        actions.clear();
    }
    // A press, a way, a release, in image pixels; `mods` at the press.
    void drag(std::initializer_list<PointF> way, int mods = 0, int button = 0) {
        down(*way.begin(), mods, button);
        for (const PointF& p : way) {
            pointer(PointerKind::move, on_screen(p));
            frame();
        }
        up(*(way.end() - 1), button);
    }
    void down(PointF image, int mods = 0, int button = 0) {
        PointerEvent e;
        e.kind = PointerKind::down;
        e.at = on_screen(image);
        e.button = button;
        e.shift = mods & ImGuiMod_Shift;
        e.alt = mods & ImGuiMod_Alt;
        e.time = time += 1;
        pointer(PointerKind::move, e.at);
        events.push_back(e);
        frame();
    }
    void up(PointF image, int button = 0) {
        pointer(PointerKind::up, on_screen(image), button);
        frame();
    }
    void tap(PointF image, int mods = 0, int button = 0) {
        down(image, mods, button);
        up(image, button);
    }
    void double_tap(PointF image) {
        tap(image);
        time -= 0.8; // 0.2 s later
        tap(image);
    }
    template <class S>
    S shape() const {
        const worker::Shape made = last<Select>().shape;
        if (const S* s = std::get_if<S>(&made)) return *s;
        ADD_FAILURE() << "another shape, " << made.index();
        return {};
    }
    void expect_box(const mask::RectF& box, double x, double y, double w, double h) {
        EXPECT_NEAR(box.x, x, 1e-6);
        EXPECT_NEAR(box.y, y, 1e-6);
        EXPECT_NEAR(box.width, w, 1e-6);
        EXPECT_NEAR(box.height, h, 1e-6);
    }
    double time = 100;
};

TEST_F(Selection, TheKeyOfAGroupGoesFromToolToTool) {
    open_picture();
    const std::pair<ImGuiKey, std::vector<Tool>> groups[] = {
        {ImGuiKey_M, {Tool::rectangle, Tool::ellipse, Tool::rectangle}},
        {ImGuiKey_L, {Tool::lasso, Tool::polygon, Tool::scissors, Tool::lasso}},
        {ImGuiKey_W, {Tool::wand, Tool::color_range, Tool::luminance_range, Tool::wand}},
        {ImGuiKey_S, {Tool::smart, Tool::smart}},
    };
    for (const auto& [key, tools] : groups)
        for (const Tool tool : tools) {
            press(key);
            EXPECT_EQ(view.tool, tool);
        }
    click("tool.lasso");
    EXPECT_EQ(view.tool, Tool::lasso);
    click("select.polygon");
    EXPECT_EQ(view.tool, Tool::polygon);
    click("tool.lasso");
    EXPECT_EQ(view.tool, Tool::scissors);
}

TEST_F(Selection, MarqueesSnapToPixels) {
    open_picture();
    choose(Tool::rectangle);
    drag({{100.3, 50.2}, {120, 70}, {160.4, 90.6}});
    expect_box(shape<worker::RectangleShape>().box, 100, 50, 60, 41);
    EXPECT_EQ(last<Select>().mode, CombineMode::replace);
    choose(Tool::ellipse);
    drag({{160, 90}, {100, 50}});
    expect_box(shape<worker::EllipseShape>().box, 100, 50, 60, 40);
}

TEST_F(Selection, ModifiersAtThePressSayHowItIsCombined) {
    open_picture();
    choose(Tool::rectangle);
    const std::pair<int, CombineMode> cases[] = {
        {ImGuiMod_Shift, CombineMode::add},
        {ImGuiMod_Alt, CombineMode::subtract},
        {ImGuiMod_Shift | ImGuiMod_Alt, CombineMode::intersect},
        {0, CombineMode::replace}};
    for (const auto& [mods, mode] : cases) {
        for (const int mod : {ImGuiMod_Shift, ImGuiMod_Alt})
            if (mods & mod) hold(static_cast<ImGuiKey>(mod), true);
        drag({{100, 50}, {160, 70}}, mods);
        EXPECT_EQ(last<Select>().mode, mode);
        // Held from the press they say nothing of the shape.
        expect_box(shape<worker::RectangleShape>().box, 100, 50, 60, 20);
        for (const int mod : {ImGuiMod_Shift, ImGuiMod_Alt})
            hold(static_cast<ImGuiKey>(mod), false);
    }
    drag({{100, 50}, {160, 70}}, 0, 1); // the right button takes away
    EXPECT_EQ(last<Select>().mode, CombineMode::subtract);
    click("select.intersect");
    EXPECT_EQ(last<SetSelect>().settings.mode, CombineMode::intersect);
    drag({{100, 50}, {160, 70}});
    EXPECT_EQ(last<Select>().mode, CombineMode::intersect);
}

TEST_F(Selection, ModifiersInTheDragSayWhatShape) {
    open_picture();
    choose(Tool::rectangle);
    down({100, 100});
    pointer(PointerKind::move, on_screen({130, 110}));
    frame();
    hold(ImGuiMod_Shift, true);
    expect_box(marquee(*shell.canvas.draft), 100, 100, 30, 30);
    hold(ImGuiMod_Alt, true);
    expect_box(marquee(*shell.canvas.draft), 70, 70, 60, 60);
    hold(ImGuiMod_Shift, false);
    expect_box(marquee(*shell.canvas.draft), 70, 90, 60, 20);
    hold(ImGuiMod_Alt, false);
    hold(ImGuiKey_Space, true); // it moves with the hand
    pointer(PointerKind::move, on_screen({140, 130}));
    frame();
    hold(ImGuiKey_Space, false);
    expect_box(marquee(*shell.canvas.draft), 110, 120, 30, 10);
    up({140, 130});
    expect_box(shape<worker::RectangleShape>().box, 110, 120, 30, 10);
    // Let go and pressed again, Shift of the press is about the shape too.
    hold(ImGuiMod_Shift, true);
    down({100, 100}, ImGuiMod_Shift);
    pointer(PointerKind::move, on_screen({130, 110}));
    hold(ImGuiMod_Shift, false);
    hold(ImGuiMod_Shift, true);
    up({130, 110});
    hold(ImGuiMod_Shift, false);
    expect_box(shape<worker::RectangleShape>().box, 100, 100, 30, 30);
    EXPECT_EQ(last<Select>().mode, CombineMode::add);
}

TEST_F(Selection, AClickBesideTakesTheSelectionAway) {
    open_picture();
    choose(Tool::rectangle);
    tap({10, 10});
    EXPECT_EQ(count<Select>(), 0);
    EXPECT_EQ(count<ClearMask>(), 1);
    tap({10, 10}, ImGuiMod_Shift);
    EXPECT_EQ(count<ClearMask>(), 1);
}

TEST_F(Selection, EscDropsADraft) {
    open_picture();
    for (const Tool tool : {Tool::rectangle, Tool::lasso, Tool::smart}) {
        choose(tool);
        down({100, 50});
        pointer(PointerKind::move, on_screen({160, 90}));
        frame();
        press(ImGuiKey_Escape);
        EXPECT_FALSE(shell.canvas.draft);
        up({160, 90});
        EXPECT_EQ(count<Select>() + count<ClearMask>() + count<CancelMaskWork>(), 0);
    }
    choose(Tool::polygon);
    tap({100, 50});
    tap({150, 50});
    press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.canvas.draft);
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<CancelMaskWork>(), 0) << "there is nothing to take back";
    view.selection.working = "Smart select";
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<CancelMaskWork>(), 1);
}

TEST_F(Selection, ALassoIsItsWay) {
    open_picture();
    choose(Tool::lasso);
    drag({{100, 50}, {160, 50}, {160, 90}, {100, 90}});
    const auto points = shape<worker::PolygonShape>().points;
    ASSERT_EQ(points.size(), 4u);
    EXPECT_NEAR(points[2].x, 160, 1e-6);
    EXPECT_NEAR(points[2].y, 90, 1e-6);
}

TEST_F(Selection, APolygonIsClickedAndClosed) {
    open_picture();
    const auto corners = [&] {
        tap({100, 50}, ImGuiMod_Shift);
        tap({160, 50});
        tap({160, 90});
        tap({200, 200});
        press(ImGuiKey_Backspace);
    };
    choose(Tool::polygon);
    corners();
    EXPECT_EQ(count<Select>(), 0);
    press(ImGuiKey_Enter);
    EXPECT_EQ(shape<worker::PolygonShape>().points.size(), 3u);
    EXPECT_EQ(last<Select>().mode, CombineMode::add);
    actions.clear();
    corners();
    double_tap({120, 110});
    EXPECT_EQ(shape<worker::PolygonShape>().points.size(), 4u);
    actions.clear();
    corners();
    tap({101, 51}); // near where it began
    EXPECT_EQ(shape<worker::PolygonShape>().points.size(), 3u);
    actions.clear();
    tap({100, 50});
    for (int i = 0; i < 3; ++i)
        press(ImGuiKey_Backspace);
    EXPECT_FALSE(shell.canvas.draft);
    tap({100, 50});
    tap({150, 50});
    press(ImGuiKey_Enter); // two corners enclose nothing
    EXPECT_EQ(count<Select>(), 0);
    tap({100, 50});
    press(ImGuiKey_B);
    EXPECT_FALSE(shell.canvas.draft) << "another tool";
}

TEST_F(Selection, TheWireIsClicked) {
    open_picture();
    choose(Tool::scissors);
    down({100.7, 50.2}, ImGuiMod_Alt);
    EXPECT_EQ(last<WireAnchor>().at, (Point{100, 50}));
    view.selection.wire = Wire{{{100, 50}}, {}, {}, false}; // what a session makes of it
    up({100.7, 50.2});
    pointer(PointerKind::move, on_screen({130.5, 60.5}));
    frame();
    EXPECT_EQ(last<WireTo>().at, (Point{130, 60}));
    view.selection.wire->live = {{100, 50}, {115, 55}, {130, 60}};
    tap({150, 80});
    EXPECT_EQ(last<WireAnchor>().at, (Point{150, 80}));
    view.selection.wire->anchors.push_back({150, 80});
    view.selection.wire->stretches.push_back({});
    press(ImGuiKey_Backspace);
    EXPECT_EQ(count<WireBack>(), 1);
    press(ImGuiKey_Enter);
    EXPECT_EQ(last<WireClose>().mode, CombineMode::subtract);
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<CancelMaskWork>(), 1);
}

TEST_F(Selection, SamplesAreTakenWhereItIsClicked) {
    open_picture();
    choose(Tool::wand);
    tap({100.9, 50.9});
    EXPECT_EQ(shape<select::WandParams>().at, (Point{100, 50}));
    tap({-30, 50});
    EXPECT_EQ(count<Select>(), 1) << "beside the picture";
    choose(Tool::color_range);
    tap({20, 30}, ImGuiMod_Shift);
    EXPECT_EQ(shape<select::ColorRangeParams>().at, (std::vector<Point>{{20, 30}}));
    EXPECT_EQ(last<Select>().mode, CombineMode::add);
    choose(Tool::luminance_range);
    tap({20, 30}); // black
    EXPECT_NEAR(last<SetSelect>().settings.low, 0, 1e-3);
    EXPECT_NEAR(last<SetSelect>().settings.high, 8, 1e-3);
    shape<select::LuminanceRangeParams>();
}

TEST_F(Selection, SmartSelectByBoxScribbleAndClick) {
    open_picture();
    choose(Tool::smart);
    drag({{100.2, 50}, {160.4, 90}});
    EXPECT_EQ(shape<select::SmartSelectParams>().box, (Rect{100, 50, 60, 40}));
    click("select.inside");
    drag({{110, 60}, {120, 60}, {130, 60}});
    EXPECT_FALSE(last<ScribbleObject>().outside);
    EXPECT_GE(last<ScribbleObject>().line.size(), 3u);
    drag({{110, 60}, {120, 60}}, 0, 1);
    EXPECT_TRUE(last<ScribbleObject>().outside);
    click("select.outside");
    drag({{110, 60}, {120, 60}});
    EXPECT_TRUE(last<ScribbleObject>().outside);
    click("select.box");
    actions.clear();
    tap({110, 60}); // a click on the object
    EXPECT_EQ(last<ScribbleObject>().line.size(), 1u);
    EXPECT_EQ(count<Select>(), 0);
}

// Each tool's settings go out held while a slider is dragged and for good when it is let go.
TEST_F(Selection, SettingsAreLiveWhileDragged) {
    open_picture();
    const std::pair<Tool, std::vector<const char*>> sliders[] = {
        {Tool::wand, {"select.tolerance"}},
        {Tool::color_range, {"select.tolerance", "select.softness"}},
        {Tool::luminance_range, {"select.low", "select.high", "select.softness"}}};
    for (const auto& [tool, names] : sliders)
        for (const char* name : names) {
            choose(tool);
            const NamedRect r = widget(name);
            const PointF at{r.x + r.width * 0.5, r.y + r.height / 2.0};
            point_at(at);
            settle(2);
            ImGui::GetIO().AddMouseButtonEvent(0, true);
            settle(2);
            point_at({at.x + 20, at.y});
            settle(2);
            EXPECT_TRUE(last<SetSelect>().held) << name;
            ImGui::GetIO().AddMouseButtonEvent(0, false);
            settle(2);
            EXPECT_FALSE(last<SetSelect>().held) << name;
            // Esc in the drag takes it back, and nothing is kept when the button is let go.
            actions.clear();
            point_at(at);
            settle(2);
            ImGui::GetIO().AddMouseButtonEvent(0, true);
            settle(2);
            press(ImGuiKey_Escape);
            EXPECT_GE(count<CancelMaskWork>(), 1) << name;
            actions.clear();
            point_at({at.x - 20, at.y});
            settle(2);
            ImGui::GetIO().AddMouseButtonEvent(0, false);
            settle(2);
            EXPECT_EQ(count<SetSelect>(), 0) << name;
        }
    choose(Tool::wand);
    click("select.measure");
    EXPECT_EQ(last<SetSelect>().settings.measure, select::ColorMeasure::rgb);
    click("select.contiguous");
    EXPECT_FALSE(last<SetSelect>().settings.contiguous);
    click("select.sample");
    EXPECT_EQ(last<SetSelect>().settings.sample_side, 5);
    choose(Tool::smart);
    click("select.soft_edge");
    EXPECT_FALSE(last<SetSelect>().settings.soft_edge);
    choose(Tool::luminance_range);
    click("select.apply");
    shape<select::LuminanceRangeParams>();
}

TEST_F(Selection, RefinementsAreTriedAndKept) {
    open_picture();
    const std::pair<const char*, RefineKind> rows[] = {
        {"mask.grow", RefineKind::grow},
        {"mask.shrink", RefineKind::shrink},
        {"mask.feather", RefineKind::feather},
        {"mask.smooth", RefineKind::smooth},
        {"mask.border", RefineKind::border},
        {"mask.contrast", RefineKind::contrast},
        {"mask.islands", RefineKind::remove_islands}};
    for (const auto& [name, kind] : rows) {
        const NamedRect r = widget(name);
        const PointF at{r.x + r.width * 0.5, r.y + r.height / 2.0};
        point_at(at);
        settle(2);
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        settle(2);
        EXPECT_EQ(last<TryRefine>().how.kind, kind) << name;
        EXPECT_GT(last<TryRefine>().how.amount, 0);
        EXPECT_LE(last<TryRefine>().how.amount, kind == RefineKind::contrast ? 1 : 5000);
        view.selection.refinement = last<TryRefine>().how; // what a session would show
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        settle(2);
        EXPECT_EQ(last<RefineMask>().how, last<TryRefine>().how) << name;
        view.selection.refinement.reset();
    }
    actions.clear();
    press(ImGuiKey_F6, ImGuiMod_Shift);
    EXPECT_TRUE(last<RefineMask>().anew);
    EXPECT_EQ(last<RefineMask>().how.kind, RefineKind::feather);
    EXPECT_EQ(last<RefineMask>().how.amount, double(shell.mask.refine.feather_px));
    click("mask.refine"); // folds
    EXPECT_FALSE(look_state.widgets.contains("mask.grow"));
}

TEST_F(Selection, KeptMasks) {
    open_picture();
    document->slots.push_back({3, "the sky", document->mask});
    show(add_iteration());
    click("mask.slots");
    click("slot.subtract");
    click("slot.3");
    EXPECT_EQ(last<RecallSlot>().id, 3);
    EXPECT_EQ(last<RecallSlot>().mode, CombineMode::subtract);
    click("mask.slots");
    click("slot.result.1");
    EXPECT_EQ(last<CopyMask>().from, 1);
    click("mask.slots");
    click("slot.name");
    type("ground");
    click("slot.keep");
    EXPECT_EQ(last<SaveSlot>().name, "ground");
    click("slot.3.rename");
    settle();
    type("clouds");
    press(ImGuiKey_Enter);
    EXPECT_EQ(last<RenameSlot>().name, "clouds");
    click("slot.3.delete");
    EXPECT_EQ(last<DeleteSlot>().id, 3);
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Selection, BrushSwitches) {
    open_picture();
    click("brush.pressure_size");
    EXPECT_FALSE(last<SetBrush>().brush.pressure_radius);
    click("brush.pressure_opacity");
    EXPECT_TRUE(last<SetBrush>().brush.pressure_opacity);
    click("brush.within");
    EXPECT_TRUE(last<SetPaintLimit>().on);
    view.selection.limit = document->mask;
    view.selection.limit_revision = 1;
    settle();
    click("brush.within");
    EXPECT_FALSE(last<SetPaintLimit>().on);
    click("brush.stabiliser");
    EXPECT_NEAR(last<SetBrush>().brush.stabiliser, 0.5, 0.1);
}

TEST_F(Selection, TheBarFitsItsWindow) {
    open_picture();
    for (const float width : {960.0f, 1280.0f, 1440.0f, 1920.0f}) {
        ImGui::GetIO().DisplaySize = {width, width * 9 / 16};
        for (const Tool tool : {Tool::brush, Tool::crop, Tool::rectangle, Tool::lasso, Tool::wand,
                                Tool::color_range, Tool::luminance_range, Tool::smart}) {
            choose(tool);
            const NamedRect zoom = widget("view.zoom"), last_one = widget("compare.figures");
            EXPECT_LE(last_one.x + last_one.width, zoom.x) << int(tool) << " at " << width;
        }
    }
}

} // namespace
} // namespace mw::ui::test
