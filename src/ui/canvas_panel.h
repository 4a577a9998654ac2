// The canvas: what the pointer does there, what is drawn over the picture, and the frame of the
// picture itself, which the owner of the device draws below.
#pragma once

#include <span>

#include "render/canvas.h"
#include "session/action.h"
#include "ui/canvas_state.h"
#include "ui/commands.h"
#include "ui/pointer.h"

namespace mw::ui {

// Keys that are held, pointer events, and what follows a change of the document. `blocked`: a
// dialog or a list lies over everything.
void canvas_input(const session::SessionView& view, CanvasState& state,
                  std::span<const PointerEvent> events, bool blocked, session::Actions& out);

// Zooming commands; false for any other.
bool canvas_command(Command command, const session::SessionView& view, CanvasState& state);

// Crop, wipe line, labels, brush outline, on ImGui's background list.
void draw_canvas_overlay(const session::SessionView& view, CanvasState& state);

// The line of facts below the canvas, in the current window: file, size, pixel under the pointer.
void draw_status_line(const session::SessionView& view, const CanvasState& state);

render::CanvasFrame canvas_frame(const session::SessionView& view, const CanvasState& state,
                                 Size framebuffer);

} // namespace mw::ui
