#include "ui/select_marks.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "embedded/icons.h"
#include "mask/outline.h"
#include "ui/canvas_marks.h"
#include "ui/look.h"
#include "ui/palette.h"
#include "ui/select_tools.h"

namespace mw::ui {
namespace {

using session::CombineMode;
using session::SessionView;
using session::Tool;

constexpr ImU32 kDark = IM_COL32(0, 0, 0, 170), kLight = IM_COL32(255, 255, 255, 240);
constexpr ImU32 kInside = IM_COL32(126, 224, 152, 235), kOutside = IM_COL32(255, 120, 105, 235);
constexpr std::size_t kMostSegments = 6000;
constexpr double kWorthSaying = 0.3; // seconds

// Points of the picture as a line on the screen, thinned to what can be told apart.
class ScreenLine {
  public:
    ScreenLine(const CanvasState& state, const Rect& pane) : state_(state), pane_(pane) {}

    void add(PointF image) {
        const ImVec2 p = in_window(state_, render::to_screen(state_.view, pane_, image));
        if (!points_.empty()) {
            const ImVec2 d{p.x - points_.back().x, p.y - points_.back().y};
            if (d.x * d.x + d.y * d.y < 1) return;
        }
        points_.push_back(p);
    }
    // Light on dark: seen on any picture.
    void stroke(ImDrawList* list, ImU32 light, bool closed = false) const {
        const float w = std::max(1.0f, px(1));
        const auto flags = closed ? ImDrawFlags_Closed : ImDrawFlags_None;
        const int n = static_cast<int>(points_.size());
        list->AddPolyline(points_.data(), n, kDark, flags, 3 * w);
        list->AddPolyline(points_.data(), n, light, flags, w);
    }
    void stroke_wide(ImDrawList* list, ImU32 color, float width) const {
        list->AddPolyline(points_.data(), static_cast<int>(points_.size()), color, 0, width);
        for (const ImVec2& end : {points_.front(), points_.back()})
            list->AddCircleFilled(end, width / 2, color, 12);
    }
    bool empty() const { return points_.empty(); }

