// Stars, names, the trash, and what is erased from it.
#include <gtest/gtest.h>

#include <random>

#include "mask/shapes.h"
#include "project/combination.h"
#include "project/document.h"

namespace mw::project {
namespace {

constexpr Size kSize{64, 48};

Document document() {
    codec::Picture picture;
    picture.pixels = image::Image(kSize, image::kRgb8);
    return Document("/tmp/a.png", std::move(picture));
}

IterationId add(Document& d, IterationId parent, Rect rect, int value) {
    Iteration it;
    it.parent = parent;
    image::Image pixels(rect.size(), image::kRgb8);
    for (std::byte& b : pixels.bytes())
        b = static_cast<std::byte>(value);
    it.patch = composite::Patch{rect, std::make_shared<const image::Image>(std::move(pixels))};
    it.mask = mask::rectangle(
        kSize, {double(rect.x), double(rect.y), double(rect.width), double(rect.height)});
    return d.tree.add(std::move(it));
}

int value_at(const Document& d, IterationId id, Point p) {
    return std::to_integer<int>(d.tree.picture(id)->view().row_bytes(p.y)[p.x * 3]);
}

void trash(Document& d, IterationId id) {
    Marks marks = d.tree.at(id).marks;
    MarksChange before{id, marks, d.base, d.shown};
    marks.trashed = true;
    d.tree.set_marks(id, marks);
    d.base = d.shown = d.tree.at(id).parent;
    d.undo.push({"Move to the trash", before});
}

TEST(Marks, TrashHidesABranchAndUndoBringsItBack) {
    Document d = document();
    const auto a = add(d, 0, {0, 0, 8, 8}, 1), b = add(d, a, {8, 0, 8, 8}, 2),
               c = add(d, 0, {0, 8, 8, 8}, 3);
    d.base = a;
    d.shown = b;
    trash(d, a);
    EXPECT_FALSE(d.tree.alive(a));
    EXPECT_FALSE(d.tree.alive(b)) << "what was made from it went along";
    EXPECT_TRUE(d.tree.alive(c));
    EXPECT_TRUE(d.tree.contains(b)) << "and is still there";
    EXPECT_EQ(value_at(d, b, {9, 1}), 2);
    const auto late = add(d, b, {16, 0, 8, 8}, 4);
    EXPECT_FALSE(d.tree.alive(late)) << "a late answer lands where it was asked from";
    d.undo.undo(d.undo_target());
    for (const auto id : {a, b, late})
        EXPECT_TRUE(d.tree.alive(id));
    EXPECT_EQ(d.base, a);
    EXPECT_EQ(d.shown, b);
    d.undo.redo(d.undo_target());
    EXPECT_FALSE(d.tree.alive(b));
    EXPECT_EQ(d.shown, 0);
}

TEST(Marks, FoldingIsNotUndone) {
    Document d = document();
    const auto a = add(d, 0, {0, 0, 8, 8}, 1);
    Marks starred = d.tree.at(a).marks;
    d.undo.push({"Star", MarksChange{a, starred, 0, 0}});
    starred.starred = starred.collapsed = true;
    d.tree.set_marks(a, starred);
    d.undo.undo(d.undo_target());
    EXPECT_FALSE(d.tree.at(a).marks.starred);
    EXPECT_TRUE(d.tree.at(a).marks.collapsed);
}

TEST(Marks, TheOriginalStays) {
    Document d = document();
    Marks marks;
    marks.trashed = marks.starred = true;
    d.tree.set_marks(0, marks);
    EXPECT_TRUE(d.tree.alive(0));
    EXPECT_TRUE(d.tree.at(0).marks.starred);
}

TEST(Marks, ErasedIterationsKeepTheirNumbersAndUndoForgetsThem) {
    Document d = document();
    const auto a = add(d, 0, {0, 0, 8, 8}, 1), b = add(d, a, {8, 0, 8, 8}, 2),
               c = add(d, 0, {0, 8, 8, 8}, 3);
    d.undo.push({"Go to iteration", BaseChange{b, b}});
    trash(d, a);
    d.undo.push({"Go to iteration", BaseChange{0, 0}});
    d.base = d.shown = c;
    EXPECT_EQ(d.tree.erase(a), (std::vector<IterationId>{a, b}));
    d.undo.forget_erased(d.tree);
    EXPECT_FALSE(d.tree.contains(a));
    EXPECT_FALSE(d.tree.alive(b));
    EXPECT_EQ(d.tree.children(0), std::vector<IterationId>{c});
    EXPECT_EQ(value_at(d, c, {1, 9}), 3);
    ASSERT_EQ(d.undo.undo_commands().size(), 1u) << "what came after them can still be undone";
    d.undo.undo(d.undo_target());
    EXPECT_EQ(d.shown, 0);
    EXPECT_EQ(add(d, 0, {0, 0, 4, 4}, 5), 4) << "numbers are not given out twice";
}

// A long line of results costs one copy, however it is asked for, and gives the same bits.
TEST(Marks, ALongLineIsOnePicture) {
    Document d = document();
    std::mt19937 random(3);
    image::Image expected = image::clone(d.tree.picture(0)->view());
    IterationId last = 0;
    for (int i = 0; i < 300; ++i) {
        const Rect rect{int(random() % 50), int(random() % 40), 8, 8};
        last = add(d, last, rect, int(random() & 0xff));
        composite::lay(expected.span(), *d.tree.at(last).patch);
    }
    EXPECT_TRUE(image::identical(d.tree.picture(last)->view(), expected.view()));
}

TEST(Combination, TakesBothBranches) {
    Document d = document();
    const auto a1 = add(d, 0, {0, 0, 8, 8}, 1), a2 = add(d, a1, {8, 0, 8, 8}, 2),
               b = add(d, 0, {4, 20, 8, 8}, 3);
    const auto source = combination_source(d.tree, {a2, b});
    ASSERT_TRUE(source);
    EXPECT_EQ(source->parent, 0);
    auto made = combine(*source);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->report.changed_outside_mask, 0);
    Iteration it;
    static_cast<Grafted&>(it) = std::move(*made);
    it.parent = 0;
    it.combined = Combination{a2, b};
    const auto both = d.tree.add(std::move(it));
    EXPECT_EQ(value_at(d, both, {1, 1}), 1);
    EXPECT_EQ(value_at(d, both, {9, 1}), 2);
    EXPECT_EQ(value_at(d, both, {5, 21}), 3);
    EXPECT_EQ(value_at(d, both, {40, 40}), 0);
    EXPECT_GT(d.tree.at(both).mask->at(5, 21), 0);
}

TEST(Combination, RefusesWhatIsNoPair) {
    Document d = document();
    const auto a = add(d, 0, {0, 0, 8, 8}, 1), b = add(d, a, {8, 0, 8, 8}, 2),
               c = add(d, 0, {0, 8, 8, 8}, 3);
    for (const Combination& bad : {Combination{a, a}, Combination{a, b}, Combination{b, a},
                                   Combination{0, a}, Combination{a, 0}, Combination{a, 99}}) {
        const auto refused = combination_source(d.tree, bad);
        ASSERT_FALSE(refused) << bad.a << ", " << bad.b;
        EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    }
    trash(d, c);
    EXPECT_FALSE(combination_source(d.tree, {b, c})) << "from the trash nothing is taken";
}

} // namespace
} // namespace mw::project
