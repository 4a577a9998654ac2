// The comparison in the window: every way in and out by its key, the bar, the panel.
#include "desk.h"
#include "ui/canvas_panel.h"
#include "ui/compare_words.h"

namespace mw::ui::test {
namespace {

using namespace session;
using Kind = CompareSource::Kind;

class Compare : public Desk {
  protected:
    void open_pair() {
        open_picture();
        show(add_iteration());
    }
    // What a session would have measured.
    void add_figures() {
        auto figures = std::make_shared<worker::PairFigures>();
        RegionPixels(figures->stats);
        figures->spots = {{{100, 80, 16, 16}, 0.5, {104, 88}, 0.9},
                          {{300, 200, 16, 16}, 0.3, {303, 202}, 0.4}};
        figures->areas_words =
            "3 areas changed outside your mask in the raw answer; none in the "
            "composite.";
        figures->areas.emplace();
        figures->raw_areas.emplace();
        figures->raw_areas->areas = {{{10, 10, 40, 30}, 900}};
        view.comparison.figures = figures;
        view.comparison.figures_of = "the mask of 1";
    }
    static void RegionPixels(compare::DiffStats& stats) {
        for (compare::RegionStats* r : {&stats.inside, &stats.seam, &stats.outside, &stats.all}) {
            r->pixels = 1000;
            r->changed = r == &stats.outside ? 0 : 300;
        }
    }
    void add_candidate(int id, double delta_e, std::int64_t outside) {
        auto stats = std::make_shared<compare::DiffStats>();
        RegionPixels(*stats);
        stats->inside.delta_e_mean = delta_e;
        stats->outside.changed = outside;
        view.comparison.candidates.push_back({id, stats, false});
    }
    std::vector<int> order() const {
        std::vector<int> ids;
        for (const CandidateRow& row :
             sorted_candidates(view, shell.compare.sorted_by, shell.compare.falling))
            ids.push_back(row.id);
        return ids;
    }
};

TEST_F(Compare, EveryWayHasAKeyThatLeadsInAndOutAgain) {
    open_pair();
    for (const ModeInfo& way : compare_modes()) {
        SCOPED_TRACE(way.word);
        const auto chord = parse_chord(first_key(way.command));
        ASSERT_TRUE(chord);
        const auto key = static_cast<ImGuiKey>(*chord & ~ImGuiMod_Mask_);
        const int mods = *chord & ImGuiMod_Mask_;
        if (way.mode == CompareMode::sheet)
            view.comparison.sheet = {{0, view.shown, nullptr, {}}, {1, view.shown, nullptr, {}}};
        press(key, mods);
        EXPECT_EQ(last<SetCompare>().compare.mode, way.mode);
        EXPECT_EQ(effective_compare(view), way.mode);
        EXPECT_GT(widget(way.name).width, 0) << "the bar shows it";
        EXPECT_FALSE(canvas_frame(view, shell.canvas, {1440, 900}).panes.empty());
        press(key, mods);
        EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::off);
        press(key, mods);
        press(ImGuiKey_Escape);
        EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::off) << "Esc leaves";
        EXPECT_FALSE(look_state.widgets.contains(way.name));
    }
}

TEST_F(Compare, YGoesThroughAllOfThemAndOut) {
    open_pair();
    view.comparison.sheet = {{0, view.shown, nullptr, {}}};
    for (int i = 1; i < kCompareModes; ++i) {
        press(ImGuiKey_Y);
        EXPECT_EQ(view.compare.mode, static_cast<CompareMode>(i));
    }
    press(ImGuiKey_Y);
    EXPECT_EQ(view.compare.mode, CompareMode::off);
}

TEST_F(Compare, EscLeavesATextBeforeItLeavesTheComparison) {
    open_pair();
    press(ImGuiKey_F6);
    click("prompt");
    press(ImGuiKey_Escape);
    EXPECT_EQ(view.compare.mode, CompareMode::wipe);
    press(ImGuiKey_Escape);
    if (view.compare.mode != CompareMode::off) press(ImGuiKey_Escape); // left the walk first
    EXPECT_EQ(view.compare.mode, CompareMode::off);
}

