#include <set>

#include "desk.h"
#include "ui/keymap.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Keys : public Desk {};

TEST_F(Keys, EveryKeyOfEveryPresetIsUnderstoodAndUnique) {
    for (const KeyPreset& preset : key_presets()) {
        const Keymap keymap(preset.id);
        for (const CommandInfo& entry : all_commands()) {
            const auto words = split_keys(keymap.keys(entry.id));
            ASSERT_EQ(keymap.chords(entry.id).size(), words.size()) << keymap.keys(entry.id);
            for (std::size_t i = 0; i < words.size(); ++i) {
                const ImGuiKeyChord chord = keymap.chords(entry.id)[i];
                EXPECT_EQ(parse_chord(chord_words(chord)), chord);
                const auto asked = keymap.asked_by(chord);
                EXPECT_EQ(asked.size(), 1u)
                    << preset.label << ": " << words[i] << " is for " << info(asked.front()).name
                    << " and " << info(asked.back()).name;
            }
            // Another program's ways take no command out of reach.
            EXPECT_TRUE(*entry.keys == 0 || !words.empty()) << preset.label << entry.name;
        }
    }
}

TEST_F(Keys, IdsAreUniqueAndLeadBack) {
    std::set<std::string_view> seen;
    for (const CommandInfo& entry : all_commands()) {
        EXPECT_TRUE(seen.insert(id_of(entry.id)).second) << id_of(entry.id);
        EXPECT_EQ(command_of(id_of(entry.id)), entry.id);
    }
    EXPECT_FALSE(command_of("no such thing"));
}

TEST_F(Keys, ToolsAndBrush) {
    open_picture();
    press(ImGuiKey_E);
    EXPECT_EQ(last<SetTool>().tool, Tool::eraser);
    press(ImGuiKey_X);
    EXPECT_EQ(last<SetTool>().tool, Tool::brush);
    press(ImGuiKey_H);
    EXPECT_EQ(last<SetTool>().tool, Tool::pan);
    press(ImGuiKey_B);
    EXPECT_EQ(last<SetTool>().tool, Tool::brush);
    const double radius = view.brush.radius_px, hardness = view.brush.hardness;
    press(ImGuiKey_RightBracket);
    EXPECT_GT(last<SetBrush>().brush.radius_px, radius);
    press(ImGuiKey_LeftBracket, ImGuiMod_Shift);
    EXPECT_LT(last<SetBrush>().brush.hardness, hardness);
}

TEST_F(Keys, MaskAndUndo) {
    open_picture();
    press(ImGuiKey_Z, ImGuiMod_Ctrl);
    press(ImGuiKey_Z, ImGuiMod_Ctrl | ImGuiMod_Shift);
    press(ImGuiKey_Y, ImGuiMod_Ctrl);
    press(ImGuiKey_I, ImGuiMod_Ctrl);
    press(ImGuiKey_I, ImGuiMod_Ctrl | ImGuiMod_Shift);
    press(ImGuiKey_D, ImGuiMod_Ctrl);
    EXPECT_EQ(count<Undo>(), 1);
    EXPECT_EQ(count<Redo>(), 2);
    EXPECT_EQ(count<InvertMask>(), 2);
    EXPECT_EQ(count<ClearMask>(), 1);
}

TEST_F(Keys, CompareAndIterations) {
    open_picture();
    show(add_iteration());
    press(ImGuiKey_F6);
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::wipe);
    press(ImGuiKey_F6);
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::off);
    press(ImGuiKey_Y);
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::side_by_side);
    press(ImGuiKey_Comma);
    EXPECT_EQ(last<ShowIteration>().id, 0);
    press(ImGuiKey_0); // in a comparison a number is a choice of A
    EXPECT_EQ(last<SetCompare>().compare.a, (CompareSource{CompareSource::Kind::iteration, 0}));
    press(ImGuiKey_1, ImGuiMod_Shift);
    EXPECT_EQ(last<SetCompare>().compare.b, (CompareSource{CompareSource::Kind::iteration, 1}));
    press(ImGuiKey_Escape);
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::off);
    press(ImGuiKey_1);
    EXPECT_EQ(last<ShowIteration>().id, 1);
    hold(ImGuiKey_Backslash, true);
    EXPECT_TRUE(shell.canvas.hold_original);
    hold(ImGuiKey_Backslash, false);
    EXPECT_FALSE(shell.canvas.hold_original);
}

