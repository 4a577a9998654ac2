// What is drawn over the picture: crop, wipe line, labels, brush outline.
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>
#include <numbers>

#include "embedded/icons.h"
#include "ui/canvas_marks.h"
#include "ui/canvas_panel.h"
#include "ui/compare_bar.h"
#include "ui/compare_words.h"
#include "ui/crop_tool.h"
#include "ui/keyboard_pointer.h"
#include "ui/look.h"
#include "ui/markup_marks.h"
#include "ui/palette.h"
#include "ui/select_marks.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;
using session::Tool;

// The edges of the picture's pixels, where those are large enough to be told apart.
void draw_pixel_grid(ImDrawList* list, const SessionView& view, const CanvasState& state,
                     const Rect& pane) {
    constexpr double kFrom = 8;
    constexpr ImU32 kLine = IM_COL32(128, 128, 128, 90);
    if (state.view.zoom < kFrom || !state.pixel_grid) return;
    // The picture's part under the pane's corners.
    Rect seen;
    for (const Point& corner : {Point{pane.x, pane.y}, Point{pane.right(), pane.y},
                                Point{pane.x, pane.bottom()}, Point{pane.right(), pane.bottom()}}) {
        const PointF p = render::to_image(state.view, pane, {double(corner.x), double(corner.y)});
        seen = unite(seen,
                     {static_cast<int>(std::floor(p.x)), static_cast<int>(std::floor(p.y)), 1, 1});
    }
    seen = intersect(seen, view.shown->rect());
    if (seen.empty()) return;
    const bool straight = state.view.turn.none();
    const PointF origin = straight ? render::drawn_origin(state.view, pane) : PointF{};
    const auto at = [&](int x, int y) {
        const PointF p =
            straight ? PointF{origin.x + x * state.view.zoom, origin.y + y * state.view.zoom}
                     : render::to_screen(state.view, pane, {double(x), double(y)});
        return in_window(state, p);
    };
    for (int x = seen.x; x <= seen.right(); ++x)
        list->AddLine(at(x, seen.y), at(x, seen.bottom()), kLine, 1);
    for (int y = seen.y; y <= seen.bottom(); ++y)
        list->AddLine(at(seen.x, y), at(seen.right(), y), kLine, 1);
}

void draw_labels(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const Panes panes = panes_of(view, state);
    const project::IterationId shown = view.document->shown;
    const Box b = in_window(state, panes.b);
    const float m = px(12);
    if (state.hold_original) {
        plate(list, {b.min.x + m, b.min.y + m}, "Original", false, icons::kVisibility);
        return;
    }
    if (effective_compare(view) != CompareMode::off)
        draw_comparison_labels(list, view, state);
    else if (view.compare.mode != CompareMode::off)
        plate(list, {b.min.x + m, b.min.y + m}, nothing_to_compare(view), false, icons::kInfo);
    else if (shown != view.document->base)
        plate(list, {b.min.x + m, b.min.y + m}, "Proposal " + iteration_words(shown), false,
              icons::kAutoAwesome);
}

void draw_wipe(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const double scale = look().scale * state.density;
    const WipeHandles h = wipe_handles(view.compare, state.area, scale);
    const double reach = state.area.width + state.area.height;
    const auto along = [&](double t) {
        return in_window(state, PointF{h.move.x + h.direction.x * t, h.move.y + h.direction.y * t});
    };
    const Box area = in_window(state, state.area);
    list->PushClipRect(area.min, area.max, true);
    list->AddLine(along(-reach), along(reach), IM_COL32(0, 0, 0, 150), px(3));
    list->AddLine(along(-reach), along(reach), IM_COL32(255, 255, 255, 230), px(1));
    const ImVec2 center = in_window(state, h.move), turn = in_window(state, h.turn);
    list->AddCircleFilled(center, px(15), over_picture::kHandle, 32);
    list->AddCircle(center, px(15), IM_COL32(255, 255, 255, 230), 32, px(1.5f));
    // Two arrows across the line.
    const ImVec2 n{static_cast<float>(-h.direction.y), static_cast<float>(h.direction.x)};
    const ImVec2 d{static_cast<float>(h.direction.x), static_cast<float>(h.direction.y)};
    for (const float side : {-1.0f, 1.0f}) {
        const auto at = [&](float out, float up) {
            return ImVec2{center.x + n.x * side * px(out) + d.x * px(up),
                          center.y + n.y * side * px(out) + d.y * px(up)};
        };
        list->AddTriangleFilled(at(10, 0), at(4.5f, 4.5f), at(4.5f, -4.5f),
                                IM_COL32(255, 255, 255, 240));
    }
    list->AddCircleFilled(turn, px(7), over_picture::kHandle, 24);
    list->AddCircle(turn, px(7), IM_COL32(255, 255, 255, 230), 24, px(1.5f));
    list->PopClipRect();
    const auto box = [](ImVec2 c, float r) { return Box{{c.x - r, c.y - r}, {c.x + r, c.y + r}}; };
    const Box move_box = box(center, px(15)), turn_box = box(turn, px(10));
    name_rect("wipe.handle", move_box.min, move_box.max);
    name_rect("wipe.turn", turn_box.min, turn_box.max);
}

