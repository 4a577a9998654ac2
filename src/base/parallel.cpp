#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace mw {
namespace {

struct Loop {
    const std::function<void(int, int)>* body = nullptr;
    int count = 0, grain = 1, chunks = 0;
    std::atomic<int> next{0};
    std::atomic<int> finished{0};

    // True when this call finished the last chunk.
    bool work() {
        bool last = false;
        for (int chunk; (chunk = next.fetch_add(1)) < chunks;) {
            const int begin = chunk * grain;
            (*body)(begin, std::min(count, begin + grain));
            last = finished.fetch_add(1) + 1 == chunks;
        }
        return last;
    }
};

thread_local bool inside_loop = false;

class Pool {
  public:
    // With as many helpers as there is room for.
    explicit Pool(int helpers) : wanted_(helpers) {
        try {
            for (int i = 0; i < helpers; ++i)
                threads_.emplace_back([this](std::stop_token stop) { serve(stop); });
        } catch (const std::system_error&) { // the calling thread works on its own
        }
    }
    ~Pool() {
        for (auto& t : threads_)
            t.request_stop();
        wake_.notify_all();
    }
    int wanted() const { return wanted_; }

    void run(const std::shared_ptr<Loop>& loop) {
        {
            const std::lock_guard lock(mutex_);
            loops_.push_back(loop);
        }
        wake_.notify_all();
        inside_loop = true;
        loop->work();
        inside_loop = false;
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return loop->finished.load() == loop->chunks; });
        std::erase(loops_, loop);
    }

  private:
    void serve(const std::stop_token& stop) {
        inside_loop = true;
        std::unique_lock lock(mutex_);
        while (true) {
            std::shared_ptr<Loop> loop;
            wake_.wait(lock, stop, [&] {
                loop = nullptr;
                for (const auto& l : loops_)
                    if (l->next.load() < l->chunks) loop = l;
                return loop != nullptr;
            });
            if (stop.stop_requested()) return;
            if (!loop) continue;
            lock.unlock();
            const bool last = loop->work();
            lock.lock();
            if (last) done_.notify_all();
        }
    }

    const int wanted_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::condition_variable_any done_;
    std::vector<std::shared_ptr<Loop>> loops_;
    std::vector<std::jthread> threads_; // last: joined before the rest goes
};

std::mutex pool_mutex;
std::unique_ptr<Pool> pool;
int wanted_threads = 0;

int resolved_threads() {
    if (wanted_threads > 0) return wanted_threads;
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 64);
}

Pool& shared_pool() {
    const std::lock_guard lock(pool_mutex);
    const int helpers = resolved_threads() - 1;
    if (!pool || pool->wanted() != helpers) pool = std::make_unique<Pool>(helpers);
    return *pool;
}

} // namespace

void parallel_for(int count, int grain, const std::function<void(int, int)>& body) {
    assert(grain >= 1);
    if (count <= 0) return;
    const int chunks = (count - 1) / grain + 1;
    if (inside_loop || chunks == 1 || parallel_threads() == 1) {
        for (int begin = 0; begin < count; begin += grain)
            body(begin, std::min(count, begin + grain));
        return;
    }
    auto loop = std::make_shared<Loop>();
    loop->body = &body;
    loop->count = count;
    loop->grain = grain;
    loop->chunks = chunks;
    shared_pool().run(loop);
}

void set_parallel_threads(int threads) {
    const std::lock_guard lock(pool_mutex);
    wanted_threads = threads;
}

int parallel_threads() {
    const std::lock_guard lock(pool_mutex);
    return resolved_threads();
}

} // namespace mw