  private:
    const CanvasState& state_;
    const Rect& pane_;
    std::vector<ImVec2> points_;
};

void knob(ImDrawList* list, ImVec2 at, bool large = false) {
    list->AddCircleFilled(at, px(large ? 5.5f : 4), kDark, 16);
    list->AddCircleFilled(at, px(large ? 4 : 2.5f), kLight, 16);
}

void draw_marquee(ImDrawList* list, const CanvasState& state, const Rect& pane,
                  const SelectDraft& draft) {
    const mask::RectF box = marquee(draft);
    ScreenLine line(state, pane);
    if (draft.tool == Tool::ellipse) {
        constexpr int kParts = 96;
        for (int i = 0; i < kParts; ++i) {
            const double a = 2 * std::numbers::pi * i / kParts;
            line.add({box.x + box.width / 2 * (1 + std::cos(a)),
                      box.y + box.height / 2 * (1 + std::sin(a))});
        }
    } else {
        for (const PointF& p : {PointF{box.x, box.y},
                                {box.x + box.width, box.y},
                                {box.x + box.width, box.y + box.height},
                                {box.x, box.y + box.height}})
            line.add(p);
    }
    line.stroke(list, kLight, true);
    if (!draft.moved) return;
    const ImVec2 at = in_window(state, state.last);
    plate(list, {at.x + px(16), at.y + px(16)},
          fmt::format("{:.0f} × {:.0f}", box.width, box.height), false);
}

void draw_draft(ImDrawList* list, const CanvasState& state, const Rect& pane) {
    const SelectDraft& draft = *state.draft;
    if (draft.tool == Tool::scissors) return;
    if (draft.tool == Tool::smart && draft.hand != SmartHand::box) {
        ScreenLine line(state, pane);
        for (const mask::StrokeSample& s : draft.line)
            line.add({s.x, s.y});
        line.stroke_wide(list, draft.hand == SmartHand::outside ? kOutside : kInside, px(12));
        return;
    }
    if (draft.tool != Tool::lasso && draft.tool != Tool::polygon)
        return draw_marquee(list, state, pane, draft);
    ScreenLine line(state, pane);
    for (const PointF& p : draft.points)
        line.add(p);
    if (draft.tool == Tool::polygon) line.add(render::to_image(state.view, pane, state.last));
    line.stroke(list, kLight);
    if (draft.tool != Tool::polygon) return;
    bool first = true;
    for (const PointF& p : draft.points) {
        knob(list, in_window(state, render::to_screen(state.view, pane, p)), first);
        first = false;
    }
}

void draw_wire(ImDrawList* list, const session::Wire& wire, const CanvasState& state,
               const Rect& pane) {
    const auto middle = [](const Point& p) { return PointF{p.x + 0.5, p.y + 0.5}; };
    ScreenLine settled(state, pane);
    for (std::size_t i = 0; i < wire.anchors.size(); ++i) {
        settled.add(middle(wire.anchors[i]));
        if (i < wire.stretches.size())
            for (const Point& p : wire.stretches[i])
                settled.add(middle(p));
    }
    settled.stroke(list, kLight);
    if (!wire.closing && !wire.live.empty()) {
        ScreenLine live(state, pane);
        for (const Point& p : wire.live)
            live.add(middle(p));
        live.stroke(list, over_picture::kAccent);
    }
    for (std::size_t i = 0; i < wire.anchors.size(); ++i)
        knob(list, in_window(state, render::to_screen(state.view, pane, middle(wire.anchors[i]))),
             i == 0);
}

// Along the way of the line, in dashes that stay where they are on the screen.
void dashed_line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width) {
    const float length = std::hypot(b.x - a.x, b.y - a.y), dash = px(5);
    const ImVec2 step{(b.x - a.x) / length, (b.y - a.y) / length};
    for (float from = 0; from < length; from += 2 * dash) {
        const float to = std::min(from + dash, length);
        list->AddLine({a.x + step.x * from, a.y + step.y * from},
                      {a.x + step.x * to, a.y + step.y * to}, color, width);
    }
}

// What the shown result changed, while the mask to come is shown over it; worked out once.
void draw_changed(ImDrawList* list, const SessionView& view, CanvasState& state, const Rect& pane) {
    const project::Iteration& shown = view.document->tree.at(view.document->shown);
    if (shown.id == 0) return;
    if (state.changed_seen != shown.mask.identity()) {
        state.changed_seen = shown.mask.identity();
        const auto mask = shown.mask.get();
        state.changed_outline = mask::outline(*mask, mask->rect(), kMostSegments);
    }
    const float w = std::max(1.0f, px(1));
    if (!state.changed_outline.complete)
        return outline(list, image_quad(state, pane, shown.patch->rect), kLight, true);
    const auto at = [&](const Point& p) {
        return in_window(state, render::to_screen(state.view, pane, {double(p.x), double(p.y)}));
    };
    for (const mask::OutlineSegment& segment : state.changed_outline.segments) {
        list->AddLine(at(segment.a), at(segment.b), kDark, w);
        dashed_line(list, at(segment.a), at(segment.b), kLight, w);
    }
}

// Worked out once for each selection; where it is too long to draw, its bounds say where it is.
void draw_limit(ImDrawList* list, const SessionView& view, CanvasState& state, const Rect& pane) {
    const session::SelectionView& s = view.selection;
    if (!s.limit) return;
    if (state.limit_seen != s.limit_revision) {
        state.limit_seen = s.limit_revision;
        state.limit_outline = mask::outline(*s.limit, s.limit->rect(), kMostSegments);
    }
    const float w = std::max(1.0f, px(1));
    if (!state.limit_outline.complete)
        return outline(list, image_quad(state, pane, s.limit->bounds()), over_picture::kAccent,
                       true);
    const auto at = [&](const Point& p) {
        return in_window(state, render::to_screen(state.view, pane, {double(p.x), double(p.y)}));
    };
    for (const ImU32 color : {kDark, over_picture::kAccent})
        for (const mask::OutlineSegment& segment : state.limit_outline.segments)
            list->AddLine(at(segment.a), at(segment.b), color, color == kDark ? 3 * w : w);
}

} // namespace

