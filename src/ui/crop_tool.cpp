#include "ui/crop_tool.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "ui/canvas_marks.h"
#include "ui/look.h"
#include "ui/palette.h"
#include "ui/request_panel.h"

namespace mw::ui {
namespace {

using session::SessionView;
using session::Tool;

constexpr double kReach = 9;   // design pixels from an edge that take hold of it
constexpr double kShake = 3;   // design pixels a press may move without dragging
constexpr double kTwice = 0.4; // seconds between the presses of a double click
constexpr std::size_t kMostDimmed = 12;

double design(const CanvasState& state) {
    return look().scale * state.density;
}

void set_crop(const SessionView& view, std::optional<Rect> crop, session::Actions& out) {
    if (view.request.crop == crop) return;
    session::RequestSettings next = view.request;
    next.crop = crop;
    out.push_back(session::SetRequest{next});
}

// What no crop shows is dimmed a little: it stays judgeable.
void dim_outside(ImDrawList* list, const SessionView& view, const CanvasState& state,
                 const Rect& pane) {
    constexpr ImU32 kDim = IM_COL32(0, 0, 0, 44);
    const Rect picture = view.shown->rect();
    if (view.plan.size() > kMostDimmed) return;
    std::vector<int> xs{picture.x, picture.right()}, ys{picture.y, picture.bottom()};
    for (const edit::PlannedPart& part : view.plan) {
        const Rect crop = intersect(part.plan.crop, picture);
        xs.insert(xs.end(), {crop.x, crop.right()});
        ys.insert(ys.end(), {crop.y, crop.bottom()});
    }
    std::sort(xs.begin(), xs.end());
    std::sort(ys.begin(), ys.end());
    for (std::size_t j = 0; j + 1 < ys.size(); ++j) {
        int from = xs.front(); // of a run of cells outside every crop
        for (std::size_t i = 0; i + 1 <= xs.size(); ++i) {
            const bool end = i + 1 == xs.size();
            bool inside = end;
            for (const edit::PlannedPart& part : view.plan)
                inside |= !end && part.plan.crop.contains(Point{xs[i], ys[j]});
            if (!inside) continue;
            const int to = xs[i];
            const Rect cell = Rect::from_edges(from, ys[j], to, ys[j + 1]);
            if (!cell.empty()) {
                const Quad quad = image_quad(state, pane, cell);
                list->AddQuadFilled(quad[0], quad[1], quad[2], quad[3], kDim);
            }
            from = end ? to : xs[i + 1];
        }
    }
}

void draw_handles(ImDrawList* list, const Quad& quad) {
    const auto knob = [&](ImVec2 at) {
        list->AddCircleFilled(at, px(5), over_picture::kHandle, 16);
        list->AddCircleFilled(at, px(3.5f), IM_COL32(255, 255, 255, 240), 16);
    };
    for (std::size_t i = 0; i < 4; ++i) {
        const ImVec2 a = quad[i], b = quad[(i + 1) % 4];
        knob(a);
        knob({(a.x + b.x) / 2, (a.y + b.y) / 2});
    }
}

// Above the crop, within the clip.
void draw_numbers(ImDrawList* list, const edit::CropPlan& plan, const Box& box) {
    const std::string words =
        fmt::format("{} × {} px · sends {}", plan.crop.width, plan.crop.height, plan_words(plan));
    const ImVec2 size = plate_size(words), low = list->GetClipRectMin(),
                 high = list->GetClipRectMax();
    ImVec2 at{box.min.x, box.min.y - size.y - px(8)};
    if (at.y < low.y + px(4)) at.y = std::max(box.min.y, low.y) + px(10);
    at.x = std::clamp(at.x, low.x + px(4), std::max(low.x + px(4), high.x - size.x - px(4)));
    plate(list, at, words, false);
}

} // namespace

CropGrip crop_grip(const SessionView& view, const CanvasState& state, PointF at) {
    if (view.tool != Tool::crop || view.shown == nullptr || view.plan.size() != 1 ||
        effective_compare(view) != session::CompareMode::off)
        return {};
    const Rect& crop = view.plan[0].plan.crop;
    const PointF p = image_point(view, state, at);
    const double reach = kReach * design(state) / state.view.zoom;
    if (p.x < crop.x - reach || p.x > crop.right() + reach || p.y < crop.y - reach ||
        p.y > crop.bottom() + reach)
        return {};
    // Of a small crop the nearer edge is meant.
    CropGrip grip;
    const double left = std::abs(p.x - crop.x), right = std::abs(p.x - crop.right());
    const double top = std::abs(p.y - crop.y), bottom = std::abs(p.y - crop.bottom());
    (left <= right ? grip.left : grip.right) = std::min(left, right) <= reach;
    (top <= bottom ? grip.top : grip.bottom) = std::min(top, bottom) <= reach;
    return grip.any() ? grip : CropGrip{true, true, true, true};
}

void begin_crop(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at,
                session::Actions& out) {
    const bool near_last = std::hypot(at.x - state.crop_press.x, at.y - state.crop_press.y) <=
                           2 * kShake * design(state);
    const bool twice = near_last && event.time - state.crop_pressed_at < kTwice &&
                       event.time > state.crop_pressed_at;
    state.crop_press = at;
    state.crop_pressed_at = event.time;
    if (twice) {
        state.crop_pressed_at = 0;
        return set_crop(view, {}, out);
    }
    state.crop_grip = crop_grip(view, state, at);
    if (!state.crop_grip.any()) return;
    state.gesture = Gesture::crop;
    state.crop_moved = false;
    state.crop_start = view.plan[0].plan.crop;
    state.crop_before = view.request.crop;
}

void drag_crop(const SessionView& view, CanvasState& state, PointF at, session::Actions& out) {
    if (std::hypot(at.x - state.anchor.x, at.y - state.anchor.y) > kShake * design(state))
        state.crop_moved = true;
    if (!state.crop_moved) return;
    const PointF from = image_point(view, state, state.anchor), to = image_point(view, state, at);
    const int dx = static_cast<int>(std::lround(to.x - from.x));
    const int dy = static_cast<int>(std::lround(to.y - from.y));
    const Rect& start = state.crop_start;
    const Size all = view.shown->size();
    const CropGrip& grip = state.crop_grip;
    Rect wanted = start;
    if (grip.all()) {
        wanted.x = std::clamp(start.x + dx, 0, std::max(0, all.width - start.width));
        wanted.y = std::clamp(start.y + dy, 0, std::max(0, all.height - start.height));
    } else {
        int left = start.x, top = start.y, right = start.right(), bottom = start.bottom();
        if (grip.left) left = std::clamp(left + dx, 0, right - 1);
        if (grip.right) right = std::clamp(right + dx, left + 1, all.width);
        if (grip.top) top = std::clamp(top + dy, 0, bottom - 1);
        if (grip.bottom) bottom = std::clamp(bottom + dy, top + 1, all.height);
        wanted = Rect::from_edges(left, top, right, bottom);
    }
    set_crop(view, wanted, out);
}

void abort_crop(const SessionView& view, CanvasState& state, session::Actions& out) {
    if (state.crop_moved) set_crop(view, state.crop_before, out);
    state.gesture = Gesture::none;
}

void draw_crops(ImDrawList* list, const SessionView& view, const CanvasState& state,
                const Rect& pane) {
    const bool tool = view.tool == Tool::crop;
    dim_outside(list, view, state, pane);
    int number = 0;
    for (const edit::PlannedPart& part : view.plan) {
        const Quad quad = image_quad(state, pane, part.plan.crop);
        const Box box = bounds_of(quad);
        outline(list, quad, tool ? over_picture::kAccent : IM_COL32(255, 255, 255, 220), true);
        name_rect(number == 0 ? "canvas.crop" : fmt::format("canvas.crop.{}", number + 1), box.min,
                  box.max);
        ++number;
        if (!tool) continue;
        if (view.plan.size() == 1) draw_handles(list, quad);
        draw_numbers(list, part.plan, box);
    }
}

ImGuiMouseCursor crop_cursor(const CropGrip& grip, const render::Turn& turn) {
    if (!grip.any()) return ImGuiMouseCursor_Arrow;
    if (grip.all()) return ImGuiMouseCursor_ResizeAll;
    const PointF out{double(grip.right) - double(grip.left),
                     double(grip.bottom) - double(grip.top)};
    const PointF v = render::turned(turn, out);
    const int eighth = static_cast<int>(std::lround(std::atan2(v.y, v.x) * 4 / std::numbers::pi));
    switch ((eighth + 8) % 4) {
        case 0:
            return ImGuiMouseCursor_ResizeEW;
        case 1:
            return ImGuiMouseCursor_ResizeNWSE;
        case 2:
            return ImGuiMouseCursor_ResizeNS;
        default:
            return ImGuiMouseCursor_ResizeNESW;
    }
}

} // namespace mw::ui
