// What a comparison writes over the picture: which side is which, what the colours mean, where to
// look.
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "compare/color_ramp.h"
#include "embedded/icons.h"
#include "ui/canvas_marks.h"
#include "ui/canvas_panel.h"
#include "ui/compare_words.h"
#include "ui/look.h"
#include "ui/palette.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;

constexpr float kMargin = 12;

// The heat map's colours with what their ends stand for, right-aligned.
void draw_legend(ImDrawList* list, ImVec2 top_right, const std::string& end) {
    ImFont* font = look().fonts.small;
    const auto width = [&](const std::string& s) {
        return font->CalcTextSizeA(font->FontSize, 1e9f, 0, s.c_str()).x;
    };
    const float ramp = px(128), total = width("0") + width(end) + ramp + px(32);
    const ImVec2 min{std::floor(top_right.x - total), std::floor(top_right.y)};
    const ImVec2 max{top_right.x, min.y + px(26)};
    list->AddRectFilled(min, max, over_picture::kPlate, px(4));
    const float y = min.y + std::floor((px(26) - font->FontSize) / 2);
    list->AddText(font, font->FontSize, {min.x + px(8), y}, over_picture::kText, "0");
    const float left = min.x + px(16) + width("0");
    constexpr int kSteps = 64;
    for (int i = 0; i < kSteps; ++i) {
        const auto& c = compare::heat_ramp()[static_cast<std::size_t>(i * 255 / (kSteps - 1))];
        const float x = left + ramp * static_cast<float>(i) / kSteps;
        list->AddRectFilled({x, min.y + px(8)}, {x + ramp / kSteps + 0.5f, min.y + px(18)},
                            IM_COL32(c[0], c[1], c[2], 255));
    }
    list->AddText(font, font->FontSize, {left + ramp + px(8), y}, over_picture::kText, end.c_str());
}

// What no cell of a sheet covers: nobody else draws there.
void fill_between(ImDrawList* list, const Panes& panes, const CanvasState& state) {
    const Box area = in_window(state, state.area);
    const Box first = in_window(state, panes.cells.front());
    const Box last = in_window(state, panes.cells.back());
    for (const Rect& cell : panes.cells) {
        const Box box = in_window(state, cell);
        const bool ends_row =
            &cell == &panes.cells.back() || (&cell)[1].y != cell.y; // up to the edge of the canvas
        const float right = ends_row ? area.max.x : in_window(state, (&cell)[1]).min.x;
        list->AddRectFilled(
            {box.max.x, box.min.y}, {right, box.max.y},
            right - box.max.x > first.max.x - first.min.x ? colors().canvas : colors().edge);
        const bool bottom_row = cell.y == panes.cells.back().y;
        const float bottom =
            bottom_row ? area.max.y : box.max.y + (last.min.y > box.max.y ? px(2) : 0);
        list->AddRectFilled({area.min.x, box.max.y}, {area.max.x, bottom}, colors().edge);
    }
}

void draw_sheet_labels(ImDrawList* list, const SessionView& view, const Panes& panes,
                       const CanvasState& state) {
    fill_between(list, panes, state);
    for (std::size_t i = 0; i < panes.cells.size(); ++i) {
        const Box box = in_window(state, panes.cells[i]);
        const project::IterationId id = view.comparison.sheet[i].id;
        const bool shown = id == view.document->shown;
        name_rect(fmt::format("sheet.{}", id), box.min, box.max);
        if (shown)
            list->AddRect({box.min.x + px(1), box.min.y + px(1)},
                          {box.max.x - px(1), box.max.y - px(1)}, colors().accent_line, 0, 0,
                          px(2));
        else
            list->AddRect(box.min, box.max, colors().edge, 0, 0, px(2));
        plate(list, {box.min.x + px(8), box.min.y + px(8)}, iteration_words(id), false);
    }
    if (view.comparison.sheet_left_out == 0) return;
    const Box area = in_window(state, state.area);
    plate(list, {area.max.x - px(kMargin), area.min.y + px(kMargin)},
          fmt::format("{} older ones have no room here", view.comparison.sheet_left_out), true);
}

} // namespace

