// Grafting a result again: tried, kept, undone, beside others, too late.
#include <gtest/gtest.h>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using project::Standing;
using test::FakeBackend;
using test::SessionDriver;

struct Regraft : testing::Test {
    SessionDriver driver;

    // One answer to a dab, shown as a proposal.
    void answered() {
        ASSERT_TRUE(driver.open({96, 80}));
        driver.paint(48, 40, 14);
        driver.ask();
        ASSERT_TRUE(driver.until_idle());
        ASSERT_EQ(driver.iterations(), 2u);
    }
    const project::Document& document() const { return *driver.view().document; }
    const project::Iteration& at(int id) const { return document().tree.at(id); }
    composite::GraftParams with_feather(double px) const {
        composite::GraftParams params = at(document().shown).graft;
        params.seam.feather_px = px;
        return params;
    }
    bool until_idle() { return driver.until_idle(); }
};

TEST_F(Regraft, ATrialIsShownAndForgotten) {
    answered();
    const auto before = at(1).patch->pixels;
    driver.apply(TryGraft{with_feather(0)});
    ASSERT_TRUE(driver.view().trial);
    EXPECT_EQ(driver.view().trial->params.seam.feather_px, 0);
    ASSERT_TRUE(until_idle());
    ASSERT_TRUE(driver.view().preview);
    EXPECT_EQ(driver.view().preview_under, document().tree.picture(0));
    EXPECT_FALSE(image::identical(driver.view().preview->pixels->view(), before->view()));
    EXPECT_EQ(at(1).patch->pixels, before) << "nothing is kept yet";
    EXPECT_EQ(driver.view().undo_name, "Show answer");
    driver.apply(DropGraftTrial{});
    EXPECT_FALSE(driver.view().trial);
    EXPECT_FALSE(driver.view().preview);
    EXPECT_FALSE(driver.view().request.graft.seam.feather_px) << "a trial is no default";
}

TEST_F(Regraft, KeptAsOneUndoableCommand) {
    answered();
    const auto before = at(1).patch->pixels;
    const auto first_shown = driver.view().shown;
    for (const double px : {6.0, 4.0, 2.0, 0.0})
        driver.apply(TryGraft{with_feather(px)});
    driver.apply(SetGraft{with_feather(0)});
    EXPECT_TRUE(driver.view().trial) << "until it has come, the new settings stand in the panel";
    ASSERT_TRUE(until_idle());
    EXPECT_FALSE(driver.view().trial);
    EXPECT_FALSE(driver.view().preview);
    EXPECT_EQ(driver.iterations(), 2u);
    EXPECT_NE(at(1).patch->pixels, before);
    EXPECT_EQ(at(1).graft.seam.feather_px, 0);
    EXPECT_EQ(at(1).parts->size(), 1u);
    EXPECT_EQ(at(1).report.changed_outside_mask, 0);
    EXPECT_EQ(at(1).report.outside_sha256, at(1).report.outside_sha256_before);
    EXPECT_FALSE(at(1).report.outside_sha256.empty()) << "what is kept is proved";
    EXPECT_NE(driver.view().shown, first_shown);
    EXPECT_EQ(driver.view().request.graft.seam.feather_px, 0) << "the default for the next request";
    EXPECT_EQ(driver.view().undo_name, "Graft settings");
    driver.apply(Undo{});
    EXPECT_EQ(at(1).patch->pixels, before);
    EXPECT_FALSE(at(1).graft.seam.feather_px);
    driver.apply(Redo{});
    EXPECT_EQ(at(1).graft.seam.feather_px, 0);
    ASSERT_TRUE(until_idle());
    EXPECT_TRUE(driver.view().figures) << "figures follow the graft";
}

TEST_F(Regraft, TheSameSettingsAreNoCommand) {
    answered();
    driver.apply(SetGraft{at(1).graft});
    EXPECT_FALSE(driver.session().busy());
    EXPECT_EQ(driver.view().undo_name, "Show answer");
    EXPECT_FALSE(driver.view().trial);
}

// Only the last of a quick series of clicks remains; each is one undo step.
TEST_F(Regraft, QuickClicksComeInOrder) {
    answered();
    composite::GraftParams params = at(1).graft;
    params.match_color = false;
    driver.apply(SetGraft{params});
    params.do_register = false;
    driver.apply(SetGraft{params});
    driver.apply(SetGraft{with_feather(8)}); // with the settings it still has
    params = with_feather(1);
    driver.apply(SetGraft{params});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(at(1).graft, params);
    EXPECT_EQ(driver.iterations(), 2u);
}

TEST_F(Regraft, AnAcceptedResultIsNotOverwritten) {
    answered();
    driver.apply(AcceptIteration{1});
    const auto before = at(1).patch->pixels;
    driver.apply(SetGraft{with_feather(0)});
    ASSERT_TRUE(until_idle());
    ASSERT_EQ(driver.iterations(), 3u);
    EXPECT_EQ(at(1).patch->pixels, before);
    EXPECT_EQ(at(2).parent, 0);
    EXPECT_EQ(at(2).prompt, at(1).prompt);
    EXPECT_EQ(at(2).parts->at(0).answer.bytes, at(1).parts->at(0).answer.bytes);
    EXPECT_EQ(at(2).standing, Standing::proposed);
    EXPECT_EQ(document().shown, 2);
    EXPECT_EQ(document().base, 0);
    driver.apply(Undo{});
    EXPECT_EQ(document().shown, 1);
    EXPECT_EQ(document().base, 1);
}

