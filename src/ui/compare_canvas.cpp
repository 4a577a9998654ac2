#include "ui/compare_canvas.h"

#include <imgui.h>

#include <cmath>

#include "ui/canvas_panel.h"
#include "ui/look.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;

Point cell_of(PointF p) {
    return {static_cast<int>(std::floor(p.x)), static_cast<int>(std::floor(p.y))};
}

Point within(Point p, Size size) {
    return {std::clamp(p.x, 0, size.width - 1), std::clamp(p.y, 0, size.height - 1)};
}

} // namespace

void follow_comparison(const SessionView& view, CanvasState& state) {
    CompareCanvas& own = state.compare;
    const CompareMode mode = effective_compare(view);
    const double now = ImGui::GetTime();
    if (mode != own.mode_before) own.flicker_since = now;
    own.mode_before = mode;
    if (mode == CompareMode::off) {
        own.line_armed = false;
        own.spot.reset();
    }
    if (view.document == nullptr) own.line.reset();
    if (mode != CompareMode::flicker) return;
    const double hz = view.compare.flicker_hz, since = now - own.flicker_since;
    own.flicker_shows_b = compare::flicker_shows_b(since, hz);
    // Up to the next change, and a little beyond, so that rounding does not cost an empty frame.
    const double half = 0.5 / hz;
    wake_in(half - std::fmod(since, half) + 1e-4);
}

bool begin_on_comparison(const SessionView& view, CanvasState& state, const PointerEvent& event,
                         PointF at) {
    const CompareMode mode = effective_compare(view);
    if (event.button != 0 || state.space || mode == CompareMode::off) return false;
    if (state.compare.line_armed && mode != CompareMode::sheet) {
        const Point p = within(cell_of(image_point(view, state, at)), view.shown->size());
        state.compare.line = {p, p};
        state.gesture = Gesture::profile;
        return true;
    }
    if (mode != CompareMode::sheet) return false;
    state.gesture = Gesture::sheet;
    return true;
}

bool drag_on_comparison(const SessionView& view, CanvasState& state, PointF at) {
    if (state.gesture == Gesture::profile) {
        if (!state.compare.line) return true;
        state.compare.line->second =
            within(cell_of(image_point(view, state, at)), view.shown->size());
        return true;
    }
    if (state.gesture != Gesture::sheet) return false;
    const double moved = std::hypot(at.x - state.anchor.x, at.y - state.anchor.y);
    if (moved > 4 * state.density) state.gesture = Gesture::pan;
    return true;
}

void end_on_comparison(const SessionView& view, CanvasState& state, PointF at,
                       session::Actions& out) {
    if (state.gesture == Gesture::profile) state.compare.line_armed = false;
    if (state.gesture != Gesture::sheet) return;
    const Panes panes = panes_of(view, state);
    for (std::size_t i = 0; i < panes.cells.size(); ++i)
        if (panes.cells[i].contains(cell_of(at)))
            out.push_back(session::ShowIteration{view.comparison.sheet[i].id});
}

void nudge(const SessionView& view, const CanvasState& state, int right, int down, int pixels,
           session::Actions& out) {
    const CompareMode mode = effective_compare(view);
    if (mode == CompareMode::off || mode == CompareMode::sheet) return;
    const PointF way =
        render::unturned(state.view.turn, {static_cast<double>(right), static_cast<double>(down)});
    session::CompareState next = view.compare;
    // Along the picture's axis that lies nearest to the key's direction.
    if (std::abs(way.x) >= std::abs(way.y))
        next.nudge.x += way.x > 0 ? pixels : -pixels;
    else
        next.nudge.y += way.y > 0 ? pixels : -pixels;
    out.push_back(session::SetCompare{next});
}

void look_at_spot(const SessionView& view, CanvasState& state, const Rect& spot) {
    state.compare.spot = spot;
    const Rect pane = panes_of(view, state).b;
    // With as much around it as it is large: a spot alone says nothing.
    state.view = render::fitted_to(spot.grown(std::max(spot.width, spot.height)), pane,
                                   24.0 * look().scale * state.density, state.view.turn);
    state.keep_fitted = false;
}

void go_to_next_spot(const SessionView& view, CanvasState& state) {
    if (!view.comparison.figures || view.comparison.figures->spots.empty()) return;
    const auto& spots = view.comparison.figures->spots;
    std::size_t next = 0;
    for (std::size_t i = 0; i < spots.size(); ++i)
        if (state.compare.spot == spots[i].bounds) next = (i + 1) % spots.size();
    look_at_spot(view, state, spots[next].bounds);
}

} // namespace mw::ui