TEST_F(Compare, AFlipShowsOneOfTheTwo) {
    open_pair();
    const auto drawn = [&] {
        return canvas_frame(view, shell.canvas, {1440, 900}).panes.at(0).layer.picture;
    };
    EXPECT_EQ(drawn(), view.comparison.b.picture);
    press(ImGuiKey_F5);
    EXPECT_EQ(drawn(), view.comparison.a.picture);
    press(ImGuiKey_F5);
    EXPECT_EQ(drawn(), view.comparison.b.picture);
    EXPECT_EQ(view.compare.mode, CompareMode::off);
    // A B of one's own choice is seen before the key leaves.
    view.compare.b = {Kind::iteration, 1};
    press(ImGuiKey_F5);
    press(ImGuiKey_F5);
    EXPECT_TRUE(view.compare.flip_shows_b);
    EXPECT_EQ(view.compare.mode, CompareMode::flip);
    press(ImGuiKey_F5);
    EXPECT_EQ(view.compare.mode, CompareMode::off);
}

TEST_F(Compare, OnlyAFlickerDrawsByItself) {
    open_pair();
    for (const ModeInfo& way : compare_modes()) {
        view.compare.mode = way.mode;
        settle(6);
        if (way.mode == CompareMode::flicker) {
            EXPECT_LE(look_state.wake_after, 0.5 / 3 + 0.01);
            EXPECT_GT(look_state.wake_after, 0.001) << "and no more often than it changes";
        } else {
            EXPECT_GT(look_state.wake_after, 1) << way.word;
        }
    }
    view.compare.mode = CompareMode::flicker;
    bool a = false, b = false;
    for (int i = 0; i < 40; ++i) { // 40 frames of 1/60 s: two changes at 3 Hz
        frame();
        (shell.canvas.compare.flicker_shows_b ? b : a) = true;
    }
    EXPECT_TRUE(a);
    EXPECT_TRUE(b);
    EXPECT_EQ(view.compare.flicker_hz, 3) << "never faster by itself";
}

TEST_F(Compare, ThePairIsDrawnByTheScreen) {
    open_pair();
    const auto pairing = [&] {
        return canvas_frame(view, shell.canvas, {1440, 900}).panes.at(0).pairing;
    };
    press(ImGuiKey_F9);
    ASSERT_TRUE(pairing());
    EXPECT_EQ(pairing()->math, render::PairMath::difference);
    EXPECT_EQ(pairing()->amount, view.compare.gain);
    EXPECT_EQ(pairing()->a.picture, view.comparison.a.picture);
    press(ImGuiKey_F7);
    EXPECT_EQ(pairing()->math, render::PairMath::onion);
    press(ImGuiKey_F10);
    EXPECT_EQ(pairing()->math, render::PairMath::delta_e);
    EXPECT_EQ(pairing()->amount, 20);
    view.compare.metric = compare::Metric::absolute;
    view.compare.heat_gain = 4;
    EXPECT_EQ(pairing()->math, render::PairMath::absolute);
    EXPECT_EQ(pairing()->amount, 0.25);
    view.compare.metric = compare::Metric::ssim;
    EXPECT_EQ(pairing()->math, render::PairMath::delta_e) << "stands in while the map is coming";
    view.comparison.heat = view.shown;
    EXPECT_FALSE(pairing());
}

TEST_F(Compare, ThePictureHeldStillIsTheOriginalInEveryWay) {
    open_pair();
    view.comparison.sheet = {{0, view.comparison.a.picture, nullptr, {}},
                             {1, view.shown, nullptr, {}}};
    for (const ModeInfo& way : compare_modes()) {
        view.compare.mode = way.mode;
        settle();
        hold(ImGuiKey_Backslash, true);
        const auto frame_now = canvas_frame(view, shell.canvas, {1440, 900});
        EXPECT_EQ(frame_now.panes.back().layer.picture, view.original) << way.word;
        EXPECT_FALSE(frame_now.panes.back().pairing) << way.word;
        hold(ImGuiKey_Backslash, false);
    }
}

