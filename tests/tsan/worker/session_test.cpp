// A session over real threads: painting, asking, cancelling, undoing and closing at once.
#include <gtest/gtest.h>

#include <random>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::FakeBackend;
using test::SessionDriver;

// A hand at random on everything while answers, partials and failures come in.
TEST(SessionStorm, RandomHand) {
    std::mt19937 random(17);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    SessionDriver driver;
    std::vector<FakeBackend::Reply> replies(60);
    for (std::size_t i = 0; i < replies.size(); ++i) {
        replies[i].partials = below(3);
        if (i % 6 != 0) replies[i].fail = Error{ErrorCode::engine, "no"};
    }
    driver.backend->script(replies);
    ASSERT_TRUE(driver.open({160, 120}));
    driver.paint(50, 50);
    driver.apply(SetPrompt{"do it"});
    for (int step = 0; step < 400; ++step) {
        const int last = static_cast<int>(driver.iterations()) - 1;
        switch (below(12)) {
            case 0:
            case 1:
                driver.paint(below(160), below(120), 1 + below(20));
                break;
            case 2:
                driver.apply(session::Run{});
                break;
            case 3:
                driver.apply(Undo{});
                break;
            case 4:
                driver.apply(Redo{});
                break;
            case 5:
                driver.apply(ShowIteration{below(last + 1)});
                break;
            case 6:
                driver.apply(AcceptIteration{below(last + 1)});
                break;
            case 7:
                driver.apply(RejectIteration{below(last + 1)});
                break;
            case 8:
                if (!driver.view().jobs.empty())
                    driver.apply(CancelJob{
                        driver.view().jobs[std::size_t(below(int(driver.view().jobs.size())))].id});
                break;
            case 9:
                driver.apply(InvertMask{});
                break;
            default:
                driver.session().pump();
        }
        const auto& document = *driver.view().document;
        ASSERT_TRUE(document.shown == document.base ||
                    document.tree.at(document.shown).parent == document.base)
            << "step " << step;
    }
    driver.backend->release_all();
    ASSERT_TRUE(driver.until_idle());
    for (const JobView& job : driver.view().jobs)
        EXPECT_TRUE(job.state == JobState::finished || job.state == JobState::failed ||
                    job.state == JobState::cancelled);
    EXPECT_FALSE(driver.view().figures_pending);
}

// The picture is replaced and the program ends while engines run, hear stop or do not, and figures
// are made.
TEST(SessionStorm, ClosedAtEveryMoment) {
    for (int round = 0; round < 6; ++round) {
        SessionDriver driver;
        FakeBackend::Reply hold, answer;
        hold.hold = true;
        hold.partials = 2;
        driver.backend->script({answer, hold});
        ASSERT_TRUE(driver.open({64, 48}));
        driver.paint(30, 20);
        driver.ask("answered");
        driver.ask("held");
        driver.ask("waiting");
        if (round % 2) {
            ASSERT_TRUE(driver.backend->wait_for_run(1));
        }
        if (round % 3 == 0) driver.apply(CloseDocument{true});
        if (round % 3 == 1) driver.session().pump();
        driver.close();
    }
}

} // namespace
} // namespace mw::session
