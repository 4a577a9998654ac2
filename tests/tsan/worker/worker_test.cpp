// The worker under load: every job ends exactly once, whatever is cancelled when.
#include "worker/worker.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "mask/shapes.h"
#include "support/fake_backend.h"
#include "support/session_driver.h"

namespace mw::worker {
namespace {

using test::FakeBackend;

constexpr Size kSize{40, 30};

EditJob edit_job(const std::shared_ptr<FakeBackend>& backend) {
    EditJob job;
    job.backend = backend;
    job.model = backend->models().front();
    job.prompt = "do it";
    job.source = std::make_shared<const image::Image>(test::ramp_picture(kSize));
    job.mask = mask::rectangle(kSize, {10, 10, 8, 8});
    return job;
}

CompareJob compare_job(int b) {
    CompareJob job;
    job.b = b;
    job.picture_a = job.picture_b = std::make_shared<const image::Image>(test::ramp_picture(kSize));
    return job;
}

bool is_final(const JobEvent& event) {
    return std::holds_alternative<Finished>(event.what) ||
           std::holds_alternative<Failed>(event.what) ||
           std::holds_alternative<Cancelled>(event.what);
}

// Reads events until `jobs` jobs have ended; counts what each said, and in which order.
struct Ledger {
    struct Entry {
        int started = 0, finals = 0, after_final = 0, progress_before_start = 0;
        JobEvent last;
    };
    std::map<JobId, Entry> entries;
    std::size_t ended = 0;

    void take(JobEvent event) {
        Entry& entry = entries[event.job];
        entry.after_final += entry.finals > 0;
        if (std::holds_alternative<Started>(event.what))
            ++entry.started;
        else if (!is_final(event))
            entry.progress_before_start += entry.started == 0;
        if (is_final(event)) {
            ++entry.finals;
            ++ended;
            entry.last = std::move(event);
        }
    }
    void expect_each_once(std::size_t jobs) const {
        EXPECT_EQ(entries.size(), jobs);
        for (const auto& [id, entry] : entries) {
            EXPECT_EQ(entry.finals, 1) << "job " << id;
            EXPECT_LE(entry.started, 1) << "job " << id;
            EXPECT_EQ(entry.after_final, 0) << "job " << id;
            EXPECT_EQ(entry.progress_before_start, 0) << "job " << id;
        }
    }
};

// A worker and the thread that owns it.
struct Bench {
    std::mutex mutex;
    std::condition_variable woken;
    std::uint64_t wakes = 0;
    Ledger ledger;
    std::unique_ptr<Worker> worker;

