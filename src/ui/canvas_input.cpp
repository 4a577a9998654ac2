#include <imgui.h>

#include <cmath>
#include <numbers>

#include "ui/canvas_panel.h"
#include "ui/crop_tool.h"
#include "ui/keyboard_pointer.h"
#include "ui/look.h"
#include "ui/markup_tool.h"
#include "ui/select_tools.h"

namespace mw::ui {
namespace {

using session::Actions;
using session::SessionView;
using session::Tool;

constexpr double kTurn = 15; // degrees a key press turns the view
constexpr double kShake = 3; // design pixels before a direction is meant

bool inside(const NamedRect& r, PointF p) {
    return p.x >= r.x && p.x < r.x + r.width && p.y >= r.y && p.y < r.y + r.height;
}

double distance(PointF a, PointF b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

mask::StrokeSample sample_at(const SessionView& view, const CanvasState& state, PointF at,
                             const PointerEvent& event) {
    const PointF p = image_point(view, state, at);
    return {p.x, p.y, event.pressure, event.time};
}

void fit(const SessionView& view, CanvasState& state) {
    const Panes panes = panes_of(view, state);
    if (view.shown == nullptr || panes.b.empty()) return;
    state.view =
        render::fitted(view.shown->size(), panes.b, fit_margin(state), false, state.view.turn);
}

// Which handle of the wipe is under the pointer.
Gesture wipe_gesture(const SessionView& view, const CanvasState& state, PointF at, bool shift) {
    if (effective_compare(view) != session::CompareMode::wipe) return Gesture::none;
    const double scale = look().scale * state.density;
    const WipeHandles h = wipe_handles(view.compare, state.area, scale);
    if (distance(at, h.move) <= 18 * scale) return shift ? Gesture::wipe_turn : Gesture::wipe_move;
    if (distance(at, h.turn) <= 14 * scale) return Gesture::wipe_turn;
    return Gesture::none;
}

void begin(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at,
           Actions& out) {
    if (view.shown == nullptr) return;
    state.button = event.button;
    state.anchor = at;
    if (begin_on_comparison(view, state, event, at)) return;
    const bool pan_button = event.button == 2;
    if (pan_button || (event.button == 0 && (state.space || view.tool == Tool::pan))) {
        const Gesture wipe =
            pan_button || state.space ? Gesture::none : wipe_gesture(view, state, at, event.shift);
        state.gesture = wipe != Gesture::none ? wipe : Gesture::pan;
        return;
    }
    if (event.button == 0) {
        if (const Gesture wipe = wipe_gesture(view, state, at, event.shift);
            wipe != Gesture::none) {
            state.gesture = wipe;
            return;
        }
    }
    if (view.tool == Tool::pan || event.button > 1) return;
    if (view.tool == Tool::crop) {
        if (event.button == 0) begin_crop(view, state, event, at, out);
        return;
    }
    if (view.tool == Tool::markup) return begin_mark(view, state, event, at, out);
    if (session::is_selecting(view.tool)) return begin_select(view, state, event, at, out);
    if (session::is_cloning(view.tool) && event.button == 0 && event.alt) {
        const PointF p = image_point(view, state, at);
        out.push_back(session::SetCloneSource{
            {static_cast<int>(std::floor(p.x)), static_cast<int>(std::floor(p.y))}});
        return;
    }
    if (event.button == 1 && event.alt) {
        state.gesture = Gesture::brush_shape;
        state.brush = view.brush;
        return;
    }
    const bool clones = session::is_cloning(view.tool);
    if (clones && event.button == 1) return; // there is nothing to erase
    const bool erase =
        !clones && (event.button == 1 || state.erase_key || view.tool == Tool::eraser);
    state.gesture = Gesture::paint;
    state.straight_from.reset();
    if (event.shift) state.straight_from = at;
    state.straight_across.reset();
    out.push_back(session::BeginStroke{sample_at(view, state, at, event), erase, event.shift});
}

void move_wipe(const SessionView& view, const CanvasState& state, PointF at, Actions& out) {
    session::CompareState compare = view.compare;
    const Rect& pane = state.area;
    if (state.gesture == Gesture::wipe_move) {
        compare.wipe_position = std::clamp((at.x - pane.x) / pane.width, 0.0, 1.0);
    } else {
        const PointF center = wipe_handles(compare, pane, 1).move;
        double degrees =
            std::atan2(-(at.x - center.x), -(at.y - center.y)) * 180 / std::numbers::pi;
        const double step = std::round(degrees / 15) * 15;
        if (std::abs(degrees - step) < 2) degrees = step; // settles on the usual angles
        compare.wipe_angle_degrees = degrees;
    }
    out.push_back(session::SetCompare{compare});
}

// Right for larger, up for harder, from where it began: the circle stays where it is.
void shape_brush(const CanvasState& state, PointF at, Actions& out) {
    mask::Brush brush = state.brush;
    const double dx = (at.x - state.anchor.x) / state.view.zoom;
    const double dy = (state.anchor.y - at.y) / (200 * look().scale * state.density);
    brush.radius_px = std::clamp(state.brush.radius_px + dx, 0.5, 4096.0);
    brush.hardness = std::clamp(state.brush.hardness + dy, 0.0, 1.0);
    out.push_back(session::SetBrush{brush});
}

// With Shift held a stroke goes straight across or straight down, whichever the hand chose first.
// Nothing while it has not.
std::optional<PointF> straightened(CanvasState& state, PointF at) {
    if (!shift_bends(state)) {
        state.straight_from.reset();
        return at;
    }
    if (!state.straight_from) {
        state.straight_from = state.last;
        state.straight_across.reset();
    }
    const PointF from = *state.straight_from;
    if (!state.straight_across) {
        if (distance(at, from) <= kShake * look().scale * state.density) return std::nullopt;
        state.straight_across = std::abs(at.x - from.x) >= std::abs(at.y - from.y);
    }
    return *state.straight_across ? PointF{at.x, from.y} : PointF{from.x, at.y};
}

void drag(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at,
          Actions& out) {
    const PointF delta{at.x - state.last.x, at.y - state.last.y};
    switch (state.gesture) {
        case Gesture::none:
            if (view.tool == Tool::scissors) move_select(view, state, at, out);
            break;
        case Gesture::profile:
        case Gesture::sheet:
            drag_on_comparison(view, state, at);
            break;
        case Gesture::pan:
            state.view = render::panned(state.view, delta);
            state.keep_fitted = false;
            break;
        case Gesture::paint:
            if (state.space) { // the picture moves with the pointer: the stroke stands still
                state.view = render::panned(state.view, delta);
                state.keep_fitted = false;
            } else {
                const auto to = straightened(state, at);
                if (to) out.push_back(session::ExtendStroke{sample_at(view, state, *to, event)});
            }
            break;
        case Gesture::crop:
            drag_crop(view, state, at, out);
            break;
        case Gesture::select:
            move_select(view, state, at, out);
            break;
        case Gesture::mark:
            move_mark(view, state, at, out);
            break;
        case Gesture::brush_shape:
            shape_brush(state, at, out);
            break;
        case Gesture::wipe_move:
        case Gesture::wipe_turn:
            move_wipe(view, state, at, out);
            break;
    }
}

void wheel(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at) {
    if (view.shown == nullptr || event.wheel == 0) return;
    const Rect pane = pane_at(panes_of(view, state), at);
    state.view = render::zoomed_at(state.view, pane, at, std::pow(1.25, event.wheel));
    state.keep_fitted = false;
}

// As the document's file says that it was left.
void restore_view(const project::CanvasView& left, CanvasState& state) {
    state.view.turn = {left.turn_degrees, left.mirrored};
    state.keep_fitted = left.fitted;
    if (left.fitted) return;
    state.view.center = left.center;
    state.view.zoom = std::clamp(left.zoom, render::kMinZoom, render::kMaxZoom);
}

// Once the hand is still: so it is found again.
void keep_view(const SessionView& view, const CanvasState& state, session::Actions& out) {
    if (view.document == nullptr || view.document_id != state.document ||
        state.gesture != Gesture::none)
        return;
    project::CanvasView now;
    now.fitted = state.keep_fitted;
    now.turn_degrees = state.view.turn.degrees;
    now.mirrored = state.view.turn.mirrored;
    now.exposure_stops = view.display.exposure_stops();
    if (!now.fitted) {
        now.center = state.view.center;
        now.zoom = state.view.zoom;
    }
    if (!(now == view.document->canvas)) out.push_back(session::KeepCanvasView{now});
}

void follow_document(const SessionView& view, CanvasState& state) {
    if (view.document_id != state.document || view.document == nullptr) {
        state.document = view.document_id;
        state.keep_fitted = true;
        state.view.turn = {};
        state.gesture = Gesture::none;
        state.overlay_muted = false;
        state.shown_seen = view.document != nullptr ? view.document->shown : 0;
        state.mask_seen = view.mask_revision;
        if (view.document != nullptr) restore_view(view.document->canvas, state);
    }
    if (view.document == nullptr) return;
    if (view.document->shown != state.shown_seen) {
        state.shown_seen = view.document->shown;
        state.overlay_muted = true;
        state.mask_seen = view.mask_revision;
    } else if (view.mask_revision != state.mask_seen) {
        state.mask_seen = view.mask_revision;
        state.overlay_muted = false;
    }
    if (state.keep_fitted) fit(view, state);
}

} // namespace

void canvas_input(const SessionView& view, CanvasState& state, std::span<const PointerEvent> events,
                  bool blocked, Actions& out) {
    follow_document(view, state);
    const bool keys = !blocked && !ImGui::GetIO().WantTextInput;
    std::vector<PointerEvent> all(events.begin(), events.end());
    keyboard_pointer_events(view, state, keys, all);
    state.space = keys && !state.keyboard.on && ImGui::IsKeyDown(ImGuiKey_Space);
    state.erase_key = keys && ImGui::IsKeyDown(ImGuiKey_GraveAccent);
    state.hold_original = keys && ImGui::IsKeyDown(ImGuiKey_Backslash);
    if (keys && state.gesture == Gesture::paint && ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        out.push_back(session::AbortStroke{});
        state.gesture = Gesture::none;
    }
    follow_select(view, state);
    follow_marks(view, state);
    if (keys) mark_keys(state);
    if (keys && state.gesture != Gesture::paint && state.gesture != Gesture::crop)
        select_keys(view, state, out);
    if (keys && state.gesture == Gesture::crop && ImGui::IsKeyPressed(ImGuiKey_Escape, false))
        abort_crop(view, state, out);
    for (const PointerEvent& event : all) {
        const PointF at{event.at.x * state.density, event.at.y * state.density};
        const Point cell{static_cast<int>(std::floor(at.x)), static_cast<int>(std::floor(at.y))};
        bool covered = false;
        for (const NamedRect& r : look().above_canvas_before)
            covered |= inside(r, event.at);
        state.over = !blocked && !covered && state.area.contains(cell);
        switch (event.kind) {
            case PointerKind::move:
                drag(view, state, event, at, out);
                break;
            case PointerKind::down:
                if (state.over && state.gesture == Gesture::none)
                    begin(view, state, event, at, out);
                // The middle button moves the picture under a stroke too.
                else if (state.gesture == Gesture::paint && event.button == 2)
                    state.space = true;
                break;
            case PointerKind::up:
                if (state.gesture != Gesture::none && event.button == state.button) {
                    if (state.gesture == Gesture::paint) out.push_back(session::EndStroke{});
                    end_on_comparison(view, state, at, out);
                    if (state.gesture == Gesture::select) end_select(view, state, at, out);
                    if (state.gesture == Gesture::mark) end_mark(view, state, at, out);
                    state.gesture = Gesture::none;
                }
                break;
            case PointerKind::wheel:
                if (state.over) wheel(view, state, event, at);
                break;
        }
        state.last = at;
        if (state.gesture != Gesture::crop)
            state.crop_grip = state.over ? crop_grip(view, state, at) : CropGrip{};
        state.over_handle = state.over && wipe_gesture(view, state, at, false) != Gesture::none;
    }
    keep_view(view, state, out);
}

bool canvas_command(Command command, const SessionView& view, CanvasState& state) {
    if (view.shown == nullptr) return false;
    const Panes panes = panes_of(view, state);
    PointF anchor{panes.b.x + panes.b.width / 2.0, panes.b.y + panes.b.height / 2.0};
    Rect pane = panes.b;
    if (state.over) {
        anchor = state.last;
        pane = pane_at(panes, anchor);
    }
    const auto zoom_to = [&](double zoom) {
        state.view = render::zoomed_at(state.view, pane, anchor, zoom / state.view.zoom);
        state.keep_fitted = false;
    };
    switch (command) {
        case Command::fit:
            state.keep_fitted = true;
            fit(view, state);
            return true;
        case Command::zoom_100:
            zoom_to(1);
            return true;
        case Command::zoom_200:
            zoom_to(2);
            return true;
        case Command::zoom_in:
            zoom_to(render::next_zoom_step(state.view.zoom, 1));
            return true;
        case Command::zoom_out:
            zoom_to(render::next_zoom_step(state.view.zoom, -1));
            return true;
        case Command::zoom_to_mask: {
            if (view.mask == nullptr) return true;
            const Rect bounds = view.mask->bounds();
            if (bounds.empty()) return true;
            state.view = render::fitted_to(bounds, panes.b, 64.0 * look().scale * state.density,
                                           state.view.turn);
            state.keep_fitted = false;
            return true;
        }
        case Command::turn_right:
        case Command::turn_left:
            state.view = render::turned_at(state.view, pane, anchor,
                                           command == Command::turn_right ? kTurn : -kTurn);
            return true;
        case Command::mirror_view:
            state.view = render::mirrored_at(state.view, pane, anchor);
            return true;
        case Command::upright:
            if (state.view.turn.mirrored)
                state.view = render::mirrored_at(state.view, pane, anchor);
            state.view = render::turned_at(state.view, pane, anchor, -state.view.turn.degrees);
            return true;
        case Command::keyboard_pointer:
            toggle_keyboard_pointer(state);
            return true;
        case Command::toggle_pixel_grid:
            state.pixel_grid = !state.pixel_grid;
            return true;
        default:
            return false;
    }
}

} // namespace mw::ui
