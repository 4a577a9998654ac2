// What was understood of the prompt as fields, and the clone brush's source on the canvas.
#include "desk.h"
#include "provider/builtin_backend.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Steps : public Desk {
  protected:
    void say(const std::string& prompt) {
        view.prompt = prompt;
        view.understood = engine->understood(prompt);
        settle();
        actions.clear();
    }
    // Where along the field it is pressed, 0 .. 1.
    void pull(std::string_view name, double to) {
        const NamedRect r = widget(name);
        const PointF at{r.x + r.width * to, r.y + r.height / 2.0};
        point_at(at);
        settle(2);
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        settle(2);
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        settle(2);
    }
    std::string said() { return engine->prompt_of(last<SetPromptSteps>().steps); }
    std::unique_ptr<edit::EditBackend> engine = provider::make_builtin_backend();
};

TEST_F(Steps, ASliderRewritesThePrompt) {
    open_picture();
    say("brighten by 1 stop, then recolour to navy");
    pull("step.0.0", 0.25);
    const std::string prompt = said();
    EXPECT_TRUE(prompt.starts_with("darken by ")) << prompt;
    EXPECT_TRUE(prompt.ends_with("stops, then recolour to navy")) << prompt;
    EXPECT_TRUE(engine->check(prompt, {}));
}

TEST_F(Steps, WhatIsLeftToTheEngineIsSaidByAutoAndTakenBackByIt) {
    open_picture();
    say("blur");
    EXPECT_TRUE(view.understood[0].parameters[0].open);
    click("step.0.0_auto");
    EXPECT_EQ(said(), "blur by 12 px");
    say("blur by 40 px");
    click("step.0.0_auto");
    EXPECT_EQ(said(), "blur");
    say("pixelate");
    pull("step.0.0", 0.6);
    EXPECT_TRUE(said().starts_with("pixelate by ")) << said();
}

TEST_F(Steps, AStepIsTakenOutByItsCross) {
    open_picture();
    say("remove the sign, then sharpen by 50 %");
    click("step.0.remove");
    EXPECT_EQ(said(), "sharpen by 50 %");
    say("sharpen by 50 %");
    EXPECT_FALSE(look_state.widgets.contains("step.0.remove")) << "the last one stays";
    say("add a hat");
    EXPECT_FALSE(look_state.widgets.contains("step.0"));
}

TEST_F(Steps, ChoicesAreLists) {
    open_picture();
    say("fill with a gradient from red to black");
    click("step.0.2");
    settle();
    click("step.0.2.1");
    EXPECT_EQ(said(), "fill with a gradient from red to black across");
    say("lift the shadows by 20 %");
    click("step.0.0");
    settle();
    click("step.0.0.1");
    EXPECT_EQ(said(), "lift the highlights by 20 %");
}

TEST_F(Steps, FieldsOfEveryOperationLieWithinThePanel) {
    open_picture();
    for (const char* prompt :
         {"remove", "recolour to dark green", "blur", "pixelate by 16 px", "brighten by 40 %",
          "desaturate", "increase the contrast by 20 %", "warm it up", "turn the hue by 30 degrees",
          "lift the shadows by 20 %", "curve 64 to 80, 192 to 200", "sharpen by 80 %", "denoise",
          "lens blur by 8 px", "fill with navy", "fill with a gradient from red to black",
          "fill with a flat", "redact", "heal from 820,400"}) {
        say(prompt);
        const NamedRect field = widget("prompt");
        int found = 0;
        for (const auto& [name, r] : look_state.widgets)
            if (name.starts_with("step.")) {
                ++found;
                EXPECT_GE(r.x, field.x - 1) << prompt << " " << name;
                EXPECT_LE(r.x + r.width, field.x + field.width + 1) << prompt << " " << name;
            }
        EXPECT_GT(found, 0) << prompt;
    }
}

class CloneBrush : public Desk {
  protected:
    void press_at(PointF image, bool alt, int button = 0) {
        PointerEvent e;
        e.kind = PointerKind::down;
        e.at = on_screen(image);
        e.button = button;
        e.alt = alt;
        pointer(PointerKind::move, e.at);
        events.push_back(e);
        frame();
        pointer(PointerKind::up, e.at, button);
        frame();
    }
};

TEST_F(CloneBrush, AltClickTakesTheSourceAndAPressPaints) {
    open_picture();
    press(ImGuiKey_K);
    EXPECT_EQ(last<SetTool>().tool, Tool::clone);
    press(ImGuiKey_J);
    EXPECT_EQ(last<SetTool>().tool, Tool::heal);
    settle();
    actions.clear();
    press_at({100.4, 50.6}, true);
    EXPECT_EQ(last<SetCloneSource>().at, (Point{100, 50}));
    EXPECT_EQ(count<BeginStroke>(), 0);
    view.clone = {Point{100, 50}, {}};
    press_at({200, 150}, false);
    EXPECT_EQ(count<BeginStroke>(), 1);
    EXPECT_FALSE(last<BeginStroke>().erase);
    press_at({200, 150}, false, 1);
    EXPECT_EQ(count<BeginStroke>(), 1) << "the right button erases nothing";
    view.clone.offset = Point{-100, -100};
    pointer(PointerKind::move, on_screen({300, 250}));
    settle();
    const NamedRect& cross = widget("clone.source");
    const PointF at = on_screen({200, 150});
    EXPECT_NEAR(cross.x + cross.width / 2, at.x, 1.5) << "it goes along";
    EXPECT_NEAR(cross.y + cross.height / 2, at.y, 1.5);
}

} // namespace
} // namespace mw::ui::test
