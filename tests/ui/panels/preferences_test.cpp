// The preferences, the keys that can be changed in them, and what follows from them in the window.
#include <imgui_internal.h>

#include "desk.h"
#include "ui/prompt_recall.h"

namespace mw::ui::test {
namespace {

using namespace session;

class PreferencesTest : public Desk {
  protected:
    void open_page(PreferencePage page) {
        press(ImGuiKey_Comma, ImGuiMod_Ctrl);
        ASSERT_TRUE(shell.preferences.open);
        click("preferences.page." + std::to_string(static_cast<int>(page)));
        ASSERT_EQ(shell.preferences.page, page);
    }
};

TEST_F(PreferencesTest, ThemeHoldsAtOnce) {
    open_page(PreferencePage::appearance);
    const ImU32 dark = colors().panel;
    click("preferences.light");
    EXPECT_EQ(preferences.theme, Theme::light);
    EXPECT_EQ(look_state.theme, Theme::light);
    EXPECT_NE(colors().panel, dark);
    EXPECT_EQ(ImGui::ColorConvertFloat4ToU32(ImGui::GetStyle().Colors[ImGuiCol_WindowBg]),
              colors().panel);
    press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.preferences.open);
}

TEST_F(PreferencesTest, TheShadeIsWholeAtOnce) {
    press(ImGuiKey_Comma, ImGuiMod_Ctrl);
    EXPECT_EQ(ImGui::GetCurrentContext()->DimBgRatio, 1);
}

TEST_F(PreferencesTest, AreSearched) {
    press(ImGuiKey_Comma, ImGuiMod_Ctrl);
    type("notification");
    EXPECT_TRUE(look_state.widgets.contains("preferences.notify"));
    EXPECT_FALSE(look_state.widgets.contains("preferences.dark"));
    click("preferences.notify");
    EXPECT_FALSE(preferences.notify);
    shell.preferences.query = "invert";
    settle();
    EXPECT_TRUE(look_state.widgets.contains("key.invert_mask"));
    EXPECT_FALSE(look_state.widgets.contains("preferences.notify"));
}

TEST_F(PreferencesTest, AKeyIsRecordedAndHeard) {
    open_picture();
    open_page(PreferencePage::keys);
    shell.preferences.query = "invert the mask";
    settle();
    click("key.invert_mask");
    press(ImGuiKey_U, ImGuiMod_Alt);
    EXPECT_EQ(preferences.keys.at("invert_mask"), "Alt+U");
    press(ImGuiKey_Escape);
    actions.clear();
    press(ImGuiKey_U, ImGuiMod_Alt);
    EXPECT_EQ(count<InvertMask>(), 1);
    press(ImGuiKey_I, ImGuiMod_Ctrl);
    EXPECT_EQ(count<InvertMask>(), 1);
    EXPECT_EQ(first_key(Command::invert_mask), "Alt+U");
}

TEST_F(PreferencesTest, AKeyOfAnotherCommandIsTakenOnlyWhenSaidSo) {
    open_page(PreferencePage::keys);
    shell.preferences.query = "invert the mask";
    settle();
    click("key.invert_mask");
    press(ImGuiKey_B);
    EXPECT_TRUE(look_state.widgets.contains("keys.conflict"));
    EXPECT_TRUE(preferences.keys.empty());
    click("keys.leave");
    EXPECT_TRUE(preferences.keys.empty());
    EXPECT_FALSE(look_state.widgets.contains("keys.conflict"));
    click("key.invert_mask");
    press(ImGuiKey_B);
    click("keys.take");
    EXPECT_EQ(preferences.keys.at("invert_mask"), "B");
    EXPECT_EQ(preferences.keys.at("brush"), "");
    click("key.invert_mask.back");
    EXPECT_FALSE(preferences.keys.contains("invert_mask"));
    EXPECT_TRUE(shell.preferences.open);
}

TEST_F(PreferencesTest, EscapeLeavesARecordingAndNotTheSheet) {
    open_page(PreferencePage::keys);
    shell.preferences.query = "invert the mask";
    settle();
    click("key.invert_mask");
    press(ImGuiKey_Escape);
    EXPECT_TRUE(preferences.keys.empty());
    EXPECT_TRUE(shell.preferences.open);
    press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.preferences.open);
}

