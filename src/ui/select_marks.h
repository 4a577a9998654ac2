// What the selection tools draw over the picture.
#pragma once

#include <imgui.h>

#include "ui/canvas_state.h"

namespace mw::ui {

// The draft of a pane, the wire, the selection that painting is held to.
void draw_select_marks(ImDrawList* list, const session::SessionView& view, CanvasState& state,
                       const Rect& pane);
// The cross at the pointer, with a sign of how the selection will be combined.
void draw_select_cursor(ImDrawList* list, const session::SessionView& view,
                        const CanvasState& state);
// The straight line that a press with Shift would paint.
void draw_straight_line(ImDrawList* list, const session::SessionView& view,
                        const CanvasState& state);
// What is worked on for longer than a moment, and how to stop it, on a plate.
void draw_mask_work(ImDrawList* list, const session::SessionView& view, const CanvasState& state);

} // namespace mw::ui
