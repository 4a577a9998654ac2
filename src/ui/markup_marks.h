// The marks for the model as they lie over the picture.
#pragma once

#include <imgui.h>

#include "mask/shapes.h"
#include "ui/canvas_state.h"

namespace mw::ui {

// The marks, the one being drawn, and a frame round the picked one. Nothing of what is hidden.
void draw_marks(ImDrawList* list, const session::SessionView& view, const CanvasState& state,
                const Rect& pane);

// The plate of a note, image pixels.
mask::RectF note_box(const edit::Mark& note);
// What the mark covers, its line's width included, image pixels.
mask::RectF bounds_of(const edit::Mark& mark);
// The newest mark within `reach` image pixels of a point; 0: none.
int mark_at(const edit::Markup& markup, PointF at, double reach);

} // namespace mw::ui
