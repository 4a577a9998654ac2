#include "base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

namespace mw {
namespace {

class Parallel : public testing::TestWithParam<int> {
  protected:
    void SetUp() override { set_parallel_threads(GetParam()); }
    void TearDown() override { set_parallel_threads(0); }
};

TEST_P(Parallel, covers_every_index_once) {
    for (const int count : {0, 1, 5, 64, 1000, 4097})
        for (const int grain : {1, 7, 64, 100000}) {
            std::vector<std::atomic<int>> hits(static_cast<std::size_t>(count));
            parallel_for(count, grain, [&](int begin, int end) {
                for (int i = begin; i < end; ++i)
                    ++hits[static_cast<std::size_t>(i)];
            });
            EXPECT_TRUE(
                std::all_of(hits.begin(), hits.end(), [](const auto& h) { return h == 1; }));
        }
    parallel_for(-3, 1, [](int, int) { FAIL(); });
}

TEST_P(Parallel, splits_by_grain_alone) {
    std::mutex mutex;
    std::set<std::pair<int, int>> chunks;
    parallel_for(100, 32, [&](int begin, int end) {
        const std::lock_guard lock(mutex);
        chunks.insert({begin, end});
    });
    EXPECT_EQ(chunks, (std::set<std::pair<int, int>>{{0, 32}, {32, 64}, {64, 96}, {96, 100}}));
}

TEST_P(Parallel, nested_loops_run_inline) {
    std::atomic<int> sum{0};
    parallel_for(8, 1, [&](int, int) {
        const auto outer = std::this_thread::get_id();
        parallel_for(10, 1, [&](int begin, int) {
            EXPECT_EQ(std::this_thread::get_id(), outer);
            sum += begin;
        });
    });
    EXPECT_EQ(sum, 8 * 45);
}

TEST_P(Parallel, several_callers_at_once) {
    std::vector<std::jthread> callers;
    std::atomic<int> total{0};
    for (int c = 0; c < 4; ++c)
        callers.emplace_back([&] {
            for (int round = 0; round < 50; ++round)
                parallel_for(100, 3, [&](int begin, int end) { total += end - begin; });
        });
    callers.clear();
    EXPECT_EQ(total, 4 * 50 * 100);
}

INSTANTIATE_TEST_SUITE_P(Threads, Parallel, testing::Values(1, 2, 5));

TEST(ParallelThreads, can_be_set) {
    set_parallel_threads(3);
    EXPECT_EQ(parallel_threads(), 3);
    set_parallel_threads(0);
    EXPECT_GE(parallel_threads(), 1);
}

} // namespace
} // namespace mw
