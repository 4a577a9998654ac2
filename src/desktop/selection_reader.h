// The side of whoever wants a selection: one type of it, whole or in pieces (ICCCM 2.0, section
// 2.7.2).
#pragma once

#include "base/file.h"
#include "desktop/x11_link.h"

namespace mw::desktop {

class SelectionReader {
  public:
    enum class State { idle, waiting, done, refused, too_large };

    explicit SelectionReader(X11Link& link) : link_(link) {}
    // Asks for it; what was asked for before is forgotten.
    void begin(xcb_atom_t selection, xcb_atom_t target, std::size_t most_bytes);
    void stop() { state_ = State::idle; }
    void handle(const xcb_generic_event_t& event);
    State state() const { return state_; }
    Clock::time_point heard() const { return heard_; } // the last sign of life
    Bytes take() { return std::move(bytes_); }

  private:
    enum class Read { nothing, bytes, in_pieces, too_large };
    Read read_property(); // appends, and takes the property away

    X11Link& link_;
    State state_ = State::idle;
    xcb_atom_t selection_ = 0, target_ = 0, property_ = 0;
    std::size_t most_ = 0;
    unsigned count_ = 0;
    bool in_pieces_ = false;
    Bytes bytes_;
    Clock::time_point heard_;
};

} // namespace mw::desktop
