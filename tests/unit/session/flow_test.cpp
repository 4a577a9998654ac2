// The artist's main job, driven as the window drives it: open, paint, ask, judge, go back, export.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "codec/codec.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using project::Standing;
using test::FakeBackend;
using test::SessionDriver;

int sample(const image::ImageRef& picture, int x, int y) {
    return picture->view().pixel<std::uint8_t>(x, y)[0];
}

// Samples that differ where the mask is 0.
int changed_outside(image::ImageView a, image::ImageView b, const mask::Mask& mask) {
    int changed = 0;
    for (int y = 0; y < a.size.height; ++y)
        for (int x = 0; x < a.size.width; ++x)
            if (mask.at(x, y) == 0)
                changed += std::memcmp(a.row_bytes(y) + x * a.format.bytes(),
                                       b.row_bytes(y) + x * b.format.bytes(),
                                       std::size_t(a.format.bytes())) != 0;
    return changed;
}

TEST(Flow, NothingIsOpenAtFirst) {
    SessionDriver driver;
    EXPECT_EQ(driver.view().document, nullptr);
    EXPECT_EQ(driver.view().cannot_run, "Open a picture first.");
    EXPECT_FALSE(driver.session().busy());
    EXPECT_FALSE(driver.session().pump());
    EXPECT_EQ(driver.view().request.provider, "fake");
    EXPECT_EQ(driver.view().request.model, "plain");
}

// Without a document every action is harmless.
TEST(Flow, ActionsWithoutADocument) {
    SessionDriver driver;
    for (const Action& action : Actions{BeginStroke{},
                                        ExtendStroke{},
                                        EndStroke{},
                                        AbortStroke{},
                                        ClearMask{},
                                        FillMask{},
                                        InvertMask{},
                                        Select{},
                                        SetSelect{},
                                        ScribbleObject{},
                                        TryRefine{},
                                        RefineMask{},
                                        CancelMaskWork{},
                                        WireTo{},
                                        WireAnchor{},
                                        WireBack{},
                                        WireClose{},
                                        SetPaintLimit{true},
                                        SaveSlot{},
                                        RestoreSlot{},
                                        RecallSlot{},
                                        RenameSlot{},
                                        DeleteSlot{},
                                        CopyMask{},
                                        Reselect{},
                                        LoadMask{"x.png"},
                                        SaveMask{"x.png"},
                                        Undo{},
                                        Redo{},
                                        session::Run{},
                                        CancelJob{7},
                                        DismissJob{7},
                                        ShowIteration{3},
                                        AcceptIteration{3},
                                        RejectIteration{3},
                                        Export{"x.png"},
                                        DismissNotice{9},
                                        CloseDocument{}})
        driver.apply(action);
    EXPECT_EQ(driver.view().document, nullptr);
    EXPECT_TRUE(driver.view().jobs.empty());
}

TEST(Flow, OpenPaintRunShowsTheAnswer) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    EXPECT_EQ(driver.view().cannot_run, "Paint over what should change first.");
    driver.paint(30, 20);
    EXPECT_EQ(driver.view().cannot_run, "Say what should change.");
    ASSERT_EQ(driver.view().plan.size(), 1u);
    EXPECT_TRUE(driver.view().plan[0].plan.crop.contains(driver.view().mask->bounds()));
    EXPECT_EQ(driver.view().cost->high_usd, 0.02);
    driver.apply(SetPrompt{"do it"});
    EXPECT_EQ(driver.view().cannot_run, "");
    driver.apply(session::Run{});
    ASSERT_TRUE(driver.until_idle());

    ASSERT_EQ(driver.iterations(), 2u);
    EXPECT_EQ(driver.view().document->base, 0);
    EXPECT_EQ(driver.view().document->shown, 1);
    const project::Iteration& made = driver.view().document->tree.at(1);
    EXPECT_EQ(made.parent, 0);
    EXPECT_EQ(made.standing, Standing::proposed);
    EXPECT_EQ(made.what_was_done, "filled with 200");
    EXPECT_EQ(made.prompt, "do it");
    EXPECT_GT(made.parts->at(0).answer.bytes.size(), 8u) << "the bytes as received are kept";
    EXPECT_EQ(made.cost.actual_usd, 0.015);
    EXPECT_EQ(made.report.changed_outside_mask, 0);
    EXPECT_EQ(made.report.outside_sha256, made.report.outside_sha256_before);
    EXPECT_NE(sample(driver.view().shown, 30, 20), sample(driver.view().original, 30, 20));
    EXPECT_EQ(
        changed_outside(driver.view().shown->view(), driver.view().original->view(), *made.mask),
        0);
    EXPECT_EQ(driver.view().comparison.a.picture, driver.view().original);
}

