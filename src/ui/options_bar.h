// Along the top: files, the tool's options, the overlay, the comparison, the zoom.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"

namespace mw::ui {

void draw_options_bar(const session::SessionView& view, CanvasState& canvas, session::Actions& out);

} // namespace mw::ui