TEST_F(Compare, SidesAreSwappedAndBIsMovedByArrows) {
    open_pair();
    press(ImGuiKey_F9);
    press(ImGuiKey_RightArrow);
    press(ImGuiKey_DownArrow, ImGuiMod_Shift);
    EXPECT_EQ(view.compare.nudge, (Point{1, 10}));
    press(ImGuiKey_X, ImGuiMod_Shift);
    EXPECT_EQ(view.compare.a.kind, Kind::shown);
    EXPECT_EQ(view.compare.b.kind, Kind::parent);
    EXPECT_EQ(view.compare.nudge, (Point{-1, -10})) << "what lay on each other still does";
    press(ImGuiKey_Home, ImGuiMod_Shift);
    EXPECT_EQ(view.compare.nudge, Point{});
    shell.canvas.view.turn.degrees = 90; // as the picture lies on the screen
    press(ImGuiKey_RightArrow);
    EXPECT_EQ(view.compare.nudge, (Point{0, -1}));
    click("compare.nudge_reset");
    EXPECT_EQ(view.compare.nudge, Point{});
    press(ImGuiKey_F9);
    press(ImGuiKey_RightArrow);
    EXPECT_EQ(view.compare.nudge, Point{}) << "there is nothing to move";
}

TEST_F(Compare, ASideIsChosenFromTheList) {
    open_pair();
    add_iteration();
    press(ImGuiKey_F6);
    settle(6);
    click("compare.a");
    settle(4);
    click("compare.a.2"); // after what is shown and its parent: the original
    EXPECT_EQ(last<SetCompare>().compare.a, (CompareSource{Kind::iteration, 0}));
}

TEST_F(Compare, TheSheetIsAChoice) {
    open_pair();
    view.comparison.sheet = {{0, view.original, nullptr, {}}, {1, view.shown, nullptr, {}}};
    press(ImGuiKey_F11);
    settle();
    const Panes panes = panes_of(view, shell.canvas);
    ASSERT_EQ(panes.cells.size(), 2u);
    EXPECT_EQ(panes.cells[0].size(), panes.cells[1].size());
    click("sheet.0");
    EXPECT_EQ(last<ShowIteration>().id, 0);
    const int shown = count<ShowIteration>();
    const double before = shell.canvas.view.center.x;
    const PointF at{panes.cells[0].x + 200.0, panes.cells[0].y + 200.0};
    pointer(PointerKind::down, at);
    pointer(PointerKind::move, {at.x + 60, at.y});
    pointer(PointerKind::move, {at.x + 90, at.y});
    pointer(PointerKind::up, {at.x + 90, at.y});
    settle();
    EXPECT_NE(shell.canvas.view.center.x, before) << "a drag moves all of them";
    EXPECT_EQ(count<ShowIteration>(), shown);
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Compare, ThePanelShowsFiguresAndASpotIsLookedAt) {
    open_pair();
    press(ImGuiKey_F6);
    press(ImGuiKey_F4);
    EXPECT_TRUE(view.compare.figures);
    add_figures();
    settle(6);
    EXPECT_GT(widget("compare.table").height, 100);
    EXPECT_GT(widget("compare.areas").width, 0);
    click("spot.1");
    ASSERT_TRUE(shell.canvas.compare.spot);
    EXPECT_EQ(shell.canvas.compare.spot->x, 300);
    EXPECT_NEAR(shell.canvas.view.center.x, 308, 1);
    EXPECT_NEAR(shell.canvas.view.center.y, 208, 1);
    EXPECT_GT(shell.canvas.view.zoom, 2);
    press(ImGuiKey_F3);
    EXPECT_EQ(shell.canvas.compare.spot->x, 100) << "the next one, from the first again";
    press(ImGuiKey_F4);
    EXPECT_FALSE(view.compare.figures);
    EXPECT_FALSE(look_state.widgets.contains("compare.table"));
}

