// Exchanging an iteration's graft, and what may not be exchanged.
#include <gtest/gtest.h>

#include "mask/shapes.h"
#include "project/undo_stack.h"

namespace mw::project {
namespace {

constexpr Size kSize{8, 6};

composite::Patch patch_of(int value) {
    image::Image pixels({2, 2}, image::kRgb8);
    for (std::byte& b : pixels.bytes())
        b = static_cast<std::byte>(value);
    return {{3, 2, 2, 2}, std::make_shared<const image::Image>(std::move(pixels))};
}

Grafted grafted(int value, double feather = 8) {
    Grafted made;
    made.patch = patch_of(value);
    made.mask = mask::rectangle(kSize, {3, 2, 2, 2});
    made.graft.seam.feather_px = feather;
    return made;
}

struct Regraft : testing::Test {
    IterationTree tree{std::make_shared<const image::Image>(kSize, image::kRgb8)};
    IterationId base = 0, shown = 0;
    mask::Mask mask{kSize};
    UndoStack undo;

    IterationId add(int value, IterationId parent = 0) {
        Iteration it;
        static_cast<Grafted&>(it) = grafted(value);
        it.parent = parent;
        it.prompt = "do it";
        return tree.add(std::move(it));
    }
    int value(IterationId id) const {
        return std::to_integer<int>(tree.picture(id)->view().row_bytes(3)[4 * std::ptrdiff_t{3}]);
    }
    void replace(IterationId id, int value) {
        Grafted next = grafted(value, 3);
        tree.swap_graft(id, next);
        undo.push({"Graft", GraftChange{id, std::move(next)}});
    }
    std::string prompt;
    UndoTarget target() { return {mask, base, shown, tree, prompt}; }
};

TEST_F(Regraft, TheKeptPictureFollowsTheGraft) {
    const auto id = add(50);
    EXPECT_EQ(value(id), 50);
    Grafted next = grafted(90, 2);
    tree.swap_graft(id, next);
    EXPECT_EQ(value(id), 90);
    EXPECT_EQ(next.graft.seam.feather_px, 8) << "what it was comes back";
    const auto given = tree.picture(id);
    tree.swap_graft(id, next, given);
    EXPECT_EQ(tree.picture(id), given);
    EXPECT_EQ(tree.at(id).prompt, "do it");
}

TEST_F(Regraft, OnlyAProposalNothingReliesOnIsReplaceable) {
    const auto a = add(1), b = add(2), c = add(3), d = add(4);
    EXPECT_FALSE(tree.replaceable(0));
    EXPECT_FALSE(tree.replaceable(99));
    add(5, a);
    tree.set_standing(b, Standing::accepted);
    tree.pin(c);
    tree.set_standing(d, Standing::rejected);
    EXPECT_FALSE(tree.replaceable(a));
    EXPECT_FALSE(tree.replaceable(b));
    EXPECT_FALSE(tree.replaceable(c));
    EXPECT_TRUE(tree.replaceable(d));
}

TEST_F(Regraft, ASiblingHasTheSameAnswerAndItsOwnGraft) {
    const auto a = add(10);
    tree.set_standing(a, Standing::accepted);
    const auto b = tree.add_sibling(a, grafted(60, 1));
    EXPECT_EQ(tree.at(b).parent, 0);
    EXPECT_EQ(tree.at(b).prompt, "do it");
    EXPECT_EQ(tree.at(b).standing, Standing::proposed);
    EXPECT_EQ(value(b), 60);
    EXPECT_EQ(value(a), 10);
}

TEST_F(Regraft, UndoAndRedoSwapTheGraftAndShowIt) {
    const auto a = add(10), b = add(20);
    shown = a;
    replace(a, 60);
    shown = b;
    undo.undo(target());
    EXPECT_EQ(value(a), 10);
    EXPECT_EQ(shown, a);
    EXPECT_EQ(tree.at(a).graft.seam.feather_px, 8);
    undo.redo(target());
    EXPECT_EQ(value(a), 60);
    EXPECT_EQ(tree.at(a).graft.seam.feather_px, 3);
    EXPECT_EQ(tree.size(), 3u);
}

// A request made from the new graft must not lose its parent by an undo.
TEST_F(Regraft, UndoGivesASiblingWhereSomethingReliesOnTheGraft) {
    const auto a = add(10);
    shown = a;
    replace(a, 60);
    add(99, a);
    undo.undo(target());
    EXPECT_EQ(value(a), 60);
    ASSERT_EQ(tree.size(), 4u);
    EXPECT_EQ(shown, 3);
    EXPECT_EQ(value(3), 10);
    EXPECT_EQ(tree.at(shown).parent, base);
    undo.redo(target());
    EXPECT_EQ(shown, a);
    EXPECT_EQ(tree.size(), 4u);
    undo.undo(target());
    EXPECT_EQ(shown, 3);
}

TEST_F(Regraft, PatchesCountForTheBudget) {
    const auto a = add(10);
    const std::size_t before = undo.bytes();
    replace(a, 60);
    EXPECT_GE(undo.bytes(), before + 12);
}

} // namespace
} // namespace mw::project
