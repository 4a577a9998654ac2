#include "desktop/selection_server.h"

#include <algorithm>
#include <limits>

namespace mw::desktop {
namespace {

// More than this goes in pieces of this size: a server refuses requests over its limit, and one
// that is as large as that holds up every other program meanwhile.
constexpr std::size_t kPiece = 256u << 10;
constexpr std::chrono::seconds kStalled{10};
constexpr std::uint32_t kMostAtOnce = 64; // of MULTIPLE

} // namespace

bool SelectionServer::own(xcb_atom_t selection, std::shared_ptr<const Offer> offer) {
    const xcb_timestamp_t since = link_.now();
    xcb_set_selection_owner(link_.x(), link_.window(), selection, since);
    if (link_.owner_of(selection) != link_.window()) return false;
    owned_[selection] = {std::move(offer), since};
    return true;
}

void SelectionServer::give_up(xcb_atom_t selection) {
    const auto found = owned_.find(selection);
    if (found == owned_.end()) return;
    xcb_set_selection_owner(link_.x(), XCB_WINDOW_NONE, selection, found->second.since);
    xcb_flush(link_.x());
    owned_.erase(found);
}

void SelectionServer::handle(const xcb_generic_event_t& event) {
    switch (kind_of(event)) {
        case XCB_SELECTION_REQUEST:
            answer(reinterpret_cast<const xcb_selection_request_event_t&>(event));
            break;
        case XCB_SELECTION_CLEAR: {
            const auto& lost = reinterpret_cast<const xcb_selection_clear_event_t&>(event);
            owned_.erase(lost.selection);
            break;
        }
        case XCB_PROPERTY_NOTIFY: {
            const auto& told = reinterpret_cast<const xcb_property_notify_event_t&>(event);
            if (told.state == XCB_PROPERTY_DELETE) go_on(told.window, told.atom);
            break;
        }
        default:
            break;
    }
}

void SelectionServer::answer(const xcb_selection_request_event_t& asked) {
    xcb_selection_notify_event_t told{};
    told.response_type = XCB_SELECTION_NOTIFY;
    told.time = asked.time;
    told.requestor = asked.requestor;
    told.selection = asked.selection;
    told.target = asked.target;
    // Old clients leave the property out and mean the target's name.
    const xcb_atom_t property = asked.property != XCB_ATOM_NONE ? asked.property : asked.target;
    const auto found = owned_.find(asked.selection);
    if (found != owned_.end()) {
        const Owned owned = found->second;
        const bool done = asked.target == link_.atom("MULTIPLE")
                              ? put_several(owned, asked.requestor, property, asked.time)
                              : put(owned, asked.requestor, asked.target, property, asked.time);
        if (done) told.property = property;
    }
    xcb_send_event(link_.x(), 0, asked.requestor, XCB_EVENT_MASK_NO_EVENT,
                   reinterpret_cast<const char*>(&told));
    xcb_flush(link_.x());
}

bool SelectionServer::put(const Owned& owned, xcb_window_t to, xcb_atom_t target,
                          xcb_atom_t property, xcb_timestamp_t) {
    const auto write = [&](xcb_atom_t type, std::uint8_t bits, std::size_t count,
                           const void* data) {
        xcb_change_property(link_.x(), XCB_PROP_MODE_REPLACE, to, property, type, bits,
                            static_cast<std::uint32_t>(count), data);
        return true;
    };
    if (target == link_.atom("TARGETS")) {
        std::vector<xcb_atom_t> types{link_.atom("TARGETS"), link_.atom("TIMESTAMP"),
                                      link_.atom("MULTIPLE")};
        for (const auto& [name, bytes] : *owned.offer)
            types.push_back(link_.atom(name));
        return write(XCB_ATOM_ATOM, 32, types.size(), types.data());
    }
    if (target == link_.atom("TIMESTAMP")) return write(XCB_ATOM_INTEGER, 32, 1, &owned.since);
    for (const auto& [name, bytes] : *owned.offer) {
        if (link_.atom(name) != target) continue;
        if (bytes.size() <= std::min(kPiece, link_.most_bytes()))
            return write(target, 8, bytes.size(), bytes.data());
        // Asked again for the same property: the new answer takes the old one's place.
        std::erase_if(sending_,
                      [&](const Sending& one) { return one.to == to && one.property == property; });
        sending_.push_back({to, property, target, owned.offer, &bytes, 0, false, Clock::now()});
        listen(to, true);
        const auto size = static_cast<std::uint32_t>(
            std::min<std::size_t>(bytes.size(), std::numeric_limits<std::int32_t>::max()));
        return write(link_.atom("INCR"), 32, 1, &size);
    }
    return false;
}

bool SelectionServer::put_several(const Owned& owned, xcb_window_t to, xcb_atom_t property,
                                  xcb_timestamp_t time) {
    const auto cookie =
        xcb_get_property(link_.x(), 0, to, property, XCB_GET_PROPERTY_TYPE_ANY, 0, kMostAtOnce * 2);
    const std::unique_ptr<xcb_get_property_reply_t, decltype(&std::free)> reply(
        xcb_get_property_reply(link_.x(), cookie, nullptr), &std::free);
    if (!reply || reply->format != 32) return false;
    const auto* first = static_cast<const xcb_atom_t*>(xcb_get_property_value(reply.get()));
    std::vector<xcb_atom_t> pairs(first, first + xcb_get_property_value_length(reply.get()) / 4);
    const xcb_atom_t several = link_.atom("MULTIPLE");
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
        if (pairs[i + 1] == XCB_ATOM_NONE || pairs[i] == several ||
            !put(owned, to, pairs[i], pairs[i + 1], time))
            pairs[i + 1] = XCB_ATOM_NONE; // this one cannot be had
    xcb_change_property(link_.x(), XCB_PROP_MODE_REPLACE, to, property, link_.atom("ATOM_PAIR"), 32,
                        static_cast<std::uint32_t>(pairs.size()), pairs.data());
    return true;
}

void SelectionServer::go_on(xcb_window_t window, xcb_atom_t property) {
    const auto found = std::find_if(sending_.begin(), sending_.end(), [&](const Sending& one) {
        return one.to == window && one.property == property;
    });
    if (found == sending_.end()) return;
    if (found->ended) {
        sending_.erase(found);
        return listen(window, false);
    }
    const std::size_t piece =
        std::min({kPiece, link_.most_bytes(), found->bytes->size() - found->sent});
    xcb_change_property(link_.x(), XCB_PROP_MODE_REPLACE, window, property, found->type, 8,
                        static_cast<std::uint32_t>(piece), found->bytes->data() + found->sent);
    xcb_flush(link_.x());
    found->sent += piece;
    found->ended = piece == 0;
    found->heard = Clock::now();
}

Clock::time_point SelectionServer::drop_stalled() {
    const auto now = Clock::now();
    auto next = Clock::time_point::max();
    for (auto one = sending_.begin(); one != sending_.end();) {
        if (now - one->heard < kStalled) {
            next = std::min(next, one->heard + kStalled);
            ++one;
            continue;
        }
        const xcb_window_t window = one->to;
        one = sending_.erase(one);
        listen(window, false);
    }
    return next;
}

// Hears when the other side has taken a piece. Our own window is heard all the time.
void SelectionServer::listen(xcb_window_t window, bool on) {
    if (window == link_.window()) return;
    if (!on && std::any_of(sending_.begin(), sending_.end(),
                           [&](const Sending& one) { return one.to == window; }))
        return;
    const std::uint32_t events = on ? XCB_EVENT_MASK_PROPERTY_CHANGE : XCB_EVENT_MASK_NO_EVENT;
    xcb_change_window_attributes(link_.x(), window, XCB_CW_EVENT_MASK, &events);
}

} // namespace mw::desktop
