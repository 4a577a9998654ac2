// The brush's settings in the options bar.
#pragma once

#include "session/action.h"

namespace mw::ui {

// `unit`: the width of a slider, window coordinates.
void draw_brush_options(const session::SessionView& view, float unit, session::Actions& out);

} // namespace mw::ui
