// What a comparison does on the canvas, and what it remembers there between frames.
#pragma once

#include <optional>

#include "base/geometry.h"
#include "session/action.h"

struct ImDrawList;

namespace mw::render {
struct CanvasFrame;
}

namespace mw::ui {

struct CanvasState;
struct PointerEvent;

struct CompareCanvas {
    bool line_armed = false;                     // the next drag draws the line of the profile
    std::optional<std::pair<Point, Point>> line; // image pixels, ends included
    std::optional<Rect> spot;                    // looked at last, image pixels
    session::CompareMode mode_before = session::CompareMode::off;
    double flicker_since = 0; // seconds of ImGui's clock
    bool flicker_shows_b = false;
};

// The clock of the flicker: draws again only while there is one.
void follow_comparison(const session::SessionView& view, CanvasState& state);

// A press, a move and a release that belong to the comparison; false: to somebody else.
bool begin_on_comparison(const session::SessionView& view, CanvasState& state,
                         const PointerEvent& event, PointF at);
bool drag_on_comparison(const session::SessionView& view, CanvasState& state, PointF at);
void end_on_comparison(const session::SessionView& view, CanvasState& state, PointF at,
                       session::Actions& out);

// B moved by a key, as the picture lies on the screen: `right` and `down` are -1, 0 or 1 steps.
void nudge(const session::SessionView& view, const CanvasState& state, int right, int down,
           int pixels, session::Actions& out);
// The worst spot after the one looked at last.
void go_to_next_spot(const session::SessionView& view, CanvasState& state);
void look_at_spot(const session::SessionView& view, CanvasState& state, const Rect& spot);

// The panes of the comparison on the canvas, appended. Mode must not be off.
void add_comparison_panes(const session::SessionView& view, const CanvasState& state,
                          render::CanvasFrame& frame);

// Labels, lines and outlines over the picture.
void draw_comparison_labels(ImDrawList* list, const session::SessionView& view,
                            const CanvasState& state);
void draw_comparison_marks(ImDrawList* list, const session::SessionView& view,
                           const CanvasState& state);

} // namespace mw::ui
