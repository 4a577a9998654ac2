// What the artist wants of the desktop round the window.
#pragma once

namespace mw::session {

struct DesktopSettings {
    bool native_dialogs = true; // the desktop's own file dialog, where there is one
    bool notify = true;         // of requests that end while the window is not looked at
    bool operator==(const DesktopSettings&) const = default;
};

} // namespace mw::session
