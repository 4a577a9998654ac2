// Drawing, picking and moving the marks for the model.
#pragma once

#include "session/action.h"
#include "ui/canvas_state.h"
#include "ui/commands.h"
#include "ui/pointer.h"

namespace mw::ui {

struct ShellState;

// A press, a move and a release; `at` in framebuffer pixels. The right button removes a mark.
void begin_mark(const session::SessionView& view, CanvasState& state, const PointerEvent& event,
                PointF at, session::Actions& out);
void move_mark(const session::SessionView& view, CanvasState& state, PointF at,
               session::Actions& out);
void end_mark(const session::SessionView& view, CanvasState& state, PointF at,
              session::Actions& out);

// Esc drops what is being drawn, then lets go of the picked mark.
void mark_keys(CanvasState& state);
// A mark that is gone is not picked any more; a draft of another tool is dropped.
void follow_marks(const session::SessionView& view, CanvasState& state);

// The tool's key (again for the next kind), delete, show or hide, arrows for the picked mark;
// false: somebody else's command. A document is open.
bool mark_command(Command command, const session::SessionView& view, ShellState& state,
                  session::Actions& out);

// Where the words of a note are written. At the top level of a frame.
void draw_note_field(const session::SessionView& view, CanvasState& state, session::Actions& out);

// The picked mark; null: none.
const edit::Mark* picked_mark(const session::SessionView& view, const MarkCanvas& marks);

} // namespace mw::ui
