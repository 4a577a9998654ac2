// How the mask is shown, in the options bar.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"

namespace mw::ui {

const char* name_of(session::MaskLook look);
// What Q does: the next look, or the one that was hidden.
session::MaskStyle next_look(const session::SessionView& view, const CanvasState& canvas);
// Eye, colour, and with `unit` above 0 the opacity beside them (else in the list).
void draw_mask_look(const session::SessionView& view, const CanvasState& canvas, float unit,
                    session::Actions& out);

} // namespace mw::ui