void draw_select_marks(ImDrawList* list, const SessionView& view, CanvasState& state,
                       const Rect& pane) {
    const bool overlay = overlay_shown(view, state) && !state.hold_original;
    if (overlay && effective_compare(view) == session::CompareMode::off)
        draw_changed(list, view, state, pane);
    if (!state.hold_original) draw_limit(list, view, state, pane);
    if (state.draft && !state.draft->points.empty()) draw_draft(list, state, pane);
    if (view.selection.wire) draw_wire(list, *view.selection.wire, state, pane);
}

void draw_select_cursor(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const ImVec2 c = in_window(state, state.last);
    const float w = std::max(1.0f, px(1)), arm = px(8), gap = px(2);
    for (const bool dark : {true, false}) {
        const ImU32 color = dark ? IM_COL32(0, 0, 0, 190) : kLight;
        const float width = dark ? 3 * w : w;
        list->AddLine({c.x - arm, c.y}, {c.x - gap, c.y}, color, width);
        list->AddLine({c.x + gap, c.y}, {c.x + arm, c.y}, color, width);
        list->AddLine({c.x, c.y - arm}, {c.x, c.y - gap}, color, width);
        list->AddLine({c.x, c.y + gap}, {c.x, c.y + arm}, color, width);
    }
    const ImGuiIO& io = ImGui::GetIO();
    const bool outside = view.tool == Tool::smart && state.smart_hand == SmartHand::outside;
    const bool inside = view.tool == Tool::smart && state.smart_hand == SmartHand::inside;
    if (view.tool == Tool::markup) return; // nothing is combined
    const CombineMode mode =
        state.draft ? state.draft->mode : mode_in_hand(view, io.KeyShift, io.KeyAlt, false);
    const char* sign = outside || (!inside && mode == CombineMode::subtract) ? "−"
                       : inside || mode == CombineMode::add                  ? "+"
                       : mode == CombineMode::intersect                      ? "×"
                                                                             : nullptr;
    if (sign == nullptr) return;
    ImFont* font = look().fonts.semibold;
    const ImVec2 at{c.x + px(8), c.y + px(4)};
    for (const ImVec2 off : {ImVec2{-1, 0}, {1, 0}, {0, -1}, {0, 1}})
        list->AddText(font, font->FontSize, {at.x + off.x * w, at.y + off.y * w}, kDark, sign);
    list->AddText(font, font->FontSize, at, kLight, sign);
}

void draw_straight_line(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    if (!ImGui::GetIO().KeyShift || !view.selection.stroke_end || state.gesture != Gesture::none)
        return;
    const Rect pane = pane_at(panes_of(view, state), state.last);
    ScreenLine line(state, pane);
    line.add(*view.selection.stroke_end);
    line.add(render::to_image(state.view, pane, state.last));
    if (!line.empty()) line.stroke(list, over_picture::kAccent);
}

void draw_mask_work(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const session::SelectionView& s = view.selection;
    if (s.working.empty()) return;
    const auto since = std::chrono::steady_clock::now() - s.since;
    const double waited = std::chrono::duration<double>(since).count();
    if (waited < kWorthSaying) return wake_in(kWorthSaying - waited);
    const Box area = in_window(state, state.area);
    const std::string words = s.working + " … Esc stops it";
    const ImVec2 size = plate_size(words, true);
    const ImVec2 at{(area.min.x + area.max.x - size.x) / 2, area.max.y - size.y - px(12)};
    plate(list, at, words, false, icons::kHourglassEmpty);
    name_rect("canvas.working", at, {at.x + size.x, at.y + size.y});
}

} // namespace mw::ui
