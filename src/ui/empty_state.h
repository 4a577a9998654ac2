// What the canvas shows before a picture is open.
#pragma once

#include "session/action.h"

namespace mw::ui {

// Drawn into a window of its own over `canvas_window`. `sample` is a picture to try with; empty:
// none.
void draw_empty_state(const session::SessionView& view, const Rect& canvas_window,
                      const std::filesystem::path& sample, session::Actions& out);

} // namespace mw::ui
