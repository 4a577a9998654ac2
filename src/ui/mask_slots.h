// Kept masks: a list that opens from the mask panel.
#pragma once

#include <string>

#include "session/action.h"

namespace mw::ui {

struct MaskSlotsState {
    session::CombineMode mode = session::CombineMode::replace; // of what is recalled
    std::string name;   // for the next one, or while renaming
    int renaming = 0;   // the slot; 0: none
    bool focus = false; // the field gets the keyboard
};

// The button and, when open, the list.
void draw_mask_slots(const session::SessionView& view, MaskSlotsState& state,
                     session::Actions& out);

} // namespace mw::ui
