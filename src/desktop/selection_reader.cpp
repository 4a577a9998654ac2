#include "desktop/selection_reader.h"

namespace mw::desktop {

void SelectionReader::begin(xcb_atom_t selection, xcb_atom_t target, std::size_t most_bytes) {
    // Another property each time: what comes late was asked for by somebody who has gone.
    property_ = link_.atom("_MASKWRIGHT_PASTE_" + std::to_string(count_++ % 16));
    selection_ = selection;
    target_ = target;
    most_ = most_bytes;
    bytes_.clear();
    in_pieces_ = false;
    state_ = State::waiting;
    heard_ = Clock::now();
    xcb_delete_property(link_.x(), link_.window(), property_);
    xcb_convert_selection(link_.x(), link_.window(), selection, target, property_, link_.now());
    xcb_flush(link_.x());
}

void SelectionReader::handle(const xcb_generic_event_t& event) {
    if (state_ != State::waiting) return;
    if (kind_of(event) == XCB_SELECTION_NOTIFY) {
        const auto& told = reinterpret_cast<const xcb_selection_notify_event_t&>(event);
        if (in_pieces_ || told.requestor != link_.window() || told.selection != selection_ ||
            told.target != target_ || (told.property != property_ && told.property != 0))
            return;
        heard_ = Clock::now();
        if (told.property == XCB_ATOM_NONE) {
            state_ = State::refused;
            return;
        }
        const Read read = read_property();
        in_pieces_ = read == Read::in_pieces;
        if (!in_pieces_)
            state_ = read == Read::bytes       ? State::done
                     : read == Read::too_large ? State::too_large
                                               : State::refused;
    } else if (kind_of(event) == XCB_PROPERTY_NOTIFY) {
        const auto& told = reinterpret_cast<const xcb_property_notify_event_t&>(event);
        if (!in_pieces_ || told.window != link_.window() || told.atom != property_ ||
            told.state != XCB_PROPERTY_NEW_VALUE)
            return;
        heard_ = Clock::now();
        const std::size_t before = bytes_.size();
        const Read read = read_property();
        if (read == Read::too_large)
            state_ = State::too_large;
        else if (read == Read::bytes && bytes_.size() == before) // an empty piece ends it
            state_ = State::done;
    }
}

SelectionReader::Read SelectionReader::read_property() {
    Read read = Read::bytes;
    constexpr std::uint32_t kWords = 256u << 10; // of four bytes, at a time
    for (std::uint32_t offset = 0;;) {
        const auto cookie = xcb_get_property(link_.x(), 0, link_.window(), property_,
                                             XCB_GET_PROPERTY_TYPE_ANY, offset, kWords);
        const std::unique_ptr<xcb_get_property_reply_t, decltype(&std::free)> reply(
            xcb_get_property_reply(link_.x(), cookie, nullptr), &std::free);
        if (!reply || reply->type == XCB_ATOM_NONE) return Read::nothing;
        if (reply->type == link_.atom("INCR")) {
            read = Read::in_pieces;
            break;
        }
        const auto* data = static_cast<const std::byte*>(xcb_get_property_value(reply.get()));
        const auto length = static_cast<std::size_t>(xcb_get_property_value_length(reply.get()));
        if (length > most_ - bytes_.size()) return Read::too_large;
        bytes_.insert(bytes_.end(), data, data + length);
        if (reply->bytes_after == 0 || length == 0) break;
        offset += static_cast<std::uint32_t>(length / 4);
    }
    xcb_delete_property(link_.x(), link_.window(), property_); // the next piece, please
    xcb_flush(link_.x());
    return read;
}

} // namespace mw::desktop
