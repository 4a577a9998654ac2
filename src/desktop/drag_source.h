// Something that is dragged out of the window and dropped on another program: the source's side of
// the XDND protocol, version 5, as a file that is named by text/uri-list.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "base/result.h"

namespace mw::desktop {

enum class DragEnd {
    none,      // it goes on
    taken,     // the other program has it
    refused,   // dropped where nobody takes it, or taken back
    cancelled, // given up before it was dropped
};

// Follows the pointer on a thread and a connection of its own, from the moment it is made until the
// first button is let go.
class DragSource {
  public:
    struct Params {
        std::filesystem::path file; // absolute; where `make` puts it
        // Called on the thread when a program wants to have it, at most once.
        std::function<Status(const std::filesystem::path&)> make;
        unsigned long window = 0;   // of ours: nothing is offered to it; 0: none
        std::function<void()> wake; // from the thread: it has ended
    };
    // Null: this is no X11 display.
    static std::unique_ptr<DragSource> begin(Params params);
    ~DragSource(); // cancels it
    DragSource(const DragSource&) = delete;
    DragSource& operator=(const DragSource&) = delete;

    void cancel() { thread_.request_stop(); }
    DragEnd end() const { return end_; }

  private:
    DragSource() = default;
    std::atomic<DragEnd> end_ = DragEnd::none;
    std::jthread thread_; // last: joined first
};

} // namespace mw::desktop
