// Going through the tree: what comes back with an iteration, marks, the trash, combinations.
#include <gtest/gtest.h>

#include "session/history.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

// One request about one place.
project::IterationId result(SessionDriver& driver, double x, double y, const std::string& prompt) {
    driver.apply(ClearMask{});
    EXPECT_TRUE(driver.until_idle());
    driver.paint(x, y);
    driver.ask(prompt);
    EXPECT_TRUE(driver.until_idle());
    return driver.view().document->shown;
}

std::vector<project::IterationId> ids(const std::vector<HistoryRow>& rows) {
    std::vector<project::IterationId> out;
    for (const HistoryRow& row : rows)
        out.push_back(row.id);
    return out;
}

TEST(Tree, GoingToAnIterationBringsItsMaskAndWords) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto first = result(driver, 20, 20, "one");
    const mask::Mask asked = driver.view().document->tree.at(first).mask;
    driver.apply(ShowIteration{0});
    const auto second = result(driver, 70, 40, "two");
    ASSERT_NE(first, second);
    EXPECT_EQ(driver.view().prompt, "two");
    driver.apply(ShowIteration{first});
    EXPECT_EQ(driver.view().prompt, "one");
    EXPECT_EQ(*driver.view().mask, asked);
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().document->shown, second);
    EXPECT_EQ(driver.view().prompt, "two");
    EXPECT_GT(driver.view().mask->at(70, 40), 0);
    driver.apply(Redo{});
    EXPECT_EQ(driver.view().prompt, "one");
    EXPECT_EQ(*driver.view().mask, asked);
    driver.apply(ShowIteration{0});
    EXPECT_EQ(*driver.view().mask, asked) << "the original was asked for with nothing";
}

TEST(Tree, CandidatesOfOneRequestAreLookedAtWithWhatWasPaintedSince) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    RequestSettings two = driver.view().request;
    two.count = 2;
    driver.apply(SetRequest{two});
    const auto first = result(driver, 20, 20, "one");
    ASSERT_EQ(driver.iterations(), 3u);
    driver.paint(70, 40);
    driver.apply(SetPrompt{"next"});
    const mask::Mask painted = *driver.view().mask;
    driver.apply(ShowIteration{first + 1});
    EXPECT_EQ(*driver.view().mask, painted);
    EXPECT_EQ(driver.view().prompt, "next");
}

TEST(Tree, WhoMadeItAndWhenIsKnown) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto id = result(driver, 20, 20, "one");
    const project::Iteration& it = driver.view().document->tree.at(id);
    EXPECT_EQ(it.provider, "fake");
    EXPECT_FALSE(it.model.empty());
    EXPECT_GT(it.created_ms, 1'700'000'000'000);
    EXPECT_EQ(it.request, 1);
    driver.ask("again");
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().document->tree.at(id + 1).request, 2);
}

TEST(Tree, PruneHidesRestoreShowsEmptyAsks) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto first = result(driver, 20, 20, "one");
    driver.apply(AcceptIteration{first});
    const auto second = result(driver, 60, 20, "two");
    driver.apply(PruneIteration{first});
    const auto& tree = driver.view().document->tree;
    EXPECT_FALSE(tree.alive(first));
    EXPECT_FALSE(tree.alive(second));
    EXPECT_EQ(driver.view().document->shown, 0);
    EXPECT_EQ(driver.view().document->base, 0);
    EXPECT_EQ(ids(trash_rows(tree)), std::vector<int>{first});
    EXPECT_EQ(trash_rows(tree)[0].hidden, 1);
    EXPECT_EQ(ids(history_rows(tree, {}, {96, 64})), std::vector<int>{0});
    driver.apply(ShowIteration{second});
    EXPECT_EQ(driver.view().document->shown, 0) << "not out of the trash";
    driver.apply(Undo{});
    EXPECT_TRUE(tree.alive(second));
    driver.apply(Redo{});
    driver.apply(RestoreIteration{first});
    EXPECT_TRUE(tree.alive(second));

    driver.apply(PruneIteration{second});
    driver.apply(EmptyTrash{});
    ASSERT_TRUE(tree.contains(second)) << "it asks first";
    ASSERT_NE(driver.last_button(), nullptr);
    driver.apply(Action(*driver.last_button()));
    EXPECT_FALSE(tree.contains(second));
    EXPECT_TRUE(tree.alive(first));
    for (int i = 0; i < 20; ++i)
        driver.apply(Undo{}); // leads nowhere it must not
    for (int i = 0; i < 20; ++i)
        driver.apply(Redo{});
    EXPECT_TRUE(tree.alive(driver.view().document->shown));
}

