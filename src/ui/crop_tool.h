// The crop tool: the planned crops on the canvas, and dragging the edges of one.
#pragma once

#include <imgui.h>

#include "session/action.h"
#include "ui/canvas_state.h"
#include "ui/pointer.h"

namespace mw::ui {

// What a press at `at` (framebuffer pixels) would take hold of: with the crop tool, over a crop
// that is one request. Nothing otherwise.
CropGrip crop_grip(const session::SessionView& view, const CanvasState& state, PointF at);

// The gesture: pressed, moved, and Esc. A second press within a moment asks for the automatic crop.
void begin_crop(const session::SessionView& view, CanvasState& state, const PointerEvent& event,
                PointF at, session::Actions& out);
void drag_crop(const session::SessionView& view, CanvasState& state, PointF at,
               session::Actions& out);
void abort_crop(const session::SessionView& view, CanvasState& state, session::Actions& out);

// Every planned crop of a pane; handles and numbers with the crop tool.
void draw_crops(ImDrawList* list, const session::SessionView& view, const CanvasState& state,
                const Rect& pane);

// The cursor over a grip, as the picture lies on the screen.
ImGuiMouseCursor crop_cursor(const CropGrip& grip, const render::Turn& turn);

} // namespace mw::ui
