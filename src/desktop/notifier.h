// Notifications of the desktop (Desktop Notifications Specification 1.2, over D-Bus), from a thread
// of its own: nobody waits for the desktop.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace mw::desktop {

struct Notification {
    std::string title, text;
    bool urgent = false; // stays until it is read, where the desktop does that
};

class Notifier {
  public:
    // `clicked`, from another thread: the person wants to see the program.
    explicit Notifier(std::function<void()> clicked);
    // Those that were not sent are dropped.
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    // Without a session bus or a server on it, nothing happens.
    void tell(Notification notification);

  private:
    class Thread;
    std::unique_ptr<Thread> thread_; // made with the first one
    std::function<void()> clicked_;
};

} // namespace mw::desktop
