// The side of a selection's owner: answers what other programs ask for (ICCCM 2.0, section 2),
// large answers in pieces (INCR), several at once (MULTIPLE).
#pragma once

#include <memory>
#include <vector>

#include "base/file.h"
#include "desktop/x11_link.h"

namespace mw::desktop {

// What is offered, by the name of its type: "image/png", "text/uri-list".
using Offer = std::map<std::string, Bytes>;

class SelectionServer {
  public:
    explicit SelectionServer(X11Link& link) : link_(link) {}

    // False when another program took it in the same moment.
    bool own(xcb_atom_t selection, std::shared_ptr<const Offer> offer);
    void give_up(xcb_atom_t selection);
    bool owns(xcb_atom_t selection) const { return owned_.contains(selection); }
    void handle(const xcb_generic_event_t& event);
    // Drops transfers whose other side has said nothing for long; when to ask next.
    Clock::time_point drop_stalled();
    bool sending() const { return !sending_.empty(); }

  private:
    struct Owned {
        std::shared_ptr<const Offer> offer;
        xcb_timestamp_t since;
    };
    struct Sending { // one property, piece by piece
        xcb_window_t to;
        xcb_atom_t property, type;
        std::shared_ptr<const Offer> offer; // keeps the bytes
        const Bytes* bytes;
        std::size_t sent = 0;
        bool ended = false; // the empty piece that ends it is there
        Clock::time_point heard;
    };
    void answer(const xcb_selection_request_event_t& asked);
    bool put(const Owned& owned, xcb_window_t to, xcb_atom_t target, xcb_atom_t property,
             xcb_timestamp_t time);
    bool put_several(const Owned& owned, xcb_window_t to, xcb_atom_t property,
                     xcb_timestamp_t time);
    void go_on(xcb_window_t window, xcb_atom_t property);
    void listen(xcb_window_t window, bool on);

    X11Link& link_;
    std::map<xcb_atom_t, Owned> owned_;
    std::vector<Sending> sending_;
};

} // namespace mw::desktop
