// A mask in several parts: a request each, one candidate of all, and nothing that was paid for
// lost.
#include <gtest/gtest.h>

#include <thread>

#include "mask/shapes.h"
#include "support/fake_backend.h"
#include "support/session_driver.h"
#include "worker/work.h"
#include "worker/worker.h"

namespace mw::worker {
namespace {

using test::FakeBackend;
using Reply = FakeBackend::Reply;

constexpr Size kSize{900, 300};

// Three islands far apart, the first the largest.
EditJob three_parts(const std::shared_ptr<FakeBackend>& backend) {
    EditJob job;
    job.backend = backend;
    job.model = backend->models().front();
    job.prompt = "do it";
    job.source = std::make_shared<const image::Image>(test::ramp_picture(kSize));
    job.mask = mask::rectangle(kSize, {10, 10, 20, 16});
    for (const mask::RectF& box : {mask::RectF{850, 270, 15, 15}, mask::RectF{440, 10, 10, 10}})
        mask::combine(job.mask, mask::rectangle(kSize, box), mask::CombineMode::add);
    job.plan.context_px = 4;
    job.graft.seam.feather_px = 0;
    job.graft.match_color = job.graft.membrane = job.graft.grain = false;
    return job;
}

int value_at(const EditJob& job, const Candidate& candidate, int x, int y) {
    const image::Image whole = composite::apply(job.source->view(), candidate.graft.patch);
    return *whole.view().pixel<std::uint8_t>(x, y);
}

struct Told {
    std::vector<std::pair<int, int>> parts;
    std::vector<Rect> partials;
    ReportProgress report = [this](JobProgress progress) {
        if (const auto* phase = std::get_if<PhaseChanged>(&progress);
            phase && phase->phase == edit::Phase::thinking)
            parts.emplace_back(phase->part, phase->parts);
        if (const auto* partial = std::get_if<Partial>(&progress))
            partials.push_back(partial->patch.rect);
    };
};

Reply says(int value) {
    Reply reply;
    reply.value = value;
    return reply;
}
Reply refuses() {
    Reply reply;
    reply.fail = Error{ErrorCode::engine, "The engine is out of paint."};
    return reply;
}

TEST(Parts, AreAskedForInTurnAndGraftedTogether) {
    const auto backend = std::make_shared<FakeBackend>();
    std::vector<Reply> replies{says(50), says(100), says(150)};
    for (Reply& reply : replies)
        reply.partials = 1;
    backend->script(replies);
    EditJob job = three_parts(backend);
    job.params.count = 2;
    Told told;
    const auto edited = run_edit(job, told.report, {});
    ASSERT_TRUE(edited) << edited.error().message;
    EXPECT_EQ(backend->runs(), 3);
    EXPECT_EQ(told.parts, (std::vector<std::pair<int, int>>{{0, 3}, {1, 3}, {2, 3}}));
    ASSERT_EQ(told.partials.size(), 3u);
    EXPECT_EQ(told.partials[0], (Rect{10, 10, 20, 16}));
    EXPECT_EQ(told.partials[1], (Rect{850, 270, 15, 15}));
    EXPECT_DOUBLE_EQ(*edited->cost.actual_usd, 0.045);
    ASSERT_EQ(edited->candidates.size(), 2u);
    EXPECT_TRUE(edited->unused.empty());
    for (int k = 0; k < 2; ++k) {
        const Candidate& candidate = edited->candidates[static_cast<std::size_t>(k)];
        ASSERT_EQ(candidate.parts.size(), 3u);
        EXPECT_EQ(candidate.graft.report.parts.size(), 3u);
        EXPECT_EQ(candidate.graft.report.changed_outside_mask, 0);
        EXPECT_EQ(value_at(job, candidate, 20, 18), 50 + k);
        EXPECT_EQ(value_at(job, candidate, 857, 277), 100 + k);
        EXPECT_EQ(value_at(job, candidate, 445, 15), 150 + k);
        for (const edit::AnsweredPart& part : candidate.parts)
            EXPECT_TRUE(part.request->plan.crop.contains(part.mask.bounds()));
    }
    const Rect all = edited->candidates[0].graft.report.declared;
    EXPECT_EQ(all, job.mask.bounds());
}

TEST(Parts, WhatWasAnsweredBeforeAFailureIsKept) {
    const auto backend = std::make_shared<FakeBackend>();
    backend->script({says(50), refuses()});
    const EditJob job = three_parts(backend);
    Told told;
    const auto edited = run_edit(job, told.report, {});
    ASSERT_TRUE(edited);
    EXPECT_EQ(backend->runs(), 2) << "the third is not asked for";
    ASSERT_EQ(edited->candidates.size(), 1u);
    EXPECT_EQ(edited->candidates[0].parts.size(), 1u);
    EXPECT_EQ(value_at(job, edited->candidates[0], 20, 18), 50);
    EXPECT_EQ(value_at(job, edited->candidates[0], 857, 277),
              *job.source->view().pixel<std::uint8_t>(857, 277));
    EXPECT_DOUBLE_EQ(*edited->cost.actual_usd, 0.015);
    ASSERT_EQ(edited->notes.size(), 1u);
    EXPECT_NE(edited->notes[0].find("1 of 3 parts was answered"), std::string::npos);
    EXPECT_NE(edited->notes[0].find("out of paint"), std::string::npos);
}

TEST(Parts, AFailureOfTheFirstIsTheJobs) {
    const auto backend = std::make_shared<FakeBackend>();
    backend->script({refuses(), says(50)});
    const auto edited = run_edit(three_parts(backend), Told().report, {});
    ASSERT_FALSE(edited);
    EXPECT_EQ(edited.error().code, ErrorCode::engine);
    EXPECT_EQ(backend->runs(), 1);
}

TEST(Parts, GarbageForOneLeavesTheOthers) {
    const auto backend = std::make_shared<FakeBackend>();
    Reply garbage, square;
    garbage.garbage = true;
    square.size = Size{90, 30};
    backend->script({says(50), garbage, square});
    const EditJob job = three_parts(backend);
    const auto edited = run_edit(job, Told().report, {});
    ASSERT_TRUE(edited);
    ASSERT_EQ(edited->candidates.size(), 1u);
    EXPECT_FALSE(edited->problem);
    EXPECT_EQ(edited->candidates[0].parts.size(), 1u);
    EXPECT_EQ(value_at(job, edited->candidates[0], 20, 18), 50);
    ASSERT_EQ(edited->unused.size(), 2u);
    EXPECT_EQ(edited->unused[0].part.answer.bytes, Bytes(9, std::byte{'?'}));
    EXPECT_FALSE(edited->unused[0].problem.empty());
    EXPECT_NE(edited->unused[1].problem.find("90 x 30"), std::string::npos);
    EXPECT_EQ(edited->notes.size(), 2u);
}

TEST(Parts, TheLeastNumberOfAnswersDecidesAndTheRestIsKept) {
    const auto backend = std::make_shared<FakeBackend>();
    Reply fewer = says(100);
    fewer.count = 2;
    backend->script({says(50), fewer, says(150)});
    EditJob job = three_parts(backend);
    job.params.count = 4;
    const auto edited = run_edit(job, Told().report, {});
    ASSERT_TRUE(edited);
    EXPECT_EQ(edited->candidates.size(), 2u);
    ASSERT_EQ(edited->unused.size(), 4u);
    for (const UnusedAnswer& answer : edited->unused) {
        EXPECT_TRUE(answer.problem.empty());
        EXPECT_FALSE(answer.part.answer.bytes.empty());
    }
}

TEST(Parts, NothingUsableIsAFailureThatKeepsTheBytes) {
    const auto backend = std::make_shared<FakeBackend>();
    Reply garbage;
    garbage.garbage = true;
    backend->script({garbage});
    const auto edited = run_edit(three_parts(backend), Told().report, {});
    ASSERT_TRUE(edited);
    EXPECT_TRUE(edited->candidates.empty());
    ASSERT_TRUE(edited->problem);
    EXPECT_EQ(edited->unused.size(), 3u);

    Worker worker(WorkerParams{});
    worker.submit(three_parts(backend));
    for (;;) {
        const auto event = worker.poll();
        if (!event) {
            std::this_thread::yield();
            continue;
        }
        if (const auto* failed = std::get_if<Failed>(&event->what)) {
            EXPECT_EQ(failed->unused.size(), 3u);
            EXPECT_EQ(failed->unused[0].part.answer.bytes.size(), 9u);
            break;
        }
        ASSERT_FALSE(std::holds_alternative<Finished>(event->what));
    }
}

TEST(Parts, CancelBetweenTwo) {
    const auto backend = std::make_shared<FakeBackend>();
    std::stop_source stop;
    const ReportProgress report = [&](JobProgress progress) {
        const auto* phase = std::get_if<PhaseChanged>(&progress);
        if (phase && phase->part == 1) stop.request_stop();
    };
    const auto edited = run_edit(three_parts(backend), report, stop.get_token());
    ASSERT_FALSE(edited);
    EXPECT_EQ(edited.error().code, ErrorCode::cancelled);
    EXPECT_EQ(backend->runs(), 2);
}

// From another thread, while the second waits.
TEST(Parts, CancelWhileTheSecondWaits) {
    const auto backend = std::make_shared<FakeBackend>();
    Reply hold;
    hold.hold = true;
    backend->script({says(50), hold});
    Worker worker(WorkerParams{});
    const JobId id = worker.submit(three_parts(backend));
    ASSERT_TRUE(backend->wait_for_run(1));
    worker.cancel(id);
    for (;;) {
        const auto event = worker.poll();
        if (!event) {
            std::this_thread::yield();
            continue;
        }
        ASSERT_FALSE(std::holds_alternative<Finished>(event->what));
        if (std::holds_alternative<Cancelled>(event->what)) break;
    }
    EXPECT_EQ(backend->runs(), 2);
}

} // namespace
} // namespace mw::worker
