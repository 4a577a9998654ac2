// Single pixels: under the pointer, and along a line.
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "compare/fit.h"
#include "embedded/icons.h"
#include "ui/canvas_panel.h"
#include "ui/compare_sections.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using compare::PixelValue;
using session::SessionView;

constexpr const char* kChannels[] = {"R", "G", "B", "A"};

// As a file stores it: whole for integers, short for floats, and honest about what is no number.
std::string source_words(const PixelValue& v) {
    std::string words;
    for (int c = 0; c < v.channels; ++c) {
        const double s = v.source[static_cast<std::size_t>(c)];
        if (c > 0) words += "  ";
        words += std::isnan(s)        ? std::string("NaN")
                 : std::isinf(s)      ? std::string(s > 0 ? "∞" : "−∞")
                 : s == std::floor(s) ? fmt::format("{:.0f}", s)
                                      : fmt::format("{:.4g}", s);
    }
    return words;
}

compare::Views views_of(const SessionView& view) {
    return {view.comparison.a.display, view.comparison.b.display};
}

// Made again when the line, the pictures or the nudge changed.
const compare::LineProfile* profile_of(const SessionView& view, const CanvasState& canvas,
                                       ComparePanelState& state) {
    const auto& line = canvas.compare.line;
    if (!line) return nullptr;
    const std::pair pictures{view.comparison.a.picture, view.comparison.b.picture};
    if (state.profile_made && state.profile_of == *line && state.profile_pictures == pictures &&
        state.profile_nudge == view.compare.nudge)
        return &*state.profile_made;
    state.profile_made.reset();
    const auto part =
        compare::overlap(pictures.first->view(), pictures.second->view(), view.compare.nudge);
    if (!part) return nullptr;
    const Point by{-part->in_a.x, -part->in_a.y};
    const auto moved = [&](Point p) { return Point{p.x + by.x, p.y + by.y}; };
    auto made = compare::line_profile(part->a, part->b, moved(line->first), moved(line->second),
                                      views_of(view));
    if (!made) return nullptr;
    state.profile_made = std::move(*made);
    state.profile_of = *line;
    state.profile_pictures = pictures;
    state.profile_nudge = view.compare.nudge;
    return &*state.profile_made;
}

double luma(const PixelValue& v) {
    return 0.2126 * v.display[0] + 0.7152 * v.display[1] + 0.0722 * v.display[2];
}

// One curve of a profile over the box.
template <class Value>
void curve(ImDrawList* list, ImVec2 min, ImVec2 size, const compare::LineProfile& profile,
           double top, ImU32 color, Value value) {
    const std::size_t n = profile.samples.size();
    std::vector<ImVec2> points;
    // At most two points a pixel of the box; the largest of what falls together.
    const std::size_t step = std::max<std::size_t>(1, n / (2 * static_cast<std::size_t>(size.x)));
    for (std::size_t i = 0; i < n; i += step) {
        double v = value(profile.samples[i]);
        for (std::size_t k = i + 1; k < std::min(n, i + step); ++k)
            v = std::max(v, value(profile.samples[k]));
        const float x = n > 1 ? static_cast<float>(i) / static_cast<float>(n - 1) : 0.5f;
        points.push_back(
            {min.x + px(4) + x * (size.x - px(8)),
             min.y + size.y - px(4) -
                 static_cast<float>(std::clamp(v / top, 0.0, 1.0)) * (size.y - px(8))});
    }
    list->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, px(1.25f));
}

} // namespace

void draw_readout(const SessionView& view, const CanvasState& canvas) {
    ImFont* small = look().fonts.small;
    const PointF p = image_point(view, canvas, canvas.last);
    const Point at{static_cast<int>(std::floor(p.x)), static_cast<int>(std::floor(p.y))};
    const session::ComparisonView& pair = view.comparison;
    const auto read = canvas.over ? compare::readout(pair.a.picture->view(), pair.b.picture->view(),
                                                     at, views_of(view), view.compare.nudge)
                                  : Result<compare::PixelReadout>(fail(ErrorCode::invalid_argument,
                                                                       "the pointer is elsewhere"));
    ImGui::PushFont(small);
    if (ImGui::BeginTable("##pixel", 6, ImGuiTableFlags_SizingFixedFit)) {
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, px(16));
        for (int i = 1; i < 5; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, px(32));
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.0f);
        ImGui::TableNextRow();
        for (int c = 0; c < 4; ++c) {
            ImGui::TableSetColumnIndex(c + 1);
            cell(kChannels[c], colors().text_second);
        }
        ImGui::TableSetColumnIndex(5);
        cell("in the file", colors().text_second);
        const auto row = [&](const char* letter, const std::array<double, 4>& shown,
                             const std::string& source, bool sign) {
            ImGui::TableNextRow();
            ImGui::TableSetColumnIndex(0);
            text(letter, colors().text_second, small);
            for (int c = 0; c < 4; ++c) {
                ImGui::TableSetColumnIndex(c + 1);
                const double v = shown[static_cast<std::size_t>(c)];
                cell(!read  ? "–"
                     : sign ? fmt::format("{:+.0f}", v)
                            : fmt::format("{:.0f}", v),
                     colors().text);
            }
            ImGui::TableSetColumnIndex(5);
            cell(source, colors().text);
        };
        const compare::PixelReadout none;
        const compare::PixelReadout& r = read ? *read : none;
        row("A", r.a.display, read ? source_words(r.a) : "–", false);
        row("B", r.b.display, read ? source_words(r.b) : "–", false);
        row("Δ", r.delta, read ? fmt::format("ΔE {:.2f}", r.delta_e) : "–", true);
        ImGui::EndTable();
    }
    ImGui::PopFont();
    name_item("compare.readout");
}

void draw_profile(const SessionView& view, CanvasState& canvas, ComparePanelState& state) {
    const float width = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    if (button("profile.draw", canvas.compare.line ? "Another line" : "Draw a line",
               {.icon = icons::kEdit, .width = width, .selected = canvas.compare.line_armed})) {
        canvas.compare.line_armed = !canvas.compare.line_armed;
        if (effective_compare(view) == session::CompareMode::off) ask(Command::toggle_side_by_side);
    }
    tooltip("Line profile", {}, "Drag a line on the canvas: A and B along it.");
    if (canvas.compare.line) {
        ImGui::SameLine(0, px(4));
        if (button("profile.clear", "Remove", {.kind = ButtonKind::quiet, .width = width}))
            canvas.compare.line.reset();
    }
    const compare::LineProfile* profile = profile_of(view, canvas, state);
    if (profile == nullptr || profile->samples.empty()) return;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, px(88)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colors().field, px(4));
    double most = 1;
    for (const compare::PixelReadout& r : profile->samples)
        most = std::max(most, r.delta_e);
    curve(list, at, size, *profile, most, colors().warning,
          [](const compare::PixelReadout& r) { return r.delta_e; });
    curve(list, at, size, *profile, 255, colors().text_second,
          [](const compare::PixelReadout& r) { return luma(r.a); });
    curve(list, at, size, *profile, 255, colors().accent_line,
          [](const compare::PixelReadout& r) { return luma(r.b); });
    ImGui::Dummy(size);
    name_item("profile.plot");
    gap(-4);
    ImFont* small = look().fonts.small;
    text(fmt::format("{:.0f} px · luma of A", profile->length_px), colors().text_second, small);
    ImGui::SameLine(0, px(6));
    text("of B", colors().accent_line, small);
    ImGui::SameLine(0, px(6));
    text(fmt::format("ΔE, to {:.1f}", most), colors().warning, small);
}

} // namespace mw::ui