    explicit Bench(int lanes) {
        WorkerParams params;
        params.edit_lanes = lanes;
        params.wake = [this] {
            const std::lock_guard lock(mutex);
            ++wakes;
            woken.notify_all();
        };
        worker = std::make_unique<Worker>(std::move(params));
    }
    void drain() {
        while (auto event = worker->poll())
            ledger.take(std::move(*event));
    }
    bool until(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(4);
        for (;;) {
            std::unique_lock lock(mutex);
            const std::uint64_t seen = wakes;
            lock.unlock();
            drain();
            if (condition()) return true;
            lock.lock();
            if (!woken.wait_until(lock, deadline, [&] { return wakes != seen; })) return false;
        }
    }
};

// Failing replies need no decoder, so that hundreds of jobs cost milliseconds; a few do answer.
std::vector<FakeBackend::Reply> mixed_replies(std::mt19937& random, std::size_t count) {
    std::vector<FakeBackend::Reply> replies(count);
    for (std::size_t i = 0; i < count; ++i) {
        replies[i].partials = static_cast<int>(random() % 3);
        if (i % 50 != 0) replies[i].fail = Error{ErrorCode::engine, "no"};
    }
    return replies;
}

class Storm : public testing::TestWithParam<unsigned> {};

// Hundreds of edits on four lanes, half of them cancelled at random moments, some twice, some after
// their end.
TEST_P(Storm, HalfAreCancelledAndEachEndsOnce) {
    std::mt19937 random(GetParam());
    const auto backend = std::make_shared<FakeBackend>();
    constexpr std::size_t kJobs = 300;
    backend->script(mixed_replies(random, kJobs));
    Bench bench(4);
    std::vector<JobId> ids;
    for (std::size_t i = 0; i < kJobs; ++i) {
        ids.push_back(bench.worker->submit(edit_job(backend)));
        if (random() % 2) bench.worker->cancel(ids[random() % ids.size()]);
        if (random() % 8 == 0) bench.drain();
        if (random() % 16 == 0) bench.worker->cancel(ids.front());
    }
    bench.worker->cancel(0);
    bench.worker->cancel(1'000'000);
    ASSERT_TRUE(bench.until([&] { return bench.ledger.ended >= kJobs; }));
    for (const JobId id : ids)
        bench.worker->cancel(id); // all over: nothing happens
    bench.worker.reset();
    bench.ledger.expect_each_once(kJobs);
    int cancelled = 0;
    for (const auto& [id, entry] : bench.ledger.entries)
        cancelled += std::holds_alternative<Cancelled>(entry.last.what);
    EXPECT_GT(cancelled, 20);
}
INSTANTIATE_TEST_SUITE_P(Seeds, Storm, testing::Values(1u, 2u, 3u));

// Two threads cancel what a third one runs.
TEST(Worker, CancelFromOtherThreads) {
    const auto backend = std::make_shared<FakeBackend>();
    FakeBackend::Reply hold;
    hold.hold = true;
    backend->script({hold});
    Bench bench(3);
    std::vector<JobId> ids;
    for (int i = 0; i < 60; ++i)
        ids.push_back(bench.worker->submit(edit_job(backend)));
    const auto cancel_all = [&](bool backwards) {
        for (std::size_t i = 0; i < ids.size(); ++i)
            bench.worker->cancel(ids[backwards ? ids.size() - 1 - i : i]);
    };
    { std::jthread one(cancel_all, false), two(cancel_all, true); }
    ASSERT_TRUE(bench.until([&] { return bench.ledger.ended >= ids.size(); }));
    bench.ledger.expect_each_once(ids.size());
    for (const auto& [id, entry] : bench.ledger.entries)
        EXPECT_TRUE(std::holds_alternative<Cancelled>(entry.last.what)) << id;
}

// The window closes in mid run, at moments that differ from round to round.
TEST(Worker, ShutdownInMidRun) {
    std::mt19937 random(5);
    for (int round = 0; round < 25; ++round) {
        const auto backend = std::make_shared<FakeBackend>();
        FakeBackend::Reply hold, no;
        hold.hold = true;
        hold.partials = 1;
        no.fail = Error{ErrorCode::engine, "no"};
        backend->script({no, hold, no, hold});
        Bench bench(2);
        for (int i = 0; i < 10; ++i) {
            bench.worker->submit(edit_job(backend));
            if (i % 3 == 0) bench.worker->submit(compare_job(i));
        }
        if (round % 3 == 0) {
            ASSERT_TRUE(backend->wait_for_run(1));
        }
        if (round % 3 == 1) bench.drain();
        bench.worker.reset();
    }
}

TEST(Worker, OnlyTheLatestFiguresAreMade) {
    Bench bench(1);
    constexpr std::size_t kJobs = 40;
    JobId last = 0;
    for (std::size_t i = 0; i < kJobs; ++i)
        last = bench.worker->submit(compare_job(static_cast<int>(i)));
    ASSERT_TRUE(bench.until([&] { return bench.ledger.ended >= kJobs; }));
    bench.ledger.expect_each_once(kJobs);
    const JobEvent& newest = bench.ledger.entries.at(last).last;
    ASSERT_TRUE(std::holds_alternative<Finished>(newest.what));
    EXPECT_EQ(std::get<Compared>(std::get<Finished>(newest.what).outcome).b, int(kJobs) - 1);
    int started = 0;
    for (const auto& [id, entry] : bench.ledger.entries)
        started += entry.started;
    EXPECT_LE(started, int(kJobs));
}

// Jobs of one lane start in the order they were given.
TEST(Worker, OneLaneKeepsTheOrder) {
    const auto backend = std::make_shared<FakeBackend>();
    FakeBackend::Reply no;
    no.fail = Error{ErrorCode::engine, "no"};
    backend->script({no});
    Bench bench(1);
    for (int i = 0; i < 50; ++i) {
        EditJob job = edit_job(backend);
        job.prompt = std::to_string(i);
        bench.worker->submit(std::move(job));
    }
    ASSERT_TRUE(bench.until([&] { return bench.ledger.ended >= 50; }));
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(backend->request(i).prompt, std::to_string(i));
}

// An event knows its document and the iteration it was asked from.
TEST(Worker, EventsCarryWhereTheyBelong) {
    const auto backend = std::make_shared<FakeBackend>();
    Bench bench(2);
    EditJob job = edit_job(backend);
    job.document = 42;
    job.parent = 7;
    const JobId id = bench.worker->submit(std::move(job));
    ASSERT_TRUE(bench.until([&] { return bench.ledger.ended >= 1; }));
    const JobEvent& last = bench.ledger.entries.at(id).last;
    EXPECT_EQ(last.document, 42u);
    EXPECT_EQ(last.parent, 7);
    ASSERT_TRUE(std::holds_alternative<Finished>(last.what));
    const auto& edited = std::get<Edited>(std::get<Finished>(last.what).outcome);
    ASSERT_EQ(edited.candidates.size(), 1u);
    EXPECT_EQ(edited.candidates[0].graft.report.changed_outside_mask, 0);
}

} // namespace
} // namespace mw::worker
