#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace mw::sample {

// Calls `row(y)` for every y in [0, height), shared among `threads` threads (0: one per core).
template <class Row>
void for_each_row(int height, int threads, Row row) {
    const int count =
        threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    std::atomic<int> next{0};
    std::vector<std::thread> team;
    for (int i = 0; i < count; ++i) {
        team.emplace_back([&] {
            for (int y = next++; y < height; y = next++)
                row(y);
        });
    }
    for (std::thread& t : team)
        t.join();
}

} // namespace mw::sample
