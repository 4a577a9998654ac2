#include "desktop/drag_source.h"

#include <algorithm>
#include <optional>
#include <span>

#include "desktop/selection_server.h"
#include "desktop/uri_list.h"

namespace mw::desktop {
namespace {

constexpr std::uint32_t kVersion = 5;
constexpr std::chrono::milliseconds kStep{16}; // between looks at the pointer
constexpr std::chrono::seconds kPatience{5};   // of a drop
constexpr int kDeepest = 32;                   // windows within windows

template <class T>
using Reply = std::unique_ptr<T, decltype(&std::free)>;

class Drag {
  public:
    Drag(std::unique_ptr<X11Link> link, DragSource::Params params)
        : link_(std::move(link)), params_(std::move(params)), server_(*link_) {}

    DragEnd run(const std::stop_token& stop) {
        const std::string list = file_uri(params_.file) + "\r\n";
        auto offer = std::make_shared<Offer>();
        const auto bytes = std::as_bytes(std::span(list));
        (*offer)["text/uri-list"] = Bytes(bytes.begin(), bytes.end());
        selection_ = link_->atom("XdndSelection");
        if (!server_.own(selection_, offer)) return DragEnd::refused;
        bool down = true;
        while (down && link_->alive()) {
            if (stop.stop_requested()) {
                leave();
                return DragEnd::cancelled;
            }
            down = follow();
            take_events();
            link_->wait(-1, Clock::now() + kStep);
        }
        return drop(stop);
    }

  private:
    // The window under the pointer that takes drops; false: the button is up.
    bool follow() {
        const Reply<xcb_query_pointer_reply_t> at(
            xcb_query_pointer_reply(link_->x(), xcb_query_pointer(link_->x(), link_->root()),
                                    nullptr),
            &std::free);
        if (!at) return false;
        if ((at->mask & XCB_BUTTON_MASK_1) == 0) return false;
        x_ = at->root_x;
        y_ = at->root_y;
        const xcb_window_t target = aware_under(at->child);
        if (target != target_) {
            leave();
            enter(target);
        }
        // One position at a time; the next when it was answered (or the answer is lost).
        if (target_ != XCB_WINDOW_NONE && (!asked_ || Clock::now() - asked_at_ > kPatience)) {
            send("XdndPosition", 0,
                 (static_cast<std::uint32_t>(x_) << 16) | static_cast<std::uint16_t>(y_),
                 XCB_CURRENT_TIME, link_->atom("XdndActionCopy"));
            asked_ = true;
            asked_at_ = Clock::now();
        }
        return true;
    }

    // A window manager's frame lies round the window that says it takes drops.
    xcb_window_t aware_under(xcb_window_t window) {
        for (int deep = 0; window != XCB_WINDOW_NONE && deep < kDeepest; ++deep) {
            if (window == params_.window) return XCB_WINDOW_NONE;
            if (const auto version = number_of(window, "XdndAware"); version && *version >= 3) {
                version_ = std::min(*version, kVersion);
                return window;
            }
            const Reply<xcb_translate_coordinates_reply_t> within(
                xcb_translate_coordinates_reply(
                    link_->x(),
                    xcb_translate_coordinates(link_->x(), link_->root(), window, x_, y_), nullptr),
                &std::free);
            window = within ? within->child : xcb_window_t{XCB_WINDOW_NONE};
        }
        return XCB_WINDOW_NONE;
    }

    std::optional<std::uint32_t> number_of(xcb_window_t window, const char* property) {
        const Reply<xcb_get_property_reply_t> reply(
            xcb_get_property_reply(link_->x(),
                                   xcb_get_property(link_->x(), 0, window, link_->atom(property),
                                                    XCB_GET_PROPERTY_TYPE_ANY, 0, 1),
                                   nullptr),
            &std::free);
        if (!reply || xcb_get_property_value_length(reply.get()) < 4) return std::nullopt;
        return *static_cast<const std::uint32_t*>(xcb_get_property_value(reply.get()));
    }

