// The selection tools on the canvas: what the pointer and the keys do with them.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"
#include "ui/pointer.h"

namespace mw::ui {

// A press, a move with or without a button, a release; `at` in framebuffer pixels.
void begin_select(const session::SessionView& view, CanvasState& state, const PointerEvent& event,
                  PointF at, session::Actions& out);
void move_select(const session::SessionView& view, CanvasState& state, PointF at,
                 session::Actions& out);
void end_select(const session::SessionView& view, CanvasState& state, PointF at,
                session::Actions& out);

// Enter, Backspace and Esc.
void select_keys(const session::SessionView& view, CanvasState& state, session::Actions& out);
// Whether Esc takes something back here: a draft, a preview, what is worked on.
bool wants_escape(const session::SessionView& view, const CanvasState& state);

// A draft of another tool or another picture is dropped.
void follow_select(const session::SessionView& view, CanvasState& state);

// How the next selection will be combined: by the modifiers that are held, else by the options bar.
session::CombineMode mode_in_hand(const session::SessionView& view, bool shift, bool alt,
                                  bool right_button);

// The rectangle a marquee in progress stands for, in image pixels.
mask::RectF marquee(const SelectDraft& draft);

// L* of a pixel as it is shown.
double lightness_at(const session::SessionView& view, Point at);

} // namespace mw::ui
