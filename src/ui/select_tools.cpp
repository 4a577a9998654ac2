#include "ui/select_tools.h"

#include <imgui.h>

#include <cmath>

#include "image/color.h"
#include "ui/keyboard_pointer.h"
#include "ui/look.h"

namespace mw::ui {
namespace {

using session::Actions;
using session::CombineMode;
using session::SessionView;
using session::Tool;

constexpr double kShake = 3;    // design pixels a press may move without dragging
constexpr double kTwice = 0.4;  // seconds between the presses of a double click
constexpr double kReach = 8;    // design pixels from the first point that close a line
constexpr double kScribble = 6; // design pixels, the radius of a scribble
constexpr std::size_t kMostPoints = 4'000'000;

double design(const CanvasState& state) {
    return look().scale * state.density;
}

double distance(PointF a, PointF b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

Point pixel(PointF p) {
    const auto whole = [](double v) {
        return static_cast<int>(std::floor(std::clamp(v, -1e9, 1e9)));
    };
    return {whole(p.x), whole(p.y)};
}

PointF screen(const SessionView& view, const CanvasState& state, PointF image) {
    return render::to_screen(state.view, panes_of(view, state).b, image);
}

bool is_marquee(Tool tool) {
    return tool == Tool::rectangle || tool == Tool::ellipse;
}

void close_polygon(CanvasState& state, Actions& out) {
    if (!state.draft) return;
    SelectDraft draft = std::move(*state.draft);
    state.draft.reset();
    if (draft.points.size() < 3) return;
    out.push_back(session::Select{worker::PolygonShape{std::move(draft.points)}, draft.mode});
}

// One more corner; a second press on the same spot or one near the first corner closes.
void press_polygon(const SessionView& view, CanvasState& state, PointF at, PointF image, bool twice,
                   CombineMode mode, Actions& out) {
    if (!state.draft) {
        state.draft.emplace();
        state.draft->tool = Tool::polygon;
        state.draft->mode = mode;
        state.draft->points = {image};
        return;
    }
    auto& points = state.draft->points;
    const bool at_start = points.size() > 2 && distance(screen(view, state, points.front()), at) <=
                                                   kReach * design(state);
    if (twice || at_start) return close_polygon(state, out);
    points.push_back(image);
}

void press_wire(const SessionView& view, CanvasState& state, PointF at, PointF image, bool twice,
                CombineMode mode, Actions& out) {
    const auto& wire = view.selection.wire;
    if (!wire) {
        state.draft.emplace(); // remembers the mode
        state.draft->tool = Tool::scissors;
        state.draft->mode = mode;
    } else {
        const Point first = wire->anchors.front();
        const bool at_start = wire->anchors.size() > 1 &&
                              distance(screen(view, state, {first.x + 0.5, first.y + 0.5}), at) <=
                                  kReach * design(state);
        if (twice || at_start) {
            out.push_back(session::WireClose{state.draft ? state.draft->mode : mode});
            state.draft.reset();
            return;
        }
    }
    out.push_back(session::WireAnchor{pixel(image)});
}

// At the click itself: what lies under it is sampled.
void press_sample(const SessionView& view, PointF image, CombineMode mode, Actions& out) {
    const Point at = pixel(image);
    if (!view.shown->rect().contains(at)) return;
    if (view.tool == Tool::wand) {
        select::WandParams params;
        params.at = at;
        out.push_back(session::Select{params, mode});
    } else if (view.tool == Tool::color_range) {
        select::ColorRangeParams params;
        params.at = {at};
        out.push_back(session::Select{params, mode});
    } else {
        session::SelectSettings settings = view.selection.settings;
        constexpr double kEachSide = 8;
        const double lightness = lightness_at(view, at);
        settings.low = std::max(0.0, lightness - kEachSide);
        settings.high = std::min(100.0, lightness + kEachSide);
        out.push_back(session::SetSelect{settings});
        out.push_back(session::Select{select::LuminanceRangeParams{}, mode});
    }
}

void select_box(const SelectDraft& draft, Actions& out) {
    const mask::RectF box = marquee(draft);
    if (draft.tool == Tool::rectangle)
        out.push_back(session::Select{worker::RectangleShape{box}, draft.mode});
    else
        out.push_back(session::Select{worker::EllipseShape{box}, draft.mode});
}

void finish_smart(const CanvasState& state, SelectDraft& draft, Actions& out) {
    if (state.smart_hand == SmartHand::asked) {
        const mask::StrokeSample& at = draft.line.front();
        out.push_back(session::ClickSelect{
            {{pixel({at.x, at.y}), draft.hand != SmartHand::outside}}, draft.mode});
        return;
    }
    // A click on an object is a dot of a scribble.
    if (draft.hand != SmartHand::box || !draft.moved) {
        session::ScribbleObject scribble;
        scribble.line = std::move(draft.line);
        scribble.radius_px = kScribble * design(state) / state.view.zoom;
        scribble.outside = draft.hand == SmartHand::outside;
        scribble.mode = draft.mode;
        out.push_back(std::move(scribble));
        return;
    }
    const mask::RectF r = marquee(draft);
    const Point from = pixel({r.x, r.y});
    const Point to = pixel({std::ceil(r.x + r.width), std::ceil(r.y + r.height)});
    select::SmartSelectParams params;
    params.box = Rect::from_edges(from.x, from.y, to.x, to.y);
    out.push_back(session::Select{std::move(params), draft.mode});
}

// The first whole pixel edge: a marquee lies on the picture's grid.
PointF on_grid(PointF p) {
    return {std::round(p.x), std::round(p.y)};
}

} // namespace

CombineMode mode_in_hand(const SessionView& view, bool shift, bool alt, bool right_button) {
    if (shift && alt) return CombineMode::intersect;
    if (shift) return CombineMode::add;
    if (alt || right_button) return CombineMode::subtract;
    return view.selection.settings.mode;
}

mask::RectF marquee(const SelectDraft& draft) {
    if (draft.points.size() < 2) return {};
    const PointF a = draft.points[0];
    double dx = draft.points[1].x - a.x, dy = draft.points[1].y - a.y;
    if (draft.square) {
        const double side = std::max(std::abs(dx), std::abs(dy));
        dx = std::copysign(side, dx);
        dy = std::copysign(side, dy);
    }
    if (draft.from_centre)
        return {a.x - std::abs(dx), a.y - std::abs(dy), 2 * std::abs(dx), 2 * std::abs(dy)};
    return {std::min(a.x, a.x + dx), std::min(a.y, a.y + dy), std::abs(dx), std::abs(dy)};
}

double lightness_at(const SessionView& view, Point at) {
    const image::ImageView whole = view.shown->view();
    image::Image one({1, 1}, whole.format);
    std::memcpy(one.bytes().data(),
                whole.row_bytes(at.y) + std::ptrdiff_t{at.x} * whole.format.bytes(),
                static_cast<std::size_t>(whole.format.bytes()));
    const image::Image shown = view.display.to_display(one.view());
    const float* p = shown.view().pixel<float>(0, 0);
    const bool color = whole.format.color_channels() == 3;
    const auto linear = [&](int c) { return image::srgb_to_linear(p[color ? c : 0]); };
    return image::linear_to_lab({linear(0), linear(1), linear(2)})[0];
}

void begin_select(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at,
                  Actions& out) {
    const PointF image = image_point(view, state, at);
    const bool right = event.button == 1;
    const CombineMode mode = mode_in_hand(view, event.shift, event.alt, right);
    const bool twice = distance(at, state.pressed) <= 2 * kShake * design(state) &&
                       event.time > state.pressed_at && event.time - state.pressed_at < kTwice;
    state.pressed = at;
    state.pressed_at = twice ? 0 : event.time;
    switch (view.tool) {
        case Tool::polygon:
            return press_polygon(view, state, at, image, twice, mode, out);
        case Tool::scissors:
            return press_wire(view, state, at, image, twice, mode, out);
        case Tool::wand:
        case Tool::color_range:
        case Tool::luminance_range:
            return press_sample(view, image, mode, out);
        default:
            break;
    }
    SelectDraft draft;
    draft.tool = view.tool;
    draft.mode = mode;
    draft.press = at;
    draft.shift_free = !event.shift;
    draft.alt_free = !event.alt;
    if (view.tool == Tool::smart) {
        draft.hand = right ? SmartHand::outside : state.smart_hand;
        if (right) draft.mode = view.selection.settings.mode;
        draft.line = {{image.x, image.y, event.pressure, event.time}};
    }
    const PointF start = view.tool == Tool::lasso ? image : on_grid(image);
    draft.points = {start};
    if (view.tool != Tool::lasso) draft.points.push_back(start);
    state.draft = std::move(draft);
    state.gesture = Gesture::select;
}

void move_select(const SessionView& view, CanvasState& state, PointF at, Actions& out) {
    const PointF image = image_point(view, state, at);
    if (view.tool == Tool::scissors && view.selection.wire && state.over)
        out.push_back(session::WireTo{pixel(image)});
    if (state.gesture != Gesture::select || !state.draft) return;
    SelectDraft& draft = *state.draft;
    draft.moved |= distance(at, draft.press) > kShake * design(state);
    if (draft.tool == Tool::lasso) {
        if (draft.points.size() < kMostPoints && !(draft.points.back() == image))
            draft.points.push_back(image);
    } else if (draft.hand != SmartHand::box) {
        if (draft.line.size() < kMostPoints) draft.line.push_back({image.x, image.y, 1, 0});
    } else {
        const PointF to = on_grid(image);
        if (state.space) { // the marquee moves with the hand
            draft.points[0].x += to.x - draft.points[1].x;
            draft.points[0].y += to.y - draft.points[1].y;
        }
        draft.points[1] = to;
    }
}

void end_select(const SessionView& view, CanvasState& state, PointF at, Actions& out) {
    move_select(view, state, at, out);
    state.gesture = Gesture::none;
    if (!state.draft) return;
    SelectDraft draft = std::move(*state.draft);
    state.draft.reset();
    if (draft.tool == Tool::smart) return finish_smart(state, draft, out);
    if (is_marquee(draft.tool)) {
        const mask::RectF box = marquee(draft);
        if (draft.moved && box.width > 0 && box.height > 0) return select_box(draft, out);
    } else if (draft.moved && draft.points.size() > 2) {
        return out.push_back(
            session::Select{worker::PolygonShape{std::move(draft.points)}, draft.mode});
    }
    // A click beside takes the selection away.
    if (!draft.moved && draft.mode == CombineMode::replace && view.mask != nullptr &&
        !view.mask->empty())
        out.push_back(session::ClearMask{});
}

void select_keys(const SessionView& view, CanvasState& state, Actions& out) {
    const ImGuiIO& io = ImGui::GetIO();
    if (state.draft && state.gesture == Gesture::select) {
        SelectDraft& draft = *state.draft;
        draft.shift_free |= !io.KeyShift;
        draft.alt_free |= !io.KeyAlt;
        draft.square = draft.shift_free && shift_bends(state);
        draft.from_centre = draft.alt_free && io.KeyAlt;
    }
    const bool polygon = state.draft && state.draft->tool == Tool::polygon;
    const auto& wire = view.selection.wire;
    if (ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
        ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false)) {
        if (polygon && io.KeyMods == 0) close_polygon(state, out);
        if (wire && io.KeyMods == 0) {
            out.push_back(
                session::WireClose{state.draft ? state.draft->mode : view.selection.settings.mode});
            state.draft.reset();
        }
    }
    if (ImGui::IsKeyPressed(ImGuiKey_Backspace, true)) {
        if (polygon) {
            state.draft->points.pop_back();
            if (state.draft->points.empty()) state.draft.reset();
        }
        if (wire) out.push_back(session::WireBack{});
    }
    if (!ImGui::IsKeyPressed(ImGuiKey_Escape, false) || io.KeyMods != 0) return;
    const bool drawing = state.draft.has_value() || wire.has_value();
    if (state.gesture == Gesture::select) state.gesture = Gesture::none;
    state.draft.reset();
    const session::SelectionView& s = view.selection;
    // What is drawn goes first; pressed again, what is worked on.
    if (wire || (!drawing && (s.previewing || !s.working.empty())))
        out.push_back(session::CancelMaskWork{});
}

bool wants_escape(const SessionView& view, const CanvasState& state) {
    const session::SelectionView& s = view.selection;
    return state.draft || s.wire || s.previewing || !s.working.empty() || state.marks.draft ||
           (view.tool == Tool::markup && state.marks.picked != 0);
}

void follow_select(const SessionView& view, CanvasState& state) {
    if (!state.draft) return;
    const bool wired = state.draft->tool == Tool::scissors && !view.selection.wire &&
                       state.gesture == Gesture::none;
    if (view.tool == state.draft->tool && view.shown != nullptr && !wired) return;
    if (state.gesture == Gesture::select) state.gesture = Gesture::none;
    state.draft.reset();
}

} // namespace mw::ui