TEST(Flow, FiguresArePendingThenThere) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    bool was_pending = false;
    ASSERT_TRUE(driver.until([&] {
        was_pending = was_pending || driver.view().figures_pending;
        return driver.view().figures.has_value();
    }));
    EXPECT_TRUE(was_pending);
    EXPECT_FALSE(driver.view().figures_pending);
    EXPECT_EQ(driver.view().figures->outside.changed, 0);
    EXPECT_GT(driver.view().figures->inside.changed, 0);
    driver.apply(ShowIteration{0});
    EXPECT_FALSE(driver.view().figures) << "the original has no parent to differ from";
    driver.apply(ShowIteration{1});
    EXPECT_TRUE(driver.view().figures) << "known figures are not asked for again";
}

// Cancelled figures end the waiting too.
TEST(Flow, CancelledFiguresArePendingNoLonger) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until([&] { return driver.iterations() == 2u; }));
    for (const JobView& job : std::vector<JobView>(driver.view().jobs))
        if (job.kind == JobKind::figures) driver.apply(CancelJob{job.id});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(driver.view().figures_pending);
}

TEST(Flow, AcceptRejectUndoRedo) {
    SessionDriver driver;
    driver.backend->script({{.value = 200}, {.value = 220}});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    const auto& document = *driver.view().document;
    driver.apply(AcceptIteration{1});
    EXPECT_EQ(document.base, 1);
    EXPECT_EQ(document.tree.at(1).standing, Standing::accepted);
    driver.ask("again");
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(document.shown, 2);
    EXPECT_EQ(document.tree.at(2).parent, 1);
    driver.apply(RejectIteration{2});
    EXPECT_EQ(document.shown, 1);
    EXPECT_EQ(document.tree.at(2).standing, Standing::rejected);
    EXPECT_EQ(driver.view().undo_name, "Reject");
    driver.apply(Undo{});
    EXPECT_EQ(document.shown, 2);
    EXPECT_EQ(document.tree.at(2).standing, Standing::proposed);
    driver.apply(Undo{}); // show answer 2
    driver.apply(Undo{}); // accept 1
    EXPECT_EQ(document.base, 0);
    EXPECT_EQ(document.shown, 1);
    EXPECT_EQ(document.tree.at(1).standing, Standing::proposed);
    driver.apply(Undo{}); // show answer 1
    EXPECT_EQ(document.shown, 0);
    EXPECT_EQ(driver.view().shown, driver.view().original);
    driver.apply(Undo{}); // the stroke
    EXPECT_TRUE(driver.view().mask->empty());
    EXPECT_EQ(driver.view().undo_name, "");
    for (int i = 0; i < 5; ++i)
        driver.apply(Redo{});
    EXPECT_EQ(document.shown, 1);
    EXPECT_EQ(document.base, 1);
    EXPECT_EQ(document.tree.at(2).standing, Standing::rejected);
    EXPECT_EQ(driver.iterations(), 3u) << "undo moves a pointer, it deletes nothing";
}

// What is shown is the base or a proposal on top of it, whatever is clicked.
TEST(Flow, ShownAlwaysLiesOnTheBase) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    driver.apply(AcceptIteration{2});
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    const auto& document = *driver.view().document;
    ASSERT_EQ(driver.iterations(), 4u); // 0 - 1, 0 - 2 - 3
    const auto holds = [&] {
        return document.shown == document.base ||
               document.tree.at(document.shown).parent == document.base;
    };
    for (const Action& action :
         Actions{ShowIteration{1}, ShowIteration{3}, RejectIteration{2}, ShowIteration{3},
                 AcceptIteration{3}, ShowIteration{1}, RejectIteration{1}, ShowIteration{0},
                 ShowIteration{2}, ShowIteration{3}, RejectIteration{3}}) {
        driver.apply(action);
        EXPECT_TRUE(holds()) << "after action " << action.index() << ": base " << document.base
                             << " shown " << document.shown;
    }
    while (!driver.view().undo_name.empty()) {
        driver.apply(Undo{});
        EXPECT_TRUE(holds()) << "base " << document.base << " shown " << document.shown;
    }
}

TEST(Flow, SeveralCandidatesAreSiblings) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    RequestSettings settings = driver.view().request;
    settings.count = 3;
    settings.graft.match_color = false;
    driver.apply(SetRequest{settings});
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.iterations(), 4u);
    EXPECT_EQ(driver.view().document->shown, 1) << "the first is shown";
    EXPECT_EQ(driver.view().document->tree.children(0), (std::vector<int>{1, 2, 3}));
    EXPECT_NE(sample(driver.view().document->tree.picture(1), 30, 20),
              sample(driver.view().document->tree.picture(3), 30, 20));
}

