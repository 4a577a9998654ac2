#include "desktop/x11_link.h"

#include <poll.h>

#include <algorithm>

namespace mw::desktop {
namespace {

template <class T>
using Reply = std::unique_ptr<T, decltype(&std::free)>;
template <class T>
Reply<T> owned(T* reply) {
    return {reply, &std::free};
}

constexpr std::chrono::seconds kPatience{2};

} // namespace

std::unique_ptr<X11Link> X11Link::open() {
    const char* display = std::getenv("DISPLAY");
    if (display == nullptr || *display == 0) return nullptr;
    int number = 0;
    xcb_connection_t* x = xcb_connect(nullptr, &number);
    if (xcb_connection_has_error(x) != 0) {
        xcb_disconnect(x);
        return nullptr;
    }
    xcb_screen_iterator_t screen = xcb_setup_roots_iterator(xcb_get_setup(x));
    for (; number > 0 && screen.rem > 1; --number)
        xcb_screen_next(&screen);
    const xcb_window_t window = xcb_generate_id(x);
    const std::uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
    xcb_create_window(x, XCB_COPY_FROM_PARENT, window, screen.data->root, -1, -1, 1, 1, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK,
                      &events);
    xcb_flush(x);
    return std::unique_ptr<X11Link>(new X11Link(x, window, screen.data->root));
}

X11Link::~X11Link() {
    // The server drops what a connection that hangs up has sent and nobody has read yet: an answer
    // comes when all of it was.
    if (alive()) (void)owned(xcb_get_input_focus_reply(x_, xcb_get_input_focus(x_), nullptr));
    xcb_disconnect(x_); // takes the window and what it owns with it
}

xcb_atom_t X11Link::atom(const std::string& name) {
    const auto [found, fresh] = atoms_.try_emplace(name, XCB_ATOM_NONE);
    if (fresh) {
        const auto cookie =
            xcb_intern_atom(x_, 0, static_cast<std::uint16_t>(name.size()), name.c_str());
        if (const auto reply = owned(xcb_intern_atom_reply(x_, cookie, nullptr)))
            found->second = reply->atom;
    }
    return found->second;
}

std::string X11Link::name_of(xcb_atom_t atom) {
    if (atom == XCB_ATOM_NONE) return {};
    const auto reply = owned(xcb_get_atom_name_reply(x_, xcb_get_atom_name(x_, atom), nullptr));
    if (!reply) return {};
    return {xcb_get_atom_name_name(reply.get()),
            static_cast<std::size_t>(xcb_get_atom_name_name_length(reply.get()))};
}

xcb_window_t X11Link::owner_of(xcb_atom_t selection) {
    const auto reply =
        owned(xcb_get_selection_owner_reply(x_, xcb_get_selection_owner(x_, selection), nullptr));
    return reply ? reply->owner : xcb_window_t{XCB_WINDOW_NONE};
}

xcb_timestamp_t X11Link::now() {
    // Nothing added to a property of ours: the server tells when that was.
    const xcb_atom_t clock = atom("_MASKWRIGHT_CLOCK");
    xcb_change_property(x_, XCB_PROP_MODE_APPEND, window_, clock, XCB_ATOM_INTEGER, 32, 0, nullptr);
    xcb_flush(x_);
    const auto until = Clock::now() + kPatience;
    while (alive() && Clock::now() < until) {
        X11Event event(xcb_poll_for_event(x_));
        if (!event) {
            wait(-1, until);
            continue;
        }
        if (kind_of(*event) == XCB_PROPERTY_NOTIFY) {
            const auto& told = reinterpret_cast<const xcb_property_notify_event_t&>(*event);
            if (told.window == window_ && told.atom == clock) return told.time;
        }
        set_aside_.push_back(std::move(event));
    }
    return XCB_CURRENT_TIME;
}

X11Event X11Link::next() {
    if (set_aside_.empty()) return X11Event(xcb_poll_for_event(x_));
    X11Event event = std::move(set_aside_.front());
    set_aside_.pop_front();
    return event;
}

void X11Link::wait(int wake_fd, Clock::time_point until) {
    xcb_flush(x_);
    // What was read while a reply was waited for lies in the library, where poll() cannot see it.
    if (X11Event event{xcb_poll_for_queued_event(x_)}) {
        set_aside_.push_back(std::move(event));
        return;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd fds[2] = {{xcb_get_file_descriptor(x_), POLLIN, 0}, {wake_fd, POLLIN, 0}};
    // Past a day it is forever.
    ::poll(fds, wake_fd >= 0 ? 2 : 1,
           left > 86'400'000 ? -1 : static_cast<int>(std::max<std::int64_t>(left, 0)));
}

std::size_t X11Link::most_bytes() const {
    return std::size_t{xcb_get_maximum_request_length(x_)} * 4 - 64;
}

} // namespace mw::desktop
