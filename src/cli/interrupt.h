// Ctrl+C, a closed terminal and a polite kill stop the work cleanly: nothing half-written stays
// behind.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace mw::cli {

// While it lives these signals ask for a stop. One at a time.
class InterruptWatch {
  public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;
    std::stop_token token() const { return source_.get_token(); }

  private:
    static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
    std::stop_source source_;
    std::jthread watcher_;
};

} // namespace mw::cli
