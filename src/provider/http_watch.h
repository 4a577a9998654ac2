// Watches over one exchange from beside: deadlines and cancelling, by shutting the socket down.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "provider/http.h"

namespace mw::provider {

enum class Stage { connecting, sending, waiting, receiving };
enum class Tripped { no, cancelled, connect, first_byte, idle, total };

class HttpWatch {
  public:
    HttpWatch(const HttpLimits& limits, std::stop_token stop);
    ~HttpWatch();
    HttpWatch(const HttpWatch&) = delete;
    HttpWatch& operator=(const HttpWatch&) = delete;

    // The newest socket of the exchange. A descriptor of our own to it is kept, so that whoever
    // closes the original cannot make us shut down a stranger's.
    void adopt(int socket);
    void enter(Stage stage);
    void alive(); // resets the idle time
    Tripped tripped() const;

  private:
    using Clock = std::chrono::steady_clock;
    void trip(Tripped why);
    void watch(const std::stop_token& over);
    Clock::time_point deadline(Tripped& why) const;

    const HttpLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    Stage stage_ = Stage::connecting;
    Clock::time_point begun_ = Clock::now(), stage_begun_ = begun_, alive_ = begun_;
    int socket_ = -1;
    Tripped why_ = Tripped::no;
    std::stop_callback<std::function<void()>> on_stop_;
    std::jthread thread_; // last: joined first
};

} // namespace mw::provider
