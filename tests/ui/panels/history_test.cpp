#include "desk.h"

namespace mw::ui::test {
namespace {

using namespace session;
using project::IterationId;
using project::Standing;

class History : public Desk {
  protected:
    void open_history(Size size = {640, 480}) {
        open_picture(size);
        shell.history.open = true;
        settle();
        actions.clear();
    }
    void mark(IterationId id, const project::Marks& marks) { document->tree.set_marks(id, marks); }
    bool seen(IterationId id) const {
        return look_state.widgets.contains("history." + std::to_string(id));
    }
};

TEST_F(History, RowsAreListedAndPicked) {
    open_history();
    const IterationId first = add_iteration(), second = add_iteration(Standing::rejected);
    settle();
    EXPECT_TRUE(seen(0) && seen(first) && seen(second));
    click("history." + std::to_string(second));
    EXPECT_EQ(last<ShowIteration>().id, second);
}

TEST_F(History, TheSearchLeavesWhatMatches) {
    open_history();
    const IterationId plain = add_iteration(), named = add_iteration();
    mark(named, {.name = "Hero shot"});
    settle();
    click("history.search");
    type("hero");
    EXPECT_TRUE(seen(named));
    EXPECT_FALSE(seen(plain));
    type(" cost>x");
    EXPECT_FALSE(shell.history.query_problem.empty()) << "a sentence, not an empty list";
    click("history.search_clear");
    EXPECT_TRUE(seen(plain));
}

TEST_F(History, StarNameAndNoteAreKept) {
    open_history();
    const IterationId id = add_iteration();
    show(id);
    click("history.star");
    EXPECT_EQ(last<MarkIteration>().id, id);
    EXPECT_EQ(last<MarkIteration>().starred, true);
    click("history.name");
    type("Final");
    press(ImGuiKey_Enter);
    EXPECT_EQ(last<MarkIteration>().name, "Final");
    EXPECT_EQ(shell.history.writing, -1);
    click("history.name");
    type(" no");
    click("history.name_drop");
    EXPECT_EQ(count<MarkIteration>(), 2) << "dropped is not kept";
}

TEST_F(History, TwoOfThemAreComparedAndCombined) {
    open_history();
    const IterationId a = add_iteration(), b = add_iteration();
    show(a);
    EXPECT_FALSE(widget("history.combine").enabled);
    click("history.a");
    show(b);
    click("history.b");
    EXPECT_EQ(view.compare.a.id, a);
    EXPECT_EQ(view.compare.b.id, b);
    EXPECT_TRUE(widget("history.combine").enabled);
    click("history.combine");
    EXPECT_EQ(last<CombineIterations>().a, a);
    EXPECT_EQ(last<CombineIterations>().b, b);
}

TEST_F(History, WhatIsPrunedLiesInTheTrash) {
    open_history();
    const IterationId kept = add_iteration(), gone = add_iteration();
    show(gone);
    click("history.prune");
    EXPECT_EQ(last<PruneIteration>().id, gone);
    show(kept);
    mark(gone, {.trashed = true});
    settle();
    EXPECT_FALSE(seen(gone));
    click("history.trash");
    EXPECT_TRUE(seen(gone));
    EXPECT_FALSE(seen(kept));
    click("history." + std::to_string(gone));
    EXPECT_EQ(last<RestoreIteration>().id, gone);
    click("history.empty_trash");
    EXPECT_EQ(count<EmptyTrash>(), 1);
}

TEST_F(History, ABranchFolds) {
    open_history();
    const IterationId parent = add_iteration();
    document->shown = parent;
    const IterationId child = add_iteration(), other = add_iteration();
    settle();
    click("history.fold." + std::to_string(parent));
    EXPECT_EQ(last<MarkIteration>().collapsed, true);
    mark(parent, {.collapsed = true});
    settle();
    EXPECT_FALSE(seen(child) || seen(other));
}

// A frame costs what is in sight: as much for a thousand results as for thirty.
TEST_F(History, AThousandResultsDrawAsThirtyDo) {
    open_history({96, 64});
    const auto vertices = [&] {
        settle(40); // a thumbnail is made in each
        return ImGui::GetDrawData()->TotalVtxCount;
    };
    while (document->tree.size() < 31)
        (void)add_iteration();
    const int few = vertices();
    while (document->tree.size() < 1001)
        (void)add_iteration();
    const int many = vertices();
    EXPECT_LT(many, few * 11 / 10);
    // And however long somebody leafs through them, textures are not heaped up.
    for (IterationId id = 1; id <= 1000; ++id) {
        document->shown = id;
        frame();
        frame();
    }
    EXPECT_LE(shell.history.thumbnails.made.size(), kMostThumbnails);
}

class Tabs : public Desk {};

TEST_F(Tabs, ArePickedAndClosed) {
    open_picture();
    shell.tabs.tabs = {{.id = 1, .title = "one.png", .file = "/a/one.png"},
                       {.id = 2, .title = "two.png", .file = "/a/two.png", .trouble = true}};
    shell.tabs.shown = 1;
    settle();
    click("tab.2");
    EXPECT_EQ(last<SelectTab>().tab, 2u);
    click("tab.1");
    EXPECT_EQ(count<SelectTab>(), 1) << "it is the one that is shown";
    click("tab.2.close");
    EXPECT_EQ(last<CloseDocument>().tab, 2u);
    click("tab.1", 2);
    EXPECT_EQ(last<CloseDocument>().tab, 1u) << "the middle button closes, too";
}

TEST_F(Tabs, OneAloneHasNoStrip) {
    open_picture();
    shell.tabs.tabs = {{.id = 1, .title = "one.png"}};
    settle();
    EXPECT_FALSE(look_state.widgets.contains("tab.1"));
}

TEST_F(Tabs, ThirtyOfThemStayInTheWindow) {
    open_picture();
    for (session::TabId id = 1; id <= 30; ++id)
        shell.tabs.tabs.push_back({.id = id, .title = std::string(120, 'w')});
    settle();
    const NamedRect& first = widget("tab.1");
    EXPECT_GT(first.width, 40);
    EXPECT_GT(first.height, 20);
}

} // namespace
} // namespace mw::ui::test