void ring(ImDrawList* list, ImVec2 c, float radius, ImU32 color, float width, bool dashed) {
    if (!dashed) {
        list->AddCircle(c, radius, color, 0, width);
        return;
    }
    const int parts = std::clamp(static_cast<int>(radius / px(3)), 8, 64);
    for (int i = 0; i < parts; ++i) {
        const float from =
            2 * std::numbers::pi_v<float> * static_cast<float>(i) / static_cast<float>(parts);
        list->PathArcTo(c, radius, from,
                        from + std::numbers::pi_v<float> / static_cast<float>(parts), 6);
        list->PathStroke(color, 0, width);
    }
}

void draw_brush(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const bool shaping = state.gesture == Gesture::brush_shape;
    const ImVec2 c = in_window(state, shaping ? state.anchor : state.last);
    const float radius = static_cast<float>(view.brush.radius_px * state.view.zoom / state.density);
    constexpr ImU32 kDark = IM_COL32(0, 0, 0, 190), kLight = IM_COL32(255, 255, 255, 235);
    const float w = std::max(1.0f, px(1));
    if (radius >= px(3)) {
        ring(list, c, radius + w, kDark, w, false);
        ring(list, c, radius, kLight, w, false);
        const float core = radius * static_cast<float>(view.brush.hardness);
        if (core > px(4) && view.brush.hardness < 0.98) {
            ring(list, c, core + w * 0.5f, kDark, w, true);
            ring(list, c, core, IM_COL32(255, 255, 255, 160), w, true);
        }
    }
    const bool erase = view.tool == Tool::eraser || state.erase_key ||
                       (state.gesture == Gesture::paint && state.button == 1);
    const float arm = px(radius < px(3) ? 7 : 4);
    list->AddLine({c.x - arm, c.y}, {c.x + arm, c.y}, kDark, px(3));
    if (!erase) list->AddLine({c.x, c.y - arm}, {c.x, c.y + arm}, kDark, px(3));
    list->AddLine({c.x - arm, c.y}, {c.x + arm, c.y}, kLight, w);
    if (!erase) list->AddLine({c.x, c.y - arm}, {c.x, c.y + arm}, kLight, w);
    if (shaping)
        plate(list, {c.x + px(16), c.y + px(16)},
              fmt::format("{:.0f} px · {:.0f} %", 2 * view.brush.radius_px,
                          100 * view.brush.hardness),
              false);
}

// Where a stroke with clone or heal takes the picture from: a cross in a ring of the brush's size.
void draw_clone_source(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const session::CloneSource& clone = view.clone;
    const Rect pane = pane_at(panes_of(view, state), state.last);
    if (!clone.point) {
        if (state.over) {
            const ImVec2 c = in_window(state, state.last);
            plate(list, {c.x + px(16), c.y + px(16)}, "Alt+click the source", false);
        }
        return;
    }
    PointF at{clone.point->x + 0.5, clone.point->y + 0.5};
    if (clone.offset && state.over) {
        const PointF pointer = image_point(view, state, state.last);
        at = {pointer.x + clone.offset->x, pointer.y + clone.offset->y};
    }
    const ImVec2 c = in_window(state, render::to_screen(state.view, pane, at));
    const float radius = static_cast<float>(view.brush.radius_px * state.view.zoom / state.density);
    constexpr ImU32 kDark = IM_COL32(0, 0, 0, 190), kLight = IM_COL32(255, 255, 255, 235);
    const float w = std::max(1.0f, px(1)), arm = px(9);
    if (radius >= px(4)) {
        ring(list, c, radius + w, kDark, w, true);
        ring(list, c, radius, kLight, w, true);
    }
    for (const auto& [color, width] : {std::pair{kDark, px(3)}, std::pair{kLight, w}}) {
        list->AddLine({c.x - arm, c.y}, {c.x + arm, c.y}, color, width);
        list->AddLine({c.x, c.y - arm}, {c.x, c.y + arm}, color, width);
    }
    name_rect("clone.source", {c.x - arm, c.y - arm}, {c.x + arm, c.y + arm});
}