TEST(Tree, AnAnswerAwaitedKeepsTheTrashFromBeingEmptied) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto first = result(driver, 20, 20, "one");
    driver.apply(AcceptIteration{first});
    driver.backend->script({{}, {.hold = true}});
    driver.apply(SetPrompt{"two"});
    driver.apply(session::Run{});
    ASSERT_TRUE(driver.backend->wait_for_run(1));
    driver.apply(PruneIteration{first});
    driver.apply(EmptyTrash{true});
    EXPECT_TRUE(driver.view().document->tree.contains(first));
    EXPECT_TRUE(driver.has_notice("still awaited"));
    driver.backend->release(1);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.iterations(), 3u);
    EXPECT_FALSE(driver.view().document->tree.alive(2)) << "it hangs on what it was asked from";
    driver.apply(EmptyTrash{true});
    EXPECT_FALSE(driver.view().document->tree.contains(2));
}

TEST(Tree, NamesNotesAndStarsAreStepsOfUndo) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto id = result(driver, 20, 20, "one");
    driver.apply(MarkIteration{id, true, {}, {}, {}});
    EXPECT_EQ(driver.view().undo_name, "Star");
    driver.apply(MarkIteration{id, {}, {}, "Hero\nshot", "ask Kim\nabout it"});
    const auto& marks = driver.view().document->tree.at(id).marks;
    EXPECT_EQ(marks.name, "Heroshot");
    EXPECT_EQ(marks.note, "ask Kim\nabout it");
    driver.apply(Undo{});
    EXPECT_TRUE(marks.starred);
    EXPECT_EQ(marks.name, "");
    const std::string undo = driver.view().undo_name;
    driver.apply(MarkIteration{0, {}, true, {}, {}});
    EXPECT_TRUE(driver.view().document->tree.at(0).marks.collapsed);
    EXPECT_EQ(driver.view().undo_name, undo);
    const auto rows = history_rows(driver.view().document->tree, {}, {96, 64});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].hidden, 1);
}

TEST(Tree, CombinesTwoBranches) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto a = result(driver, 20, 20, "one");
    driver.apply(ShowIteration{0});
    const auto b = result(driver, 70, 40, "two");
    driver.apply(CombineIterations{a, b});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.iterations(), 4u);
    const project::Iteration& made = driver.view().document->tree.at(3);
    EXPECT_EQ(made.combined, (project::Combination{a, b}));
    EXPECT_EQ(made.parent, 0);
    EXPECT_EQ(driver.view().document->shown, 3);
    EXPECT_EQ(made.report.changed_outside_mask, 0);
    EXPECT_EQ(made.report.outside_sha256, made.report.outside_sha256_before);
    const auto& tree = driver.view().document->tree;
    const auto at = [&](int id, int x, int y) {
        return tree.picture(id)->view().row_bytes(y)[x * 3];
    };
    EXPECT_EQ(at(3, 20, 20), at(a, 20, 20));
    EXPECT_EQ(at(3, 70, 40), at(b, 70, 40));
    EXPECT_NE(at(3, 20, 20), at(0, 20, 20));
    driver.apply(TryGraft{{}}); // it has no answer of its own to be grafted again
    driver.apply(SetGraft{{}});
    driver.apply(PrepareGraft{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(driver.view().trial.has_value());
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().document->shown, b);
    driver.apply(CombineIterations{a, 3});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.iterations(), 5u) << "of a combination, too";
    driver.apply(CombineIterations{a, a});
    EXPECT_TRUE(driver.has_notice("are both result"));
}

TEST(Tree, RowsGoDownABranchAndASearchFindsAnywhere) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({96, 64}));
    const auto a = result(driver, 20, 20, "one");
    driver.apply(AcceptIteration{a});
    const auto b = result(driver, 60, 20, "two");
    driver.apply(ShowIteration{0});
    const auto c = result(driver, 60, 50, "three");
    const auto& tree = driver.view().document->tree;
    const auto rows = history_rows(tree, {}, {96, 64});
    EXPECT_EQ(ids(rows), (std::vector<int>{0, a, b, c}));
    EXPECT_EQ(rows[1].depth, 1);
    EXPECT_EQ(rows[2].depth, 1) << "a straight line does not go deeper";
    EXPECT_EQ(rows[3].depth, 1);
    driver.apply(MarkIteration{a, {}, true, {}, {}});
    EXPECT_EQ(ids(history_rows(tree, {}, {96, 64})), (std::vector<int>{0, a, c}));
    const auto query = project::Query::parse("t", 0);
    EXPECT_EQ(ids(history_rows(tree, *query, {96, 64})), (std::vector<int>{c, b, a}))
        << "newest first, folded or not";
}

} // namespace
} // namespace mw::session
