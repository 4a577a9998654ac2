// Tells the desktop what ended while the artist looked elsewhere.
#pragma once

#include <set>

#include "desktop/notifier.h"
#include "session/desk.h"

namespace mw::app {

// What is said of a request that has ended: what became of it and what it cost. Never what was
// asked for: the screen may be seen by others.
desktop::Notification notification_of(const session::JobView& job,
                                      const session::SessionView& view);

class NotifyWork {
  public:
    // `clicked`, from another thread: the artist wants to see the window.
    explicit NotifyWork(std::function<void()> clicked) : notifier_(std::move(clicked)) {}
    // After the desk took in what its workers said.
    void look(const session::Desk& desk, bool focused, bool wanted);

  private:
    // Requests that were going at the last look, by the document and the job.
    std::set<std::pair<worker::DocumentId, worker::JobId>> going_;
    desktop::Notifier notifier_;
};

} // namespace mw::app
