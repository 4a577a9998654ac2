// The canvas by keyboard alone: a pointer that the arrows move, whose presses go to the tool in
// hand like those of a mouse.
#pragma once

#include <imgui.h>

#include <vector>

#include "ui/canvas_state.h"
#include "ui/pointer.h"

namespace mw::ui {

// Shown in the middle of the canvas unless the mouse is over it; let go of what it holds.
void toggle_keyboard_pointer(CanvasState& state);

// Once per frame, also while it is off: appends what its keys do. Arrows move by a pixel of the
// picture (at least one of the window), with Shift by 10, with Ctrl by 100, and the picture comes
// along at an edge of the canvas. Space is a click; Enter presses and, again, lets go, save where
// it closes a polygon or a wire. Shift and Alt count at the press. Esc ends it where nothing else
// wants that key. `keys`: false while texts, lists or dialogs have the keyboard.
void keyboard_pointer_events(const session::SessionView& view, CanvasState& state, bool keys,
                             std::vector<PointerEvent>& events);

// Its cross and the line that says what its keys do.
void draw_keyboard_pointer(ImDrawList* list, const session::SessionView& view,
                           const CanvasState& state);

// Whether Shift bends what is drawn: not while it says how far the pointer goes.
bool shift_bends(const CanvasState& state);

} // namespace mw::ui