TEST_F(Compare, CandidatesAreSortedByEveryColumn) {
    open_pair();
    add_iteration();
    add_iteration();
    press(ImGuiKey_F4);
    add_candidate(1, 3.5, 7);
    add_candidate(2, 9.25, 0);
    view.comparison.candidates.push_back({3, nullptr, false}); // on its way
    settle(6);
    EXPECT_EQ(order(), (std::vector<int>{1, 2, 3}));
    click("candidates.outside");
    EXPECT_EQ(order(), (std::vector<int>{2, 1, 3}));
    click("candidates.delta_e");
    EXPECT_EQ(order(), (std::vector<int>{1, 2, 3}));
    click("candidates.delta_e");
    EXPECT_EQ(order(), (std::vector<int>{2, 1, 3})) << "those not judged yet stay last";
    for (const char* head : {"candidates.p99", "candidates.psnr", "candidates.ssim",
                             "candidates.flip", "candidates.seconds", "candidates.id"})
        click(head);
    EXPECT_EQ(order().size(), 3u);
    click("candidate.2");
    EXPECT_EQ(last<ShowIteration>().id, 2);
}

TEST_F(Compare, AProfileIsDrawnByALine) {
    open_pair();
    press(ImGuiKey_F9);
    press(ImGuiKey_F4);
    shell.compare.profile = true;
    settle(6);
    click("profile.draw");
    EXPECT_TRUE(shell.canvas.compare.line_armed);
    const PointF from = on_screen({120, 90}), to = on_screen({420, 300});
    pointer(PointerKind::move, from);
    pointer(PointerKind::down, from);
    pointer(PointerKind::move, to);
    pointer(PointerKind::up, to);
    settle(6);
    ASSERT_TRUE(shell.canvas.compare.line);
    EXPECT_NEAR(shell.canvas.compare.line->first.x, 120, 1);
    EXPECT_NEAR(shell.canvas.compare.line->second.y, 300, 1);
    EXPECT_FALSE(shell.canvas.compare.line_armed);
    EXPECT_EQ(count<BeginStroke>(), 0);
    ASSERT_TRUE(shell.compare.profile_made);
    EXPECT_EQ(shell.compare.profile_made->samples.size(), 301u);
    EXPECT_GT(widget("profile.plot").height, 40);
}

TEST_F(Compare, ReportsAndTablesAreAskedForByTheirEndings) {
    open_pair();
    press(ImGuiKey_F4);
    add_candidate(1, 3.5, 0);
    settle(6);
    struct Case {
        const char* button;
        const char* wrong;
        const char* right;
    };
    for (const Case& c : {Case{"compare.export_table", "/tmp/x.html", "/tmp/none_such.csv"},
                          Case{"compare.export_report", "/tmp/x.csv", "/tmp/none_such.html"}}) {
        click(c.button);
        settle(4);
        ASSERT_TRUE(is_open(shell.files));
        press(ImGuiKey_A, ImGuiMod_Ctrl);
        type(c.wrong);
        press(ImGuiKey_Enter);
        EXPECT_FALSE(shell.files.error.empty()) << c.wrong;
        press(ImGuiKey_A, ImGuiMod_Ctrl);
        type(c.right);
        press(ImGuiKey_Enter);
        settle(4);
        EXPECT_EQ(last<ExportReview>().path, c.right);
        EXPECT_FALSE(is_open(shell.files));
    }
}

TEST_F(Compare, WordsReadAndNotReadAreSaid) {
    open_pair();
    press(ImGuiKey_F4);
    add_figures();
    auto figures = std::make_shared<worker::PairFigures>(*view.comparison.figures);
    figures->texts.push_back({"OPEN", "CLOSED", "OPEN", false, true, "\"OPEN\" can be read."});
    view.comparison.figures = figures;
    settle(6);
    EXPECT_GT(widget("compare.texts").width, 50);
}

TEST_F(Compare, WithoutAnythingToCompareItSaysSo) {
    open_picture(); // the original alone
    press(ImGuiKey_F6);
    EXPECT_EQ(effective_compare(view), CompareMode::off);
    EXPECT_GT(widget("compare.a").width, 0) << "a side can be chosen";
    press(ImGuiKey_F4);
    settle(6);
    press(ImGuiKey_RightArrow);
    EXPECT_EQ(view.compare.nudge, Point{});
    press(ImGuiKey_Escape);
    EXPECT_EQ(view.compare.mode, CompareMode::off);
}

} // namespace
} // namespace mw::ui::test