TEST_F(Regraft, NorIsWhatAFileOrARequestWasMadeOf) {
    answered();
    driver.apply(Export{driver.folder / "out.png"});
    driver.apply(SetGraft{with_feather(0)});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(driver.iterations(), 3u);
    EXPECT_EQ(document().shown, 2);
    driver.apply(SetGraft{with_feather(3)}); // the sibling is free
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(driver.iterations(), 3u);
    driver.apply(AcceptIteration{2});
    driver.ask("next");
    driver.apply(Undo{}); // accepting: a proposal again, but a request is under way from it
    ASSERT_EQ(at(2).standing, Standing::proposed);
    driver.apply(SetGraft{with_feather(1)});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(at(2).graft.seam.feather_px, 3);
    EXPECT_EQ(driver.iterations(), 5u);
}

// What was asked for belongs to the result it was asked for, wherever the artist is by then.
TEST_F(Regraft, ALateGraftAttachesToItsResult) {
    answered();
    driver.ask("second");
    ASSERT_TRUE(until_idle());
    ASSERT_EQ(document().shown, 2);
    driver.apply(ShowIteration{1});
    driver.apply(TryGraft{with_feather(2)});
    driver.apply(SetGraft{with_feather(0)});
    driver.apply(ShowIteration{2});
    EXPECT_FALSE(driver.view().trial);
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(at(1).graft.seam.feather_px, 0);
    EXPECT_FALSE(at(2).graft.seam.feather_px);
    EXPECT_EQ(document().shown, 2);
    EXPECT_FALSE(driver.view().preview);
    driver.apply(Undo{});
    EXPECT_EQ(document().shown, 1) << "what undo changes is shown";
    EXPECT_FALSE(at(1).graft.seam.feather_px);
}

TEST_F(Regraft, ClosingDropsWhatIsUnderWay) {
    answered();
    driver.apply(TryGraft{with_feather(2)});
    driver.apply(SetGraft{with_feather(0)});
    driver.apply(CloseDocument{true});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(driver.view().document, nullptr);
    EXPECT_FALSE(driver.view().trial);
    ASSERT_TRUE(driver.open({40, 30}, "other.png"));
    EXPECT_EQ(driver.iterations(), 1u);
    driver.apply(TryGraft{{}});
    driver.apply(SetGraft{{}});
    driver.apply(GrowAndRegraft{});
    EXPECT_FALSE(driver.session().busy()) << "the original has no graft";
}

TEST_F(Regraft, SettingsBeforeAnyResultAreTheDefault) {
    ASSERT_TRUE(driver.open({96, 80}));
    composite::GraftParams params;
    params.match_color = false;
    params.seam.feather_px = 3;
    driver.apply(SetGraft{params});
    driver.paint(48, 40, 14);
    driver.ask();
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(at(1).graft, params);
}

// The engine drew more than the mask lets through: one click takes it in, without a new request.
TEST_F(Regraft, TheMaskGrowsToWhatIsCutOff) {
    FakeBackend::Reply spilling;
    spilling.spill = 14;
    driver.backend->script({spilling});
    ASSERT_TRUE(driver.open({320, 240}));
    driver.paint(170, 120, 24);
    driver.ask();
    ASSERT_TRUE(until_idle());
    const composite::CutOff cut = at(1).report.cut_off;
    ASSERT_GT(cut.left, 0) << "the report sees it";
    EXPECT_EQ(cut.right, 0);
    const mask::Mask before = *at(1).mask;
    driver.apply(GrowAndRegraft{});
    ASSERT_TRUE(driver.view().trial);
    EXPECT_TRUE(driver.view().trial->growing);
    driver.apply(GrowAndRegraft{}); // once is enough
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(driver.backend->runs(), 1);
    EXPECT_EQ(driver.iterations(), 2u);
    const Rect was = before.bounds(), is = at(1).mask->bounds();
    EXPECT_EQ(is, Rect::from_edges(was.x - cut.left, was.y, was.right(), was.bottom()));
    EXPECT_EQ(at(1).parts->at(0).mask, *at(1).mask);
    EXPECT_TRUE(at(1).parts->at(0).request->plan.crop.contains(is));
    EXPECT_EQ(at(1).report.changed_outside_mask, 0);
    EXPECT_EQ(*driver.view().mask, before) << "what is painted for the next request stays";
    EXPECT_EQ(driver.view().undo_name, "Grow mask and re-graft");
    // A slider afterwards works with the grown mask.
    driver.apply(SetGraft{with_feather(2)});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(at(1).mask->bounds(), is);
    driver.apply(Undo{});
    driver.apply(Undo{});
    EXPECT_EQ(*at(1).mask, before);
    driver.apply(SetGraft{with_feather(1)});
    ASSERT_TRUE(until_idle());
    EXPECT_EQ(*at(1).mask, before) << "and with the old one after undo";
}

TEST_F(Regraft, NothingCutOffNothingGrows) {
    answered();
    driver.apply(GrowAndRegraft{});
    EXPECT_FALSE(driver.view().trial);
    EXPECT_FALSE(driver.session().busy());
}

TEST_F(Regraft, WithoutADocument) {
    for (const Action& action : Actions{TryGraft{}, SetGraft{}, DropGraftTrial{}, GrowAndRegraft{}})
        driver.apply(action);
    EXPECT_FALSE(driver.session().busy());
}

} // namespace
} // namespace mw::session