TEST_F(Keys, ZoomAndPanels) {
    open_picture();
    press(ImGuiKey_2, ImGuiMod_Ctrl);
    EXPECT_DOUBLE_EQ(shell.canvas.view.zoom, 2);
    press(ImGuiKey_1, ImGuiMod_Ctrl);
    EXPECT_DOUBLE_EQ(shell.canvas.view.zoom, 1);
    press(ImGuiKey_Equal);
    EXPECT_GT(shell.canvas.view.zoom, 1);
    press(ImGuiKey_0, ImGuiMod_Ctrl);
    EXPECT_TRUE(shell.canvas.keep_fitted);
    EXPECT_EQ(count<ShowIteration>(), 0); // Ctrl+digits are not digits
    press(ImGuiKey_Tab);
    EXPECT_FALSE(shell.panels);
    EXPECT_EQ(shell.canvas.area.width, 1440);
    press(ImGuiKey_Tab);
    EXPECT_TRUE(shell.panels);
}

TEST_F(Keys, ThePanelsAreWalkedByKeyboard) {
    open_picture();
    press(ImGuiKey_F2);
    EXPECT_TRUE(shell.walking);
    std::set<std::string> reached;
    for (int i = 0; i < 24; ++i) {
        press(ImGuiKey_Tab);
        reached.insert(look_state.focused);
    }
    EXPECT_TRUE(reached.contains("mask.grow"));
    EXPECT_TRUE(reached.contains("run"));
    EXPECT_TRUE(shell.panels); // Tab did not hide them
    press(ImGuiKey_Escape);
    if (shell.walking) press(ImGuiKey_Escape); // the first may have left a field
    EXPECT_FALSE(shell.walking);
}

TEST_F(Keys, TheWalkGoesOnToEveryPlace) {
    open_picture();
    show(add_iteration());
    view.compare.mode = CompareMode::wipe;
    shell.history.open = true;
    settle();
    std::set<std::string> reached;
    for (int place = 0; place < kPanelPlaces + 1; ++place) {
        press(ImGuiKey_F2);
        EXPECT_FALSE(shell.enter_panels);
        for (int i = 0; i < 12; ++i) {
            reached.insert(look_state.focused);
            press(ImGuiKey_Tab);
        }
    }
    EXPECT_TRUE(shell.panels);
    for (const char* name :
         {"mask.grow", "iteration.1", "tool.brush", "open", "way.off", "history.star"})
        EXPECT_TRUE(reached.contains(name)) << name;
    press(ImGuiKey_Escape);
    if (shell.walking) press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.walking);
}

TEST_F(Keys, AChordLetGoWithinAFrameIsStillTheChord) {
    open_picture();
    click("prompt");
    ImGuiIO& io = ImGui::GetIO();
    for (const bool down : {true, false}) {
        io.AddKeyEvent(ImGuiMod_Ctrl, down);
        io.AddKeyEvent(ImGuiKey_LeftCtrl, down);
        io.AddKeyEvent(ImGuiKey_Enter, down);
    }
    settle(6);
    EXPECT_EQ(count<session::Run>(), 1);
    EXPECT_EQ(view.prompt, "");
}

TEST_F(Keys, TheLetterBeforeAChordIsNotLost) {
    open_picture();
    click("prompt");
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiKey_T, true);
    io.AddInputCharacter('t');
    io.AddKeyEvent(ImGuiKey_T, false);
    for (const bool down : {true, false}) {
        io.AddKeyEvent(ImGuiMod_Ctrl, down);
        io.AddKeyEvent(ImGuiKey_LeftCtrl, down);
        io.AddKeyEvent(ImGuiKey_Enter, down);
    }
    settle(8);
    EXPECT_EQ(view.prompt, "t");
    EXPECT_EQ(count<session::Run>(), 1);
}

TEST_F(Keys, FastTypingKeepsItsOrderAndTakesFewFrames) {
    open_picture();
    click("prompt");
    ImGuiIO& io = ImGui::GetIO();
    const auto letter = [&](ImGuiKey key, unsigned c) {
        io.AddKeyEvent(key, true);
        io.AddInputCharacter(c);
        io.AddKeyEvent(key, false);
    };
    for (int i = 0; i < 50; ++i)
        letter(ImGuiKey_A, 'a');
    io.AddKeyEvent(ImGuiKey_Backspace, true);
    io.AddKeyEvent(ImGuiKey_Backspace, false);
    letter(ImGuiKey_B, 'b');
    settle(5);
    EXPECT_EQ(view.prompt, std::string(49, 'a') + "b");
}

TEST_F(Keys, DialogsByKeyboard) {
    open_picture();
    press(ImGuiKey_O, ImGuiMod_Ctrl);
    ASSERT_TRUE(is_open(shell.files));
    settle();
    press(ImGuiKey_A, ImGuiMod_Ctrl);
    type("/nowhere/at/all.png");
    press(ImGuiKey_Enter);
    EXPECT_TRUE(is_open(shell.files));
    EXPECT_FALSE(shell.files.error.empty());
    press(ImGuiKey_Escape);
    settle();
    if (is_open(shell.files)) press(ImGuiKey_Escape);
    EXPECT_FALSE(is_open(shell.files));
    EXPECT_EQ(count<OpenFile>(), 0);
}

} // namespace
} // namespace mw::ui::test
