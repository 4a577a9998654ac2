// Threads that do the work. Jobs go down as values, events come up and are drained by the owner.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/channel.h"
#include "worker/jobs.h"

namespace mw::worker {

struct WorkerParams {
    int edit_lanes = 2;
    // Called on a worker's thread after each event; must be thread-safe and quick (wakes the
    // window).
    std::function<void()> wake;
};

class Worker {
  public:
    explicit Worker(WorkerParams params);
    // Asks every job to stop, closes the queues, joins.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Never blocks. A CompareJob drops those still waiting, which end as Cancelled.
    JobId submit(Job job);
    // A waiting job never starts; a running one is asked to stop. Either ends with exactly one
    // final event (Finished when it was already done). Unknown ids are ignored.
    void cancel(JobId job);
    std::optional<JobEvent> poll() { return events_.try_receive(); }

  private:
    struct Ticket {
        JobId id = 0;
        Job job;
    };
    enum Lane { kEdit, kFile, kProject, kFigures, kGraft, kPlan, kPair, kMask, kAsk, kLaneCount };

    void serve(Lane lane, const std::stop_token& stop);
    void send(JobEvent event);
    // The last event of a job.
    void finish(JobEvent event);
    decltype(JobEvent::what) run(const Ticket& ticket, const std::stop_token& stop);
    static Lane lane_of(const Job& job);

    WorkerParams params_;
    Channel<JobEvent> events_;
    std::array<Channel<Ticket>, kLaneCount> lanes_;
    std::mutex mutex_;
    JobId last_id_ = 0;
    struct Running {
        std::stop_source stop;
        Lane lane = kEdit;
    };
    std::map<JobId, Running> running_;  // waiting or running
    std::stop_source ending_;           // the program goes
    std::vector<JobId> figures_;        // the CompareJobs among them
    std::vector<std::jthread> threads_; // last: joined before the rest goes
};

} // namespace mw::worker
