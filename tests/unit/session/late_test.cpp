// Answers that come while the artist is elsewhere, and jobs that are stopped.
#include <gtest/gtest.h>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::FakeBackend;
using test::SessionDriver;

FakeBackend::Reply held(int value = 200) {
    FakeBackend::Reply reply;
    reply.value = value;
    reply.hold = true;
    return reply;
}

FakeBackend::Reply deaf() {
    FakeBackend::Reply reply = held();
    reply.deaf = true;
    return reply;
}

TEST(Late, AnswerAfterBranchingLandsOnItsParent) {
    SessionDriver driver;
    driver.backend->script({FakeBackend::Reply{}, held(), held()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask("first");
    ASSERT_TRUE(driver.until_idle());
    driver.ask("second"); // from the original, too: nothing is accepted yet
    ASSERT_TRUE(driver.backend->wait_for_run(1));
    driver.apply(AcceptIteration{1});
    const auto canvas = driver.view().shown;
    driver.backend->release(1);
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.iterations(), 3u);
    EXPECT_EQ(driver.view().document->tree.at(2).parent, 0);
    EXPECT_EQ(driver.view().document->shown, 1);
    EXPECT_EQ(driver.view().shown, canvas) << "the canvas is not taken";
    EXPECT_TRUE(driver.has_notice("earlier iteration"));
    EXPECT_EQ(driver.view().undo_name, "Accept");
}

// The request is frozen at Run: painting, another prompt and other settings do not reach it.
TEST(Late, PaintingGoesOnWithoutTouchingTheRequest) {
    SessionDriver driver;
    driver.backend->script({held()});
    ASSERT_TRUE(driver.open({200, 150}));
    driver.paint(30, 30);
    const mask::Mask asked = *driver.view().mask;
    driver.ask("frozen");
    driver.paint(120, 100, 20);
    driver.apply(SetPrompt{"other"});
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    driver.paint(60, 60, 20);
    driver.backend->release(0);
    ASSERT_TRUE(driver.until_idle());
    const project::Iteration& made = driver.view().document->tree.at(1);
    EXPECT_EQ(*made.mask, asked);
    EXPECT_EQ(made.prompt, "frozen");
    EXPECT_EQ(driver.backend->request(0).plan, made.parts->at(0).request->plan);
    EXPECT_NE(*driver.view().mask, asked) << "what was painted meanwhile is still there";
    EXPECT_TRUE(made.patch->rect.width <= asked.bounds().width + 2);
}

// The pen is down while the answer comes: the stroke goes on.
TEST(Late, AnswerDuringAStroke) {
    SessionDriver driver;
    driver.backend->script({held()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    driver.apply(BeginStroke{{10, 10, 1, 0}, false});
    driver.backend->release(0);
    ASSERT_TRUE(driver.until([&] { return driver.iterations() == 2u; }));
    driver.apply(ExtendStroke{{14, 10, 1, 0.1}});
    driver.apply(EndStroke{});
    EXPECT_GT(driver.view().mask->at(14, 10), 0);
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().mask->at(14, 10), 0);
    EXPECT_GT(driver.view().mask->at(30, 20), 0);
}

// An undone stroke can be redone although an answer came in between.
TEST(Late, AnswerKeepsWhatCanBeRedone) {
    SessionDriver driver;
    driver.backend->script({held()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.paint(50, 40);
    driver.ask();
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    driver.apply(Undo{});
    ASSERT_EQ(driver.view().mask->at(50, 40), 0);
    driver.backend->release(0);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().document->shown, 1);
    driver.apply(Redo{});
    EXPECT_GT(driver.view().mask->at(50, 40), 0);
}

TEST(Late, AnswerAfterTheDocumentWasClosed) {
    SessionDriver driver;
    driver.backend->script({deaf()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask("too late");
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    const auto id = driver.last_job();
    driver.apply(CloseDocument{});
    ASSERT_NE(driver.view().document, nullptr); // what is in memory alone is not dropped unasked
    driver.apply(CloseDocument{true});
    EXPECT_EQ(driver.view().document, nullptr);
    EXPECT_EQ(driver.view().shown, nullptr);
    EXPECT_EQ(driver.view().mask, nullptr);
    driver.backend->release(0);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.job(id)->state, JobState::cancelled);
    EXPECT_EQ(driver.view().document, nullptr);
}

// The next picture never sees the last one's answer.
TEST(Late, AnswerAfterAnotherPictureWasOpened) {
    SessionDriver driver;
    driver.backend->script({deaf()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    ASSERT_TRUE(driver.open({40, 30}, "other.png"));
    driver.backend->release(0);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.iterations(), 1u);
    EXPECT_EQ(driver.view().shown->size(), (Size{40, 30}));
    EXPECT_TRUE(driver.view().mask->empty());
}

TEST(Late, CancelWaitingAndRunning) {
    SessionDriver driver;
    driver.backend->script({held()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    for (int i = 0; i < 4; ++i)
        driver.ask("job " + std::to_string(i));
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    ASSERT_TRUE(driver.backend->wait_for_run(1)); // both lanes are taken, two jobs wait
    const std::vector<JobView> jobs = driver.view().jobs;
    ASSERT_EQ(jobs.size(), 4u);
    driver.apply(CancelJob{jobs[3].id});
    EXPECT_TRUE(driver.job(jobs[3].id)->cancel_asked);
    driver.apply(CancelJob{jobs[0].id});
    ASSERT_TRUE(driver.until([&] {
        return driver.job(jobs[0].id)->state == JobState::cancelled &&
               driver.job(jobs[3].id)->state == JobState::cancelled;
    }));
    driver.backend->release_all();
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.job(jobs[1].id)->state, JobState::finished);
    EXPECT_EQ(driver.job(jobs[2].id)->state, JobState::finished);
    EXPECT_EQ(driver.backend->runs(), 3) << "a waiting job that is cancelled never starts";
    EXPECT_EQ(driver.iterations(), 3u);
    driver.apply(CancelJob{jobs[1].id});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.job(jobs[1].id)->state, JobState::finished) << "over is over";
}

TEST(Late, PartialsAreShownOverTheirParentAndGoAway) {
    SessionDriver driver;
    FakeBackend::Reply reply = held();
    reply.partials = 2;
    driver.backend->script({reply});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    const auto id = driver.last_job();
    ASSERT_TRUE(driver.until([&] { return driver.view().preview.has_value(); }));
    EXPECT_EQ(driver.job(id)->phase, edit::Phase::thinking);
    EXPECT_EQ(driver.job(id)->fraction, 0.25);
    EXPECT_TRUE(driver.view().shown->rect().contains(driver.view().preview->rect));
    EXPECT_EQ(driver.view().document->shown, 0);
    driver.apply(CancelJob{id});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(driver.view().preview);
    EXPECT_EQ(driver.view().shown, driver.view().original);
}

// The window is closed in mid run: nothing hangs, nothing is touched afterwards.
TEST(Late, SessionGoesWhileJobsRun) {
    SessionDriver driver;
    driver.backend->script({held()});
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    for (int i = 0; i < 3; ++i)
        driver.ask();
    ASSERT_TRUE(driver.backend->wait_for_run(0));
    driver.close();
}

} // namespace
} // namespace mw::session
