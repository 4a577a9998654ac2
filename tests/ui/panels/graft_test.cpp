// The graft's settings, the report of a graft, and what it asks the artist.
#include "desk.h"
#include "ui/canvas_panel.h"
#include "ui/graft_panel.h"

namespace mw::ui::test {
namespace {

using namespace session;
using composite::GraftReport;
using composite::Respect;

class Graft : public Desk {
  protected:
    // A result whose report says what the test wants it to say.
    project::IterationId result(const std::function<void(GraftReport&)>& say = {}) {
        open_picture();
        const auto id = add_iteration();
        project::Grafted grafted = document->tree.at(id);
        if (say) say(grafted.report);
        document->tree.swap_graft(id, grafted);
        show(id);
        return id;
    }
    // Pulls a slider from its middle by so many pixels and lets go.
    void pull(std::string_view name, double by) {
        ImGuiIO& io = ImGui::GetIO();
        const NamedRect r = widget(name);
        const PointF at{r.x + r.width / 2.0, r.y + r.height / 2.0};
        point_at(at);
        settle(2);
        io.AddMouseButtonEvent(0, true);
        settle(2);
        point_at({at.x + by, at.y});
        settle(2);
    }
    void let_go() {
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        settle(2);
    }
};

TEST_F(Graft, ASliderIsTriedWhileItIsPulledAndKeptWhenLetGo) {
    result();
    pull("graft.feather", 30);
    EXPECT_GE(count<TryGraft>(), 1);
    EXPECT_EQ(count<SetGraft>(), 0);
    const double tried = last<TryGraft>().params.seam.feather_px.value();
    EXPECT_GT(tried, 8);
    EXPECT_EQ(tried, std::round(tried));
    let_go();
    EXPECT_EQ(count<SetGraft>(), 1);
    EXPECT_EQ(last<SetGraft>().params.seam.feather_px, tried);
    EXPECT_EQ(count<BeginStroke>(), 0);
}

TEST_F(Graft, ReachingOutwardSaysThatTheDeclaredRegionGrows) {
    result();
    pull("graft.reach", 20);
    EXPECT_GT(last<TryGraft>().params.seam.reach_out_px, 0);
    let_go();
    EXPECT_GT(last<SetGraft>().params.seam.reach_out_px, 0);
    EXPECT_FALSE(last<SetGraft>().params.seam.feather_px) << "the other setting stays automatic";
}

TEST_F(Graft, SwitchesAreKeptAtOnce) {
    result();
    click("graft.register");
    EXPECT_FALSE(last<SetGraft>().params.do_register);
    click("graft.match");
    EXPECT_FALSE(last<SetGraft>().params.match_color);
    click("graft.membrane");
    EXPECT_FALSE(last<SetGraft>().params.membrane);
    click("graft.grain");
    EXPECT_FALSE(last<SetGraft>().params.grain);
    click("graft.fitting");
    EXPECT_EQ(last<SetGraft>().params.seam.kind, composite::SeamKind::fitting);
    EXPECT_EQ(count<SetGraft>(), 5);
    EXPECT_EQ(count<TryGraft>(), 0);
}

TEST_F(Graft, ResetBringsTheDefaultsBack) {
    ImGui::GetIO().DisplaySize.y = 1200; // the panel's end is on the screen
    const auto id = result();
    EXPECT_FALSE(widget("graft.reset").enabled);
    project::Grafted grafted = document->tree.at(id);
    grafted.graft.match_color = false;
    grafted.graft.seam = {composite::SeamKind::fitting, 40.0, 12};
    document->tree.swap_graft(id, grafted);
    settle();
    click("graft.reset");
    EXPECT_EQ(last<SetGraft>().params, composite::GraftParams{});
}

TEST_F(Graft, WithoutAResultTheSettingsAreForTheNextOne) {
    open_picture();
    shell.verdict.graft_next = true;
    settle();
    click("graft.match");
    EXPECT_FALSE(last<SetGraft>().params.match_color);
    pull("graft.feather", 40);
    let_go();
    EXPECT_EQ(count<TryGraft>(), 0);
}

TEST_F(Graft, WhatIsCutOffIsTakenInByOneClick) {
    result([](GraftReport& r) {
        r.cut_off.left = 14;
        r.cut_off.text = "the new object wants 14 px more to the left";
    });
    click("report.grow");
    EXPECT_EQ(count<GrowAndRegraft>(), 1);
    view.trial.emplace();
    view.trial->iteration = 1;
    view.trial->growing = true;
    settle();
    EXPECT_FALSE(widget("report.grow").enabled) << "once is enough";
}

TEST_F(Graft, ARimIsToldAndIsNoWarning) {
    result([](GraftReport& r) {
        r.cut_off.left = 3;
        r.cut_off.text = "the new object wants 3 px more to the left";
    });
    EXPECT_FALSE(look_state.widgets.contains("report.cut_off"));
    EXPECT_TRUE(look_state.widgets.contains("report.slightly_cut"));
    EXPECT_TRUE(look_state.widgets.contains("report.grow"));
}

TEST_F(Graft, NothingIsAskedWhereNothingIsWrong) {
    result();
    for (const char* name : {"report.grow", "report.cut_off", "report.respect", "report.large_move",
                             "report.apply_move"})
        EXPECT_FALSE(look_state.widgets.contains(name)) << name;
}

TEST_F(Graft, ALargeMoveIsAppliedWhenTheArtistSaysSo) {
    result([](GraftReport& r) {
        r.registration.asks = true;
        r.registration.dx = 12.5;
        r.registration.dy = -3;
        r.registration.scale = 1.031;
    });
    click("report.apply_move");
    EXPECT_TRUE(last<SetGraft>().params.accept_large_move);
}

TEST_F(Graft, AnIgnoredMaskIsAWarning) {
    result([](GraftReport& r) { r.respect.verdict = Respect::Verdict::ignored; });
    EXPECT_TRUE(look_state.widgets.contains("report.respect"));
}

TEST_F(Graft, SectionsFold) {
    result();
    click("graft.fold");
    EXPECT_FALSE(look_state.widgets.contains("graft.feather"));
    click("report.fold");
    EXPECT_FALSE(look_state.widgets.contains("report.seam"));
    click("graft.fold");
    EXPECT_TRUE(look_state.widgets.contains("graft.feather"));
}

TEST_F(Graft, MovesInWords) {
    composite::Registration r;
    EXPECT_EQ(move_words(r), "0 px");
    r.dx = 12.4;
    r.dy = -3;
    r.scale = 1.031;
    r.rotation_degrees = -0.4;
    EXPECT_EQ(move_words(r), "12.40 px to the right, 3.00 px up, × 1.0310, 0.40° clockwise");
}

// A preview lies over the parent's picture, not over the result it may replace.
TEST_F(Graft, ATrialIsDrawnOverTheParent) {
    const auto id = result();
    view.preview = *document->tree.at(id).patch;
    view.preview_under = document->tree.picture(0);
    settle();
    const auto drawn = canvas_frame(view, shell.canvas, {1440, 900});
    EXPECT_EQ(drawn.panes.back().layer.picture, view.original);
    EXPECT_EQ(drawn.panes.back().layer.patch, document->tree.at(id).patch->pixels);
}

} // namespace
} // namespace mw::ui::test