// Why there is nothing to drag.
void draw_crop_hint(ImDrawList* list, const SessionView& view, const Box& area) {
    const char* words = effective_compare(view) != CompareMode::off
                            ? "The crop is set on one picture: Y ends the comparison"
                        : view.plan.empty() ? "Paint first: the crop is planned around the mask"
                        : view.plan.size() > 1
                            ? "Several requests: choose Together to set one crop by hand"
                            : nullptr;
    if (words == nullptr) return;
    const ImVec2 size = plate_size(words, true);
    plate(list, {(area.min.x + area.max.x - size.x) / 2, area.max.y - size.y - px(12)}, words,
          false, icons::kCrop);
}

} // namespace

void draw_canvas_overlay(const SessionView& view, CanvasState& state) {
    const Box area = in_window(state, state.area);
    name_rect("canvas", area.min, area.max);
    if (view.document == nullptr || view.shown == nullptr) return;
    ImDrawList* list = ImGui::GetBackgroundDrawList();
    const Panes panes = panes_of(view, state);
    const CompareMode mode = effective_compare(view);
    for (const Rect& pane : {panes.a, panes.b}) {
        if (pane.empty()) continue;
        const Box box = in_window(state, pane);
        name_rect(pane == panes.b ? "canvas.pane_b" : "canvas.pane_a", box.min, box.max);
        list->PushClipRect(box.min, box.max, true);
        draw_pixel_grid(list, view, state, pane);
        const bool crops =
            overlay_shown(view, state) || (view.tool == Tool::crop && !state.hold_original);
        if (!view.plan.empty() && crops && mode == CompareMode::off)
            draw_crops(list, view, state, pane);
        draw_select_marks(list, view, state, pane);
        if (mode == CompareMode::off && !state.hold_original &&
            (overlay_shown(view, state) || view.tool == Tool::markup))
            draw_marks(list, view, state, pane);
        list->PopClipRect();
    }
    if (mode == CompareMode::wipe && !state.hold_original) draw_wipe(list, view, state);
    if (!state.hold_original) draw_comparison_marks(list, view, state);
    list->PushClipRect(area.min, area.max, true);
    draw_labels(list, view, state);
    if (view.preview && !view.trial)
        plate(list, {(area.min.x + area.max.x) / 2 + px(50), area.min.y + px(12)}, "Preview", true,
              icons::kHourglassEmpty);
    if (view.tool == Tool::crop) draw_crop_hint(list, view, area);
    draw_mask_work(list, view, state);
    const bool selects = session::is_selecting(view.tool);
    const bool marks = view.tool == Tool::markup;
    const bool paints = view.tool != Tool::pan && view.tool != Tool::crop && !selects && !marks;
    if (state.over && (selects || marks) && !state.space && !state.over_handle &&
        (state.gesture == Gesture::none || state.gesture == Gesture::select ||
         state.gesture == Gesture::mark))
        draw_select_cursor(list, view, state);
    if (state.over && paints) draw_straight_line(list, view, state);
    const bool painting = paints && !state.space && !state.over_handle &&
                          mode != CompareMode::sheet && !state.compare.line_armed &&
                          (state.gesture == Gesture::none || state.gesture == Gesture::paint);
    if (session::is_cloning(view.tool) && painting && mode == CompareMode::off)
        draw_clone_source(list, view, state);
    if ((state.over && painting) || state.gesture == Gesture::brush_shape)
        draw_brush(list, view, state);
    draw_keyboard_pointer(list, view, state);
    list->PopClipRect();
}

} // namespace mw::ui
