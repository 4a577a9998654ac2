// How far a ComfyUI job is, as the program tells it over its websocket.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "provider/url.h"

namespace mw::provider {

// Listens on a thread of its own from creation to destruction, which ends at once. Only progress is
// taken from what is said, and only of messages under 16 MB; where nobody answers, or over TLS,
// there is none and polling has to do. No key is sent.
class ComfyuiProgress {
  public:
    explicit ComfyuiProgress(const Url& base);
    ~ComfyuiProgress();
    ComfyuiProgress(const ComfyuiProgress&) = delete;
    ComfyuiProgress& operator=(const ComfyuiProgress&) = delete;

    // The name the program gave this line, under which a job is to be sent so that its progress is
    // told here; empty where there is none within that time.
    std::string client_id(std::chrono::milliseconds most);
    // Of the node that works now, 0 .. 1; empty before it said so.
    std::optional<double> fraction() const;

  private:
    void listen(const std::string& address);
    bool take(const std::string& message); // false: the job is over

    std::atomic<double> fraction_{-1};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string client_id_;
    bool ending_ = false, over_ = false;
    int socket_ = -1;
    std::thread thread_;
};

} // namespace mw::provider
