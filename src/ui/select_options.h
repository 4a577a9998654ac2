// The selection tools' settings in the options bar.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"

namespace mw::ui {

struct SelectOptionsRoom {
    float unit = 0, all = 0; // the width of a slider and of everything, window coordinates
    bool kinds = true;       // there is room for the tools of the group beside each other
};
void draw_select_options(const session::SessionView& view, CanvasState& canvas,
                         const SelectOptionsRoom& room, session::Actions& out);
// How a selection or a kept mask is combined with what is there; the names begin with `prefix`.
void draw_mode_choice(const char* const (&names)[4], session::CombineMode& mode);

} // namespace mw::ui
