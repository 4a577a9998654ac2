#include "ui/command_search.h"
#include "desk.h"

namespace mw::ui::test {
namespace {

class CommandSearch : public Desk {
  protected:
    void open_search() {
        open_picture();
        press(ImGuiKey_K, ImGuiMod_Ctrl);
        ASSERT_TRUE(shell.commands.open);
        actions.clear();
    }
};

TEST(MatchingCommands, BestFirst) {
    EXPECT_EQ(matching_commands("invert", {}).front(), Command::invert_mask);
    EXPECT_EQ(matching_commands("  HEAT ", {}).front(), Command::toggle_heat);
    EXPECT_EQ(matching_commands("mask inv", {}).front(), Command::invert_mask) << "in any order";
    EXPECT_EQ(matching_commands("ztm", {}).front(), Command::zoom_to_mask) << "letters in order";
    EXPECT_TRUE(matching_commands("qqqq", {}).empty());
    // Everything but itself, without words; what was done lately first.
    const auto all = matching_commands("", {Command::fit});
    EXPECT_EQ(all.size() + 1, all_commands().size());
    EXPECT_EQ(all.front(), Command::fit);
}

TEST_F(CommandSearch, IsWrittenAndDone) {
    open_search();
    type("clear the m");
    press(ImGuiKey_Enter);
    EXPECT_FALSE(shell.commands.open);
    EXPECT_EQ(count<session::ClearMask>(), 1);
    settle();
    EXPECT_EQ(count<session::ClearMask>(), 1) << "once";
    // What was done stands first the next time.
    press(ImGuiKey_K, ImGuiMod_Ctrl);
    EXPECT_EQ(shell.commands.query, "");
    press(ImGuiKey_Enter);
    EXPECT_EQ(count<session::ClearMask>(), 2);
}

TEST_F(CommandSearch, ArrowsAndPointerPick) {
    open_search();
    type("mask");
    const auto found = matching_commands("mask", {});
    ASSERT_GT(found.size(), 3u);
    press(ImGuiKey_DownArrow);
    press(ImGuiKey_DownArrow);
    press(ImGuiKey_UpArrow);
    EXPECT_EQ(shell.commands.picked, 1);
    for (int i = 0; i < 100; ++i)
        press(ImGuiKey_DownArrow);
    EXPECT_EQ(shell.commands.picked, static_cast<int>(found.size()) - 1) << "not beyond the last";
    press(ImGuiKey_A, ImGuiMod_Ctrl);
    type("invert the mask");
    EXPECT_EQ(shell.commands.picked, 0);
    click("commands.0");
    EXPECT_EQ(count<session::InvertMask>(), 1);
    EXPECT_FALSE(shell.commands.open);
}

TEST_F(CommandSearch, NothingFoundDoesNothing) {
    open_search();
    type("no such thing");
    press(ImGuiKey_Enter);
    EXPECT_TRUE(shell.commands.open);
    press(ImGuiKey_Escape);
    EXPECT_FALSE(shell.commands.open);
    EXPECT_TRUE(actions.empty());
    // Keys are the canvas' again.
    press(ImGuiKey_E);
    EXPECT_EQ(last<session::SetTool>().tool, session::Tool::eraser);
}

} // namespace
} // namespace mw::ui::test
