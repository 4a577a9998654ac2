// The tool for marks: pointer and keys in, actions out; sizes typed by hand.
#include "desk.h"
#include "ui/markup_marks.h"
#include "ui/size_field.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Marks : public Desk {
  protected:
    void begin(MarkHand hand) {
        view.tool = Tool::markup;
        shell.canvas.marks.hand = hand;
        settle();
        actions.clear();
    }
    void press_at(PointF image, int button = 0) {
        PointerEvent e;
        e.kind = PointerKind::down;
        e.at = on_screen(image);
        e.button = button;
        e.time = time_ += 1;
        pointer(PointerKind::move, e.at);
        events.push_back(e);
        frame();
    }
    void drag(std::initializer_list<PointF> way) {
        press_at(*way.begin());
        for (const PointF& p : way) {
            pointer(PointerKind::move, on_screen(p));
            frame();
        }
        release(*(way.end() - 1));
    }
    void release(PointF image, int button = 0) {
        pointer(PointerKind::up, on_screen(image), button);
        frame();
    }
    int add(edit::MarkKind kind, std::vector<PointF> points, std::string text = "") {
        edit::Markup& markup = document->markup;
        edit::Mark mark;
        mark.id = ++markup.last_id;
        mark.kind = kind;
        mark.points = std::move(points);
        mark.text = std::move(text);
        markup.marks.push_back(mark);
        return mark.id;
    }
    double time_ = 0;
};

TEST_F(Marks, EachHandDrawsItsKind) {
    open_picture();
    view.markup.style = {{0, 190, 60}, 9};
    begin(MarkHand::arrow);
    drag({{100, 100}, {200, 150}});
    edit::Mark mark = last<AddMark>().mark;
    EXPECT_EQ(mark.kind, edit::MarkKind::arrow);
    ASSERT_EQ(mark.points.size(), 2u);
    EXPECT_NEAR(mark.points[0].x, 100, 1e-6);
    EXPECT_NEAR(mark.points[1].y, 150, 1e-6);
    EXPECT_EQ(mark.width_px, 9);
    EXPECT_EQ(mark.color[1], 190);
    begin(MarkHand::ellipse);
    drag({{100, 100}, {200, 150}});
    EXPECT_EQ(last<AddMark>().mark.kind, edit::MarkKind::ellipse);
    begin(MarkHand::stroke);
    drag({{100, 100}, {150, 120}, {200, 100}});
    EXPECT_EQ(last<AddMark>().mark.points.size(), 3u);
    // A click that does not move draws no arrow.
    begin(MarkHand::arrow);
    press_at({50, 50});
    release({50, 50});
    EXPECT_EQ(count<AddMark>(), 0);
    EXPECT_EQ(count<BeginStroke>(), 0) << "and paints nothing";
}

TEST_F(Marks, ANoteIsWrittenWhereItWasPressed) {
    open_picture();
    begin(MarkHand::note);
    press_at({120, 90});
    release({120, 90});
    settle();
    EXPECT_TRUE(shell.canvas.marks.writing);
    type("make it blue");
    press(ImGuiKey_Enter);
    settle();
    const edit::Mark note = last<AddMark>().mark;
    EXPECT_EQ(note.kind, edit::MarkKind::note);
    EXPECT_EQ(note.text, "make it blue");
    EXPECT_NEAR(note.points[0].x, 120, 1e-6);
    EXPECT_FALSE(shell.canvas.marks.writing);
    // Esc leaves nothing.
    begin(MarkHand::note);
    press_at({220, 90});
    release({220, 90});
    settle();
    type("no");
    press(ImGuiKey_Escape);
    settle();
    EXPECT_EQ(count<AddMark>(), 0);
    EXPECT_FALSE(shell.canvas.marks.draft);
}