void draw_comparison_labels(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const Panes panes = panes_of(view, state);
    const session::CompareState& c = view.compare;
    const session::ComparisonView& pair = view.comparison;
    const Box box = in_window(state, panes.b);
    const float m = px(kMargin);
    const ImVec2 left{box.min.x + m, box.min.y + m}, right{box.max.x - m, box.min.y + m};
    const std::string a = side_words("A", pair.a), b = side_words("B", pair.b);
    switch (effective_compare(view)) {
        case CompareMode::side_by_side:
        case CompareMode::stacked: {
            const Box other = in_window(state, panes.a);
            plate(list, {other.min.x + m, other.min.y + m}, a, false);
            plate(list, left, b, false);
            if (view.compare.mode == CompareMode::stacked)
                list->AddRectFilled({other.min.x, other.max.y}, {box.max.x, box.min.y},
                                    colors().edge);
            else
                list->AddRectFilled({other.max.x, other.min.y}, {box.min.x, box.max.y},
                                    colors().edge);
            break;
        }
        case CompareMode::wipe:
            plate(list, left, a, false);
            plate(list, right, b, true);
            break;
        case CompareMode::flip:
            plate(list, left, c.flip_shows_b ? b : a, false, icons::kCompareArrows);
            break;
        case CompareMode::flicker:
            plate(list, left, state.compare.flicker_shows_b ? b : a, false, icons::kTimer);
            break;
        case CompareMode::onion:
            plate(list, left, a, false);
            plate(list, right, fmt::format("{} · {:.0f} %", b, 100 * c.onion_opacity), true);
            break;
        case CompareMode::difference:
            plate(list, left, fmt::format("{} − {}  × {:.3g}", a, b, c.gain), false,
                  icons::kContrast);
            break;
        case CompareMode::heat: {
            const bool ours = session::needs_surroundings(c.metric);
            const bool stands_in = ours && !pair.heat;
            plate(list, left, fmt::format("{} of {} and {}", metric_words(c.metric), a, b), false,
                  icons::kPalette);
            const compare::Metric drawn = stands_in ? compare::Metric::delta_e : c.metric;
            const double end =
                compare::full_scale(drawn) / (stands_in ? 1 : std::max(1.0, c.heat_gain));
            draw_legend(list, right, fmt::format("{:.3g} {}", end, metric_unit(drawn)));
            if (stands_in)
                plate(list, {left.x, left.y + px(34)},
                      pair.heat_pending
                          ? fmt::format("{} is coming; ΔE of the screen meanwhile",
                                        metric_words(c.metric))
                          : fmt::format("{} could not be made; ΔE of the screen instead",
                                        metric_words(c.metric)),
                      false, icons::kHourglassEmpty);
            break;
        }
        case CompareMode::sheet:
            draw_sheet_labels(list, view, panes, state);
            break;
        case CompareMode::off:
            break;
    }
    const bool same =
        pair.a.picture == pair.b.picture && !pair.a.patch && !pair.b.patch && c.nudge == Point{};
    if (same && pair.possible() && c.mode != CompareMode::sheet)
        plate(list, {left.x, left.y + px(c.mode == CompareMode::heat ? 68 : 34)},
              "A and B are the same picture", false, icons::kInfo);
    if (!(c.nudge == Point{}))
        plate(list, {right.x, right.y + px(34)},
              fmt::format("B moved by {}, {} px", c.nudge.x, c.nudge.y), true, icons::kOpenWith);
}

namespace {

// Where something changed that was not asked for.
void draw_areas(ImDrawList* list, const SessionView& view, const CanvasState& state,
                const Rect& pane) {
    const auto& figures = view.comparison.figures;
    if (!view.compare.figures || !figures) return;
    const auto& areas = figures->raw_areas && !figures->raw_areas->areas.empty()
                            ? figures->raw_areas
                            : figures->areas;
    if (!areas) return;
    constexpr std::size_t kMost = 200; // outlines a frame
    for (std::size_t i = 0; i < std::min(kMost, areas->areas.size()); ++i)
        outline(list, image_quad(state, pane, areas->areas[i].bounds.grown(1)),
                IM_COL32(255, 214, 80, 255), true);
}

} // namespace

void draw_comparison_marks(ImDrawList* list, const SessionView& view, const CanvasState& state) {
    const CompareMode mode = effective_compare(view);
    if (mode == CompareMode::off || mode == CompareMode::sheet) return;
    const Panes panes = panes_of(view, state);
    for (const Rect& pane : {panes.a, panes.b}) {
        if (pane.empty()) continue;
        const Box box = in_window(state, pane);
        list->PushClipRect(box.min, box.max, true);
        draw_areas(list, view, state, pane);
        if (state.compare.spot)
            outline(list, image_quad(state, pane, *state.compare.spot), over_picture::kAccent);
        if (state.compare.line) {
            const auto& [from, to] = *state.compare.line;
            const auto at = [&](Point p) {
                return in_window(state,
                                 render::to_screen(state.view, pane, {p.x + 0.5, p.y + 0.5}));
            };
            const ImVec2 p = at(from), q = at(to);
            list->AddLine(p, q, IM_COL32(0, 0, 0, 180), px(3));
            list->AddLine(p, q, IM_COL32(255, 255, 255, 240), px(1));
            for (const ImVec2 end : {p, q}) {
                list->AddCircleFilled(end, px(4), IM_COL32(0, 0, 0, 180));
                list->AddCircleFilled(end, px(2.5f), IM_COL32(255, 255, 255, 240));
            }
        }
        list->PopClipRect();
    }
    if (state.compare.line_armed) {
        const Box area = in_window(state, state.area);
        const std::string words = "Drag a line across the picture";
        const ImVec2 size = plate_size(words, true);
        plate(list, {(area.min.x + area.max.x - size.x) / 2, area.min.y + px(kMargin)}, words,
              false, icons::kEdit);
    }
}

} // namespace mw::ui