    void send(const char* kind, std::uint32_t a, std::uint32_t b, std::uint32_t c,
              std::uint32_t d) {
        xcb_client_message_event_t message{};
        message.response_type = XCB_CLIENT_MESSAGE;
        message.format = 32;
        message.window = target_;
        message.type = link_->atom(kind);
        const std::uint32_t data[5] = {link_->window(), a, b, c, d};
        std::copy(std::begin(data), std::end(data), message.data.data32);
        xcb_send_event(link_->x(), 0, target_, XCB_EVENT_MASK_NO_EVENT,
                       reinterpret_cast<const char*>(&message));
        xcb_flush(link_->x());
    }

    void enter(xcb_window_t target) {
        target_ = target;
        accepted_ = asked_ = false;
        if (target_ != XCB_WINDOW_NONE)
            send("XdndEnter", version_ << 24, link_->atom("text/uri-list"), 0, 0);
    }

    void leave() {
        if (target_ != XCB_WINDOW_NONE) send("XdndLeave", 0, 0, 0, 0);
        target_ = XCB_WINDOW_NONE;
        accepted_ = false;
    }

    void take_events() {
        while (const X11Event event = link_->next()) {
            // It is made for whoever really asks for it, and before the name is given.
            if (kind_of(*event) == XCB_SELECTION_REQUEST && dropped_) make();
            server_.handle(*event);
            if (kind_of(*event) != XCB_CLIENT_MESSAGE) continue;
            const auto& told = reinterpret_cast<const xcb_client_message_event_t&>(*event);
            if (told.data.data32[0] != target_) continue; // one that was left
            if (told.type == link_->atom("XdndStatus")) {
                asked_ = false;
                accepted_ = (told.data.data32[1] & 1) != 0;
            } else if (told.type == link_->atom("XdndFinished")) {
                finished_ = true;
                // Version 5 says whether it was taken.
                taken_ = version_ < 5 || (told.data.data32[1] & 1) != 0;
            }
        }
    }

    void make() {
        if (made_) return;
        made_ = true;
        if (params_.make && !params_.make(params_.file)) server_.give_up(selection_);
    }

    DragEnd drop(const std::stop_token& stop) {
        // A quick hand lets go before its last position was answered.
        for (const auto until = Clock::now() + kPatience / 5;
             target_ != XCB_WINDOW_NONE && asked_ && Clock::now() < until && link_->alive();) {
            take_events();
            if (asked_) link_->wait(-1, until);
        }
        if (target_ == XCB_WINDOW_NONE || !accepted_) {
            leave();
            return DragEnd::refused;
        }
        dropped_ = true;
        make(); // also for targets that asked while it was over them
        send("XdndDrop", 0, XCB_CURRENT_TIME, 0, 0);
        const auto until = Clock::now() + kPatience;
        while (!finished_ && Clock::now() < until && link_->alive() && !stop.stop_requested()) {
            take_events();
            if (!finished_) link_->wait(-1, until);
        }
        return finished_ && taken_ ? DragEnd::taken : DragEnd::refused;
    }

    std::unique_ptr<X11Link> link_;
    const DragSource::Params params_;
    SelectionServer server_;
    xcb_atom_t selection_ = XCB_ATOM_NONE;
    xcb_window_t target_ = XCB_WINDOW_NONE;
    std::uint32_t version_ = kVersion;
    std::int16_t x_ = 0, y_ = 0; // of the pointer, on the root window
    bool asked_ = false, accepted_ = false, dropped_ = false, finished_ = false, taken_ = false;
    bool made_ = false;
    Clock::time_point asked_at_;
};

} // namespace

std::unique_ptr<DragSource> DragSource::begin(Params params) {
    auto link = X11Link::open();
    if (!link) return nullptr;
    std::unique_ptr<DragSource> source(new DragSource());
    source->thread_ = std::jthread([&end = source->end_, link = std::move(link),
                                    params = std::move(params)](std::stop_token stop) mutable {
        const auto wake = params.wake;
        end = Drag(std::move(link), std::move(params)).run(stop);
        if (wake) wake();
    });
    return source;
}

DragSource::~DragSource() = default;

} // namespace mw::desktop
