// Copy and paste of pictures, between the clipboard and the documents.
#pragma once

#include <memory>

#include "desktop/clipboard.h"
#include "session/desk.h"
#include "ui/host.h"

namespace mw::app {

class ClipboardWork {
  public:
    // `folder`: where what is pasted lies as files; made when it is needed, and cleared of what
    // has been there for long.
    ClipboardWork(std::filesystem::path folder, std::function<void()> wake);

    void grant(const ui::HostWishes& wishes, session::Desk& desk);
    // What came meanwhile. True when something did.
    bool pump(session::Desk& desk);

  private:
    void copy(bool region, session::Desk& desk);
    void take(desktop::ClipboardContent content, session::Desk& desk);

    std::filesystem::path folder_;
    std::unique_ptr<desktop::Clipboard> clipboard_; // null: no X11 display
};

} // namespace mw::app
