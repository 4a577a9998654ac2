// The tool for marks in the options bar, and what becomes of the marks in the request panel.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"

namespace mw::ui {

// `unit` is the width of a slider, window coordinates.
void draw_markup_options(const session::SessionView& view, MarkCanvas& marks, float unit,
                         session::Actions& out);

// Which of mask and markup the chosen model gets. Nothing without marks.
void draw_markup_use(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