TEST_F(PreferencesTest, APresetChangesWhatIsHeardAndShown) {
    open_picture();
    preferences.key_preset = "gimp";
    settle();
    press(ImGuiKey_P);
    EXPECT_EQ(last<SetTool>().tool, Tool::brush);
    press(ImGuiKey_A, ImGuiMod_Ctrl | ImGuiMod_Shift);
    EXPECT_EQ(count<ClearMask>(), 1);
    EXPECT_EQ(first_key(Command::clear_mask), "Ctrl+Shift+A");
}

TEST_F(PreferencesTest, ChangesThatMeanNothingArePassedOver) {
    const Keymap keymap("no such preset", {{"brush", "Hyper+Q"}, {"nothing", "F5"}});
    EXPECT_EQ(keymap.keys(Command::brush), "B");
    EXPECT_FALSE(keymap.changed(Command::brush));
    const Keymap both("", {{"brush", "E"}});
    EXPECT_TRUE(both.in_conflict(Command::brush));
    EXPECT_TRUE(both.in_conflict(Command::eraser));
    EXPECT_FALSE(both.in_conflict(Command::pan));
}

TEST_F(PreferencesTest, PanelsAreHiddenAndTheCanvasTakesTheirPlace) {
    open_picture();
    const Rect before = shell.canvas.area;
    EXPECT_GE(before.width, 0.7 * 1440);
    press(ImGuiKey_F2, ImGuiMod_Shift);
    EXPECT_FALSE(preferences.side);
    EXPECT_GT(shell.canvas.area.width, before.width);
    press(ImGuiKey_F12, ImGuiMod_Shift);
    EXPECT_FALSE(preferences.tray);
    EXPECT_GT(shell.canvas.area.height, before.height);
    press(ImGuiKey_L, ImGuiMod_Ctrl); // writing a request brings its panel back
    EXPECT_TRUE(preferences.side);
}

TEST_F(PreferencesTest, AnEdgeIsDraggedAndPutBack) {
    open_picture();
    const NamedRect edge = widget("split.side");
    const float x = edge.x + edge.width / 2, y = edge.y + edge.height / 2;
    ImGuiIO& io = ImGui::GetIO();
    point_at({x, y});
    settle();
    io.AddMouseButtonEvent(0, true);
    settle(2);
    point_at({x - 60, y});
    settle(2);
    EXPECT_TRUE(last<SetPreferences>().held);
    io.AddMouseButtonEvent(0, false);
    settle(2);
    EXPECT_FALSE(last<SetPreferences>().held);
    EXPECT_EQ(preferences.side_width, 380);
    EXPECT_EQ(widget("split.side").x, edge.x - 60);
    EXPECT_EQ(count<BeginStroke>(), 0);
    // Never so wide that the canvas goes.
    preferences.side_width = 4000;
    settle();
    EXPECT_GT(shell.canvas.area.width, 1440 / 2);
}

TEST_F(PreferencesTest, EarlierAndKeptWordsAreFound) {
    preferences.prompts = {"remove the ball", "recolour to blue"};
    preferences.snippets = {"golden hour", "remove the ball"};
    const auto all = recalled_prompts(preferences, true, "");
    ASSERT_GE(all.size(), 4u);
    EXPECT_EQ(all[0].words, "golden hour");
    EXPECT_EQ(all[1].words, "remove the ball"); // once, as kept
    EXPECT_EQ(all[2].words, "recolour to blue");
    EXPECT_EQ(all[3].kind, RecalledPrompt::Kind::ready);
    const auto found = recalled_prompts(preferences, false, "BALL rem");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].words, "remove the ball");
}

TEST_F(PreferencesTest, WordsAreKeptRecalledAndForgotten) {
    open_picture();
    view.prompt = "golden hour";
    settle();
    click("prompt.keep");
    EXPECT_EQ(preferences.snippets, (std::vector<std::string>{"golden hour"}));
    preferences.prompts = {"remove the ball"};
    view.prompt.clear();
    press(ImGuiKey_L, ImGuiMod_Ctrl | ImGuiMod_Shift);
    press(ImGuiKey_DownArrow);
    press(ImGuiKey_Enter);
    EXPECT_EQ(view.prompt, "remove the ball");
    click("prompt.recall");
    click("prompt.recall.0");
    EXPECT_EQ(view.prompt, "golden hour");
    click("prompt.recall");
    point_at({widget("prompt.recall.0").x + 20.0, widget("prompt.recall.0").y + 10.0});
    settle();
    click("prompt.recall.0.forget");
    EXPECT_TRUE(preferences.snippets.empty());
}

} // namespace
} // namespace mw::ui::test
