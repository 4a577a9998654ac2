#include "ui/keyboard_pointer.h"

#include <algorithm>

#include "embedded/icons.h"
#include "ui/canvas_marks.h"
#include "ui/look.h"
#include "ui/palette.h"
#include "ui/select_tools.h"

namespace mw::ui {
namespace {

using session::SessionView;
using session::Tool;

constexpr double kNear = 48; // design pixels of an edge: from there the picture comes along

bool pressed(ImGuiKey key, bool repeat) {
    return ImGui::IsKeyPressed(key, repeat);
}

PointerEvent event_at(const CanvasState& state, PointerKind kind, PointF at) {
    const ImGuiIO& io = ImGui::GetIO();
    PointerEvent event;
    event.kind = kind;
    event.at = {at.x / state.density, at.y / state.density};
    event.ctrl = io.KeyCtrl;
    event.shift = io.KeyShift;
    event.alt = io.KeyAlt;
    event.time = ImGui::GetTime();
    return event;
}

// Framebuffer pixels; the same place until the mouse or an arrow moves it.
PointF place(const CanvasState& state) {
    if (state.over) return state.last;
    return {state.area.x + state.area.width / 2.0, state.area.y + state.area.height / 2.0};
}

// How far the view moves along one axis so that what lies beyond its edge is seen: the pointer at
// `at` of a pane from `low` to `high`, the picture from `first` to `last`.
double pulled(double at, double low, double high, double first, double last, double near) {
    near = std::min(near, (high - low) / 4);
    if (at < low + near && first < low) return std::min(low + near - at, low - first);
    if (at > high - near && last > high) return std::max(high - near - at, high - last);
    return 0;
}

// Moves the picture under a pointer near an edge; the pointer's place thereafter.
PointF follow(const SessionView& view, CanvasState& state, PointF at) {
    const Rect pane = pane_at(panes_of(view, state), at);
    const Size size = view.shown->size();
    PointF low{1e9, 1e9}, high{-1e9, -1e9};
    for (const double x : {0.0, double(size.width)})
        for (const double y : {0.0, double(size.height)}) {
            const PointF p = render::to_screen(state.view, pane, {x, y});
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
    const double near = kNear * look().scale * state.density;
    const PointF pull{pulled(at.x, pane.x, pane.right(), low.x, high.x, near),
                      pulled(at.y, pane.y, pane.bottom(), low.y, high.y, near)};
    if (pull.x != 0 || pull.y != 0) {
        state.view = render::panned(state.view, pull);
        state.keep_fitted = false;
    }
    const Rect& area = state.area;
    return {std::clamp(at.x + pull.x, area.x + 0.5, area.right() - 0.5),
            std::clamp(at.y + pull.y, area.y + 0.5, area.bottom() - 0.5)};
}

// Which way the arrows went in this frame.
PointF steps() {
    PointF by;
    if (pressed(ImGuiKey_LeftArrow, true)) by.x -= 1;
    if (pressed(ImGuiKey_RightArrow, true)) by.x += 1;
    if (pressed(ImGuiKey_UpArrow, true)) by.y -= 1;
    if (pressed(ImGuiKey_DownArrow, true)) by.y += 1;
    return by;
}

// Enter closes these.
bool drawn_by_corners(const SessionView& view, const CanvasState& state) {
    return (view.tool == Tool::polygon && state.draft) ||
           (view.tool == Tool::scissors && view.selection.wire);
}

void let_go(CanvasState& state, std::vector<PointerEvent>& events) {
    state.keyboard.held = false;
    events.push_back(event_at(state, PointerKind::up, state.last));
}

} // namespace

void toggle_keyboard_pointer(CanvasState& state) {
    state.keyboard.on = !state.keyboard.on;
    state.keyboard.appears = state.keyboard.on;
}

bool shift_bends(const CanvasState& state) {
    return ImGui::GetIO().KeyShift && !state.keyboard.on;
}

void keyboard_pointer_events(const SessionView& view, CanvasState& state, bool keys,
                             std::vector<PointerEvent>& events) {
    KeyboardPointer& pointer = state.keyboard;
    if (view.document == nullptr || view.shown == nullptr) {
        pointer = {};
        return;
    }
    // What it held may have been dropped: by Esc, by undo, by another document.
    if (pointer.held && state.gesture == Gesture::none) pointer.held = false;
    if (pointer.held && !pointer.on) let_go(state, events);
    if (!pointer.on) return;
    if (std::exchange(pointer.appears, false))
        events.push_back(event_at(state, PointerKind::move, place(state)));
    if (!keys) return;

    const ImGuiIO& io = ImGui::GetIO();
    if (const PointF by = steps(); by.x != 0 || by.y != 0) {
        const double step = std::max(state.view.zoom, state.density) * (io.KeyShift  ? 10
                                                                        : io.KeyCtrl ? 100
                                                                                     : 1);
        const PointF from = place(state);
        const PointF at = follow(view, state, {from.x + by.x * step, from.y + by.y * step});
        events.push_back(event_at(state, PointerKind::move, at));
        state.last = at; // of the press, should one come in the same frame
        return;
    }
    const PointF at = place(state);
    const bool enter = pressed(ImGuiKey_Enter, false) || pressed(ImGuiKey_KeypadEnter, false);
    if (!io.KeyCtrl && pressed(ImGuiKey_Space, false) && !pointer.held) {
        events.push_back(event_at(state, PointerKind::down, at));
        events.push_back(event_at(state, PointerKind::up, at));
    } else if (!io.KeyCtrl && enter && pointer.held) {
        let_go(state, events);
    } else if (!io.KeyCtrl && enter && !drawn_by_corners(view, state)) {
        events.push_back(event_at(state, PointerKind::down, at));
        pointer.held = true;
    } else if (pressed(ImGuiKey_Escape, false) && io.KeyMods == 0 &&
               state.gesture == Gesture::none && !wants_escape(view, state) &&
               view.compare.mode == session::CompareMode::off) {
        pointer.on = false;
    }
}

void draw_keyboard_pointer(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    if (!state.keyboard.on || view.shown == nullptr) return;
    const ImVec2 c = in_window(state, place(state));
    const float w = std::max(1.0f, px(1)), gap = px(6), arm = px(18);
    for (const bool dark : {true, false}) {
        const ImU32 color = dark ? IM_COL32(0, 0, 0, 190) : over_picture::kAccent;
        const float width = dark ? 4 * w : 2 * w;
        list->AddLine({c.x - arm, c.y}, {c.x - gap, c.y}, color, width);
        list->AddLine({c.x + gap, c.y}, {c.x + arm, c.y}, color, width);
        list->AddLine({c.x, c.y - arm}, {c.x, c.y - gap}, color, width);
        list->AddLine({c.x, c.y + gap}, {c.x, c.y + arm}, color, width);
    }
    const char* words =
        state.keyboard.held
            ? "Held: arrows drag (Shift 10, Ctrl 100), Enter lets go, Esc drops"
            : "Arrows move (Shift 10, Ctrl 100), Space clicks, Enter holds, Esc ends";
    const ImVec2 size = plate_size(words, true);
    const Box area = in_window(state, state.area);
    // Above what else is said at the lower edge.
    const bool bar = view.compare.mode != session::CompareMode::off;
    const ImVec2 at{area.min.x + px(12), area.max.y - 2 * size.y - px(bar ? 80 : 20)};
    plate(list, at, words, false, icons::kKeyboard);
    name_rect("canvas.keyboard", at, {at.x + size.x, at.y + size.y});
}

} // namespace mw::ui