TEST_F(Marks, AMarkIsPickedMovedAndRemoved) {
    open_picture();
    const int arrow = add(edit::MarkKind::arrow, {{100, 100}, {200, 100}});
    const int ring = add(edit::MarkKind::ellipse, {{300, 100}, {400, 200}});
    begin(MarkHand::pick);
    press_at({350, 150}); // within the ring, not on it
    release({350, 150});
    EXPECT_EQ(shell.canvas.marks.picked, 0);
    drag({{150, 100}, {170, 130}});
    EXPECT_EQ(shell.canvas.marks.picked, arrow);
    EXPECT_GE(count<ChangeMark>(), 2);
    EXPECT_FALSE(last<ChangeMark>().held) << "the drag is over";
    actions.clear();
    press(ImGuiKey_RightArrow);
    EXPECT_EQ(last<ChangeMark>().mark.id, arrow);
    EXPECT_NEAR(last<ChangeMark>().mark.points[0].x, 101, 1e-6);
    press(ImGuiKey_Delete);
    EXPECT_EQ(last<RemoveMark>().id, arrow);
    press(ImGuiKey_Escape);
    EXPECT_EQ(shell.canvas.marks.picked, 0);
    actions.clear();
    press_at({300, 150}, 1); // the right button, on the ring
    release({300, 150}, 1);
    EXPECT_EQ(last<RemoveMark>().id, ring);
}

TEST_F(Marks, KeysChooseTheToolItsHandsAndHideAll) {
    open_picture();
    press(ImGuiKey_D);
    EXPECT_EQ(last<SetTool>().tool, Tool::markup);
    settle();
    shell.canvas.marks.hand = MarkHand::arrow;
    press(ImGuiKey_D);
    EXPECT_EQ(shell.canvas.marks.hand, MarkHand::ellipse);
    actions.clear();
    press(ImGuiKey_D, ImGuiMod_Shift);
    EXPECT_EQ(count<ShowMarks>(), 0) << "there are none";
    add(edit::MarkKind::arrow, {{100, 100}, {200, 100}});
    press(ImGuiKey_D, ImGuiMod_Shift);
    EXPECT_FALSE(last<ShowMarks>().shown);
}

TEST_F(Marks, ThePanelSaysWhichOfMaskAndMarkupIsSent) {
    open_picture();
    edit::ModelCapabilities model;
    model.provider = "openai";
    model.id = model.label = "m";
    view.models = {model};
    view.request.provider = "openai";
    view.request.model = "m";
    settle();
    EXPECT_FALSE(look_state.widgets.contains("request.markup"));
    add(edit::MarkKind::arrow, {{100, 100}, {200, 100}});
    for (const MarkupUse use : {MarkupUse::instead_of_mask, MarkupUse::reference,
                                MarkupUse::no_room, MarkupUse::unseen, MarkupUse::none}) {
        view.markup.use = use;
        settle();
        EXPECT_TRUE(look_state.widgets.contains("request.markup"));
    }
    click("request.markup_shown");
    EXPECT_FALSE(last<ShowMarks>().shown);
}

TEST_F(Marks, TheNewestUnderThePointIsPicked) {
    open_picture();
    add(edit::MarkKind::arrow, {{100, 100}, {200, 100}});
    const int note = add(edit::MarkKind::note, {{140, 90}}, "here");
    EXPECT_EQ(mark_at(document->markup, {150, 100}, 4), note);
    EXPECT_EQ(mark_at(document->markup, {105, 100}, 4), 1);
    EXPECT_EQ(mark_at(document->markup, {105, 300}, 4), 0);
}

TEST(SizeField, WordsThatAreASize) {
    EXPECT_EQ(size_in("1536x1024"), (Size{1536, 1024}));
    EXPECT_EQ(size_in(" 1536 × 1024 px"), (Size{1536, 1024}));
    EXPECT_EQ(size_in("1536"), std::nullopt);
    EXPECT_EQ(size_in("1536x"), std::nullopt);
    EXPECT_EQ(size_in("1x2x3"), std::nullopt);
    EXPECT_EQ(size_in("1234567x2"), std::nullopt);
    EXPECT_EQ(size_in(""), std::nullopt);
}

} // namespace
} // namespace mw::ui::test
