#include <gtest/gtest.h>

#include <random>

#include "mask/shapes.h"
#include "project/undo_stack.h"

namespace mw::project {
namespace {

constexpr Size kSize{400, 300};

// What undo acts on, with two iterations to move between.
struct Desk {
    IterationTree tree{std::make_shared<const image::Image>(kSize, image::kRgb8)};
    IterationId base = 0, shown = 0;
    mask::Mask mask{kSize};
    UndoStack undo;

    Desk() {
        for (int i = 0; i < 3; ++i) {
            Iteration iteration;
            iteration.parent = i;
            iteration.patch = composite::Patch{
                {0, 0, 1, 1}, std::make_shared<const image::Image>(Size{1, 1}, image::kRgb8)};
            tree.add(std::move(iteration));
        }
    }
    std::string prompt;
    UndoTarget target() { return {mask, base, shown, tree, prompt}; }
    void set_mask(mask::Mask next, const char* name = "paint") {
        mask::MaskPatch patch(mask, next);
        mask = std::move(next);
        undo.push({name, std::move(patch)});
    }
    void add_rect(int x, int y, int w, int h) {
        mask::Mask next = mask;
        mask::combine(next, mask::rectangle(kSize, {double(x), double(y), double(w), double(h)}),
                      mask::CombineMode::add);
        set_mask(std::move(next));
    }
    void move_base(IterationId to_base, IterationId to_shown, IterationId judged = -1,
                   Standing standing = Standing::proposed) {
        BaseChange before{base, shown, judged, Standing::proposed};
        if (judged >= 0) {
            before.standing = tree.at(judged).standing;
            tree.set_standing(judged, standing);
        }
        base = to_base;
        shown = to_shown;
        undo.push({"move", before});
    }
};

// Everything undo may touch, as plain values.
struct State {
    mask::Mask mask;
    IterationId base, shown;
    std::vector<Standing> standings;
    bool operator==(const State&) const = default;
};
State state_of(const Desk& desk) {
    State state{desk.mask, desk.base, desk.shown, {}};
    for (std::size_t i = 0; i < desk.tree.size(); ++i)
        state.standings.push_back(desk.tree.at(static_cast<IterationId>(i)).standing);
    return state;
}

// Against a list of whole states: undo is one step back in it, redo one forward, a new command cuts
// what lay ahead.
TEST(Undo, WalksThroughAnyHistory) {
    std::mt19937 random(11);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    Desk desk;
    std::vector<State> history{state_of(desk)};
    std::size_t now = 0;
    for (int step = 0; step < 400; ++step) {
        const int what = below(6);
        if (what < 2) {
            desk.undo.undo(desk.target());
            now -= now > 0;
        } else if (what == 2) {
            desk.undo.redo(desk.target());
            now += now + 1 < history.size();
        } else {
            if (what == 3)
                desk.move_base(below(4), below(4));
            else if (what == 4)
                desk.move_base(below(4), below(4), below(4),
                               below(2) ? Standing::accepted : Standing::rejected);
            else
                desk.add_rect(below(390), below(290), 1 + below(60), 1 + below(60));
            history.resize(now + 1);
            history.push_back(state_of(desk));
            ++now;
        }
        ASSERT_EQ(state_of(desk), history[now]) << "step " << step;
        ASSERT_EQ(desk.undo.can_undo(), now > 0);
        ASSERT_EQ(desk.undo.can_redo(), now + 1 < history.size());
    }
}

TEST(Undo, AcceptGivesBackBaseShownAndStanding) {
    Desk desk;
    desk.move_base(2, 2, 2, Standing::accepted);
    desk.undo.undo(desk.target());
    EXPECT_EQ(desk.base, 0);
    EXPECT_EQ(desk.shown, 0);
    EXPECT_EQ(desk.tree.at(2).standing, Standing::proposed);
    desk.undo.redo(desk.target());
    EXPECT_EQ(desk.base, 2);
    EXPECT_EQ(desk.tree.at(2).standing, Standing::accepted);
}

TEST(Undo, TellsWhatChanged) {
    Desk desk;
    desk.add_rect(10, 20, 30, 40);
    const Rect changed = desk.undo.undo(desk.target());
    EXPECT_TRUE(changed.contains(Rect{10, 20, 30, 40}));
    desk.move_base(1, 1);
    EXPECT_TRUE(desk.undo.undo(desk.target()).empty()) << "the mask was not touched";
}

TEST(Undo, NothingToUndoDoesNothing) {
    Desk desk;
    const State before = state_of(desk);
    EXPECT_TRUE(desk.undo.undo(desk.target()).empty());
    EXPECT_TRUE(desk.undo.redo(desk.target()).empty());
    EXPECT_EQ(state_of(desk), before);
    EXPECT_EQ(desk.undo.next_undo(), nullptr);
    EXPECT_EQ(desk.undo.next_redo(), nullptr);
}

// A step costs the tiles in which it differs, whatever else the mask holds, and nothing for tiles
// that somebody else keeps alive.
TEST(Undo, CountsOnlyTilesThatAreNotShared) {
    constexpr Size kLarge{20 * mask::kTileSide, 20 * mask::kTileSide};
    constexpr std::size_t kTile = sizeof(mask::MaskTile);
    std::mt19937 random(4);
    const auto noise = [&](Size size) { // tiles that do not pack
        image::Image pixels(size, image::kGray8);
        for (std::byte& b : pixels.bytes())
            b = std::byte(1 + random() % 254);
        return pixels;
    };
    mask::Mask mask(kLarge);
    mask.write(mask.rect(), noise(kLarge).view());
    ASSERT_EQ(mask.tile_bytes(), 400 * kTile);
    mask::Mask next = mask;
    const Rect place{mask::kTileSide - 10, 300, 20, 20}; // on two tiles
    next.write(place, noise(place.size()).view());
    mask::MaskPatch patch(mask, next);
    EXPECT_LT(patch.bytes(), kTile / 10) << "the mask before holds the same tiles";
    mask = next;
    EXPECT_GE(patch.bytes(), 2 * kTile);
    EXPECT_LT(patch.bytes(), 2 * kTile + kTile / 10);
    {
        const mask::Mask request = next; // a snapshot shares what is there now
        patch.swap(mask);
        EXPECT_LT(patch.bytes(), kTile / 10) << "the tiles that wait for redo are the snapshot's";
        next = mask;
    }
    EXPECT_GE(patch.bytes(), 2 * kTile);
}

// The oldest go first; the newest stays even when it alone is over the budget.
TEST(Undo, DropsTheOldestOverTheBudget) {
    Desk desk;
    const std::size_t budget = 6000; // of packed tiles
    desk.undo = UndoStack(budget);
    for (int i = 0; i < 40; ++i) {
        desk.add_rect(5 + i * 3, 5 + i, 40, 40);
        EXPECT_LE(desk.undo.bytes(), budget) << i;
        EXPECT_TRUE(desk.undo.can_undo());
    }
    int steps = 0;
    while (desk.undo.can_undo() && ++steps)
        desk.undo.undo(desk.target());
    EXPECT_LT(steps, 40);
    EXPECT_GT(steps, 0);
    EXPECT_FALSE(desk.mask.empty()) << "what was dropped stays painted";

    Desk small;
    small.undo = UndoStack(100);
    small.add_rect(1, 1, 200, 200);
    small.add_rect(3, 50, 300, 200);
    EXPECT_TRUE(small.undo.can_undo());
    small.undo.undo(small.target());
    EXPECT_FALSE(small.undo.can_undo());
}

} // namespace
} // namespace mw::project
