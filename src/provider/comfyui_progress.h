// How far a ComfyUI job is, as the program tells it over its websocket.
#pragma once

#include <atomic>
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
    ComfyuiProgress(const Url& base, const std::string& client_id);
    ~ComfyuiProgress();
    ComfyuiProgress(const ComfyuiProgress&) = delete;
    ComfyuiProgress& operator=(const ComfyuiProgress&) = delete;

    // Of the node that works now, 0 .. 1; empty before it said so.
    std::optional<double> fraction() const;

  private:
    void listen(const std::string& address);
    bool take(const std::string& message); // false: the job is over

    std::atomic<double> fraction_{-1};
    std::mutex mutex_;
    bool ending_ = false;
    int socket_ = -1;
    std::thread thread_;
};

} // namespace mw::provider
