// How long the thread that owns the session is held: 64 requests on 4 lanes, half of them cancelled
// at random, while strokes are painted and events drained once a frame. Each apply() and pump() is
// timed by the wall and by the thread's own clock; on a machine that does other work too, the
// second says what was ours.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <random>
#include <thread>

#include "codec/codec.h"
#include "session/session.h"

namespace {

using namespace mw;
using Clock = std::chrono::steady_clock;

// Answers with the request's own picture after a while, with partial pictures on the way.
class SlowBackend final : public edit::EditBackend {
  public:
    std::string_view provider() const override { return "slow"; }
    std::vector<edit::ModelCapabilities> models() const override {
        edit::ModelCapabilities model;
        model.provider = "slow";
        model.id = model.label = "slow";
        model.free = true;
        return {model};
    }
    Status check(const std::string&, const edit::EditParams&) const override { return {}; }
    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams&) const override {
        return {};
    }
    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer,
                                 std::stop_token stop) override {
        for (int i = 0; i < 6; ++i) {
            if (stop.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled.");
            if (observer.on_phase) observer.on_phase(edit::Phase::thinking, i / 6.0);
            if (i % 3 == 2 && observer.on_partial) observer.on_partial(request.pixels);
            std::this_thread::sleep_for(std::chrono::milliseconds(8));
        }
        auto bytes = codec::encode(request.pixels->view(), {}, codec::FileFormat::png);
        if (!bytes) return tl::unexpected(bytes.error());
        edit::EditResult result;
        result.answers.push_back({std::move(*bytes), "image/png"});
        result.what_was_done = "nothing";
        return result;
    }
};

double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Held {
    std::vector<double> wall, own;
    template <class F>
    void time(const F& work) {
        const auto start = Clock::now();
        const double before = thread_ms();
        work();
        own.push_back(thread_ms() - before);
        wall.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    static std::string row(std::vector<double> values) {
        std::sort(values.begin(), values.end());
        const auto at = [&](double share) {
            return values[static_cast<std::size_t>(share * double(values.size() - 1))];
        };
        const auto over =
            std::count_if(values.begin(), values.end(), [](double v) { return v > 4; });
        return fmt::format("median {:.3f} ms, 99 % {:.3f} ms, most {:.3f} ms, over 4 ms {} of {}",
                           at(0.5), at(0.99), values.back(), over, values.size());
    }
    void tell(const char* name) const {
        fmt::print("{:8} wall: {}\n{:8} own:  {}\n", name, row(wall), "", row(own));
    }
};

} // namespace

int main(int argc, char** argv) {
    if (const auto code = codec::run_as_decoder(argc, argv)) return *code;
    constexpr int kJobs = 64, kLanes = 4;
    std::mutex mutex;
    std::condition_variable woken;
    bool wake = false;
    session::SessionParams params;
    params.backends = {std::make_shared<SlowBackend>()};
    params.edit_lanes = kLanes;
    params.wake = [&] {
        const std::lock_guard lock(mutex);
        wake = true;
        woken.notify_one();
    };
    session::Session session(std::move(params));
    Held apply, pump;
    const auto act = [&](const session::Action& action) {
        apply.time([&] { session.apply(action); });
    };
    const auto frame = [&] {
        std::unique_lock lock(mutex);
        woken.wait_for(lock, std::chrono::milliseconds(16), [&] { return wake; });
        wake = false;
        lock.unlock();
        pump.time([&] { session.pump(); });
    };
    session.apply(session::OpenFile{std::string(MW_SOURCE_DIR) + "/assets/sample/still_life.png"});
    while (session.view().document == nullptr)
        frame();
    const auto paint = [&](double x, double y) {
        act(session::BeginStroke{{x, y, 1, 0}});
        for (int i = 1; i <= 20; ++i)
            act(session::ExtendStroke{{x + 12 * i, y + 3 * i, 1, i * 0.008}});
        act(session::EndStroke{});
    };
    paint(800, 800);
    act(session::SetPrompt{"change it"});
    std::mt19937 random(5);
    std::vector<worker::JobId> mine;
    int cancelled = 0;
    const auto start = Clock::now();
    for (int i = 0; i < kJobs; ++i) {
        act(session::Run{});
        mine.push_back(session.view().jobs.back().id);
        if (i % 4 == 3) paint(300 + 20 * i, 300 + 10 * i);
        if (i % 2 == 1) {
            act(session::CancelJob{mine[random() % mine.size()]});
            ++cancelled;
        }
        frame();
    }
    while (session.busy())
        frame();
    fmt::print("{} requests on {} lanes, {} cancels, {} results, {:.1f} s, sample of {} x {}\n",
               kJobs, kLanes, cancelled, session.view().document->tree.size() - 1,
               std::chrono::duration<double>(Clock::now() - start).count(),
               session.view().shown->width(), session.view().shown->height());
    apply.tell("apply");
    pump.tell("pump");
    return 0;
}
