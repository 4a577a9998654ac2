// A connection of its own to the X server, with a window that is never shown: for selections,
// beside whatever the window's toolkit does on its connection. XCB, because an error that another
// program causes (a window that is gone) is an event here; Xlib would end the process.
#pragma once

#include <xcb/xcb.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <string>

namespace mw::desktop {

using Clock = std::chrono::steady_clock;

struct FreeEvent {
    void operator()(xcb_generic_event_t* event) const { std::free(event); }
};
using X11Event = std::unique_ptr<xcb_generic_event_t, FreeEvent>;
inline int kind_of(const xcb_generic_event_t& event) {
    return event.response_type & 0x7f; // the top bit: somebody sent it
}

// For one thread at a time.
class X11Link {
  public:
    static std::unique_ptr<X11Link> open(); // of $DISPLAY; null: there is none
    ~X11Link();
    X11Link(const X11Link&) = delete;
    X11Link& operator=(const X11Link&) = delete;

    xcb_connection_t* x() const { return x_; }
    xcb_window_t window() const { return window_; }
    xcb_window_t root() const { return root_; }
    bool alive() const { return xcb_connection_has_error(x_) == 0; }
    xcb_atom_t atom(const std::string& name);
    std::string name_of(xcb_atom_t atom); // empty: there is no such atom
    xcb_window_t owner_of(xcb_atom_t selection);
    // The server's time, as ownership of a selection wants it.
    xcb_timestamp_t now();
    // The next event; null when there is none.
    X11Event next();
    // Until an event, something to read on `wake_fd` (-1: none), or the time.
    void wait(int wake_fd, Clock::time_point until);
    // Bytes that one request may carry.
    std::size_t most_bytes() const;

  private:
    X11Link(xcb_connection_t* x, xcb_window_t window, xcb_window_t root)
        : x_(x), window_(window), root_(root) {}

    xcb_connection_t* x_;
    xcb_window_t window_, root_;
    std::map<std::string, xcb_atom_t> atoms_;
    std::deque<X11Event> set_aside_;
};

} // namespace mw::desktop