TEST(Flow, SixteenBitPicturesKeepTheirDepth) {
    SessionDriver driver;
    const image::PixelFormat rgb16{3, image::SampleType::u16};
    ASSERT_TRUE(driver.open({64, 48}, "deep.png", rgb16));
    EXPECT_EQ(driver.view().shown->format(), rgb16);
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().shown->format(), rgb16);
    driver.apply(Export{driver.folder / "out.png"});
    ASSERT_TRUE(driver.until_idle());
    const auto back = codec::decode_file(driver.folder / "out.png");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(image::identical(back->pixels.view(), driver.view().shown->view()));
}

TEST(Flow, ReasonsNotToRun) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({32, 32}));
    driver.paint(10, 10);
    driver.apply(SetPrompt{""});
    EXPECT_EQ(driver.view().cannot_run, "Say what should change.");
    driver.apply(SetPrompt{" \n "});
    EXPECT_NE(driver.view().cannot_run.find("prompt is empty"), std::string::npos);
    driver.apply(SetPrompt{std::string(40000, 'x')});
    EXPECT_NE(driver.view().cannot_run.find("40000"), std::string::npos)
        << driver.view().cannot_run;
    EXPECT_NE(driver.view().cannot_run.find("shorten"), std::string::npos);
    driver.apply(SetPrompt{"impossible"});
    EXPECT_NE(driver.view().cannot_run.find("ask for less"), std::string::npos);
    driver.apply(session::Run{});
    EXPECT_TRUE(driver.has_notice("ask for less"));
    EXPECT_FALSE(driver.session().busy());
    EXPECT_EQ(driver.backend->runs(), 0);
    driver.apply(SetPrompt{"possible, but rather long"});
    EXPECT_EQ(driver.view().cannot_run, "");
    RequestSettings strict = driver.view().request;
    strict.model = "strict";
    driver.apply(SetRequest{strict});
    EXPECT_NE(driver.view().cannot_run, "") << "another model has other limits";
}

// A model that no size of this picture suits says so before Run.
TEST(Flow, AnotherModelIsPlannedAnew) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({100, 100}));
    driver.paint(50, 50);
    driver.apply(SetPrompt{"do it"});
    const auto plain = driver.view().plan.at(0).plan;
    RequestSettings strict = driver.view().request;
    strict.model = "strict";
    driver.apply(SetRequest{strict});
    ASSERT_EQ(driver.view().plan.size(), 1u);
    EXPECT_NE(driver.view().plan[0].plan, plain);
    EXPECT_EQ(driver.view().plan[0].plan.request_size.width % 16, 0);
    strict.model = "no such model";
    strict.count = 99;
    strict.context_px = -5;
    strict.graft.seam.feather_px = std::nan("");
    strict.graft.seam.reach_out_px = 1e9;
    strict.graft.accept_large_move = true;
    strict.enlarge = 99;
    driver.apply(SetRequest{strict});
    EXPECT_EQ(driver.view().request.model, "plain");
    EXPECT_EQ(driver.view().request.count, 4);
    EXPECT_EQ(driver.view().request.context_px, 0);
    EXPECT_EQ(driver.view().request.graft.seam.feather_px, std::nullopt);
    EXPECT_EQ(driver.view().request.graft.seam.reach_out_px, 256);
    EXPECT_FALSE(driver.view().request.graft.accept_large_move)
        << "an answer about one picture is no default";
    EXPECT_EQ(driver.view().request.enlarge, 8);
    strict.enlarge = 1;
    driver.apply(SetRequest{strict});
    driver.apply(session::Run{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.iterations(), 5u);
}

TEST(Flow, EngineFailureAndGarbageLeaveTheDocument) {
    SessionDriver driver;
    FakeBackend::Reply broken, garbage;
    broken.fail = Error{ErrorCode::engine, "The engine is out of paint; try later."};
    garbage.garbage = true;
    driver.backend->script({broken, garbage});
    ASSERT_TRUE(driver.open({32, 32}));
    driver.paint(10, 10);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("out of paint"));
    EXPECT_EQ(driver.job(driver.last_job())->state, JobState::failed);
    EXPECT_EQ(driver.job(driver.last_job())->error, "The engine is out of paint; try later.");
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.job(driver.last_job())->state, JobState::failed);
    EXPECT_EQ(driver.iterations(), 1u);
    EXPECT_EQ(driver.view().shown, driver.view().original);
    driver.apply(DismissJob{driver.last_job()});
    EXPECT_EQ(driver.view().jobs.size(), 1u);
}

} // namespace
} // namespace mw::session
