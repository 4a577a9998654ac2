#include "ui/compare_bar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/compare_words.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::CompareState;
using session::SessionView;

void draw_modes(const SessionView& view) {
    if (icon_button("way.off", icons::kImage, false, true, 28)) ask(Command::leave_compare);
    tooltip(Command::leave_compare);
    for (const ModeInfo& mode : compare_modes()) {
        ImGui::SameLine(0, px(2));
        command_button(mode.name, mode.command, view.compare.mode == mode.mode, true, 28);
    }
}

// One side as a button that opens the list of what it can show.
void draw_side(const SessionView& view, const char* name, const char* letter,
               const session::CompareSide& side, session::CompareSource& chosen, float width) {
    if (button(name, side_words(letter, side), {.width = width})) ImGui::OpenPopup(name);
    tooltip(fmt::format("What {} shows", letter), *letter == 'A' ? "1 … 9" : "Shift+1 … 9",
            side.note);
    if (!ImGui::BeginPopup(name)) return;
    int index = 0;
    for (const Choosable& choice : choosable_sides(view)) {
        if (ImGui::MenuItem(choice.words.c_str(), nullptr, choice.source == chosen))
            chosen = choice.source;
        name_item(fmt::format("{}.{}", name, index++));
    }
    ImGui::Separator();
    if (ImGui::MenuItem("A file…", first_key(Command::open_to_compare).c_str()))
        ask(Command::open_to_compare);
    ImGui::EndPopup();
}

bool number(const char* name, const char* label, double& value, double low, double high,
            const SliderLook& how) {
    auto shown = static_cast<float>(value);
    if (!slider(name, label, shown, static_cast<float>(low), static_cast<float>(high), how))
        return false;
    value = static_cast<double>(shown);
    return true;
}

void draw_flicker_options(CompareState& next) {
    number("compare.rate", "Rate", next.flicker_hz, 0.5,
           std::max(compare::kFlickerHz, next.flicker_hz), {.width = px(160), .format = "%.1f Hz"});
    tooltip("Rate", {},
            "A to B and back so many times a second. Faster than 3 Hz can harm people with "
            "photosensitive epilepsy.");
    ImGui::SameLine(0, px(8));
    bool fast = next.flicker_hz > compare::kFlickerHz;
    if (toggle("compare.fast", "Fast", fast)) next.flicker_hz = fast ? 6 : compare::kFlickerHz;
    tooltip("6 Hz", {},
            "Off by itself: faster than 3 Hz can harm people with photosensitive epilepsy.");
}

void draw_heat_options(CompareState& next) {
    ImGui::BeginGroup();
    ImGui::PushItemWidth(px(104));
    const bool with_distance = next.metric == compare::Metric::flip;
    if (button("compare.metric", metric_words(next.metric),
               {.icon = icons::kExpandMore, .width = px(112)}))
        ImGui::OpenPopup("compare.metric");
    tooltip(Command::next_metric,
            "FLIP and SSIM look around each pixel: their maps are made for "
            "the whole picture, the others as you look.");
    if (ImGui::BeginPopup("compare.metric")) {
        for (const compare::Metric m : {compare::Metric::delta_e, compare::Metric::flip,
                                        compare::Metric::ssim, compare::Metric::absolute})
            if (ImGui::MenuItem(metric_words(m), nullptr, m == next.metric)) next.metric = m;
        ImGui::EndPopup();
    }
    ImGui::SameLine(0, px(4));
    number("compare.heat_gain", "Gain", next.heat_gain, 1, compare::kMaxGain,
           {.width = px(with_distance ? 88 : 112), .logarithmic = true, .format = "%.1f"});
    tooltip("Gain", {}, "How much sooner the colours reach their end.");
    if (with_distance) {
        ImGui::SameLine(0, px(4));
        number("compare.distance", "From", next.viewing_distance_m, 0.2, 3,
               {.width = px(104), .format = "%.2f m"});
        tooltip("Viewing distance", {},
                fmt::format("From a screen 0.70 m wide with 3840 pixels across: {:.0f} pixels to "
                            "a degree.",
                            compare::pixels_per_degree(next.viewing_distance_m)));
    }
    ImGui::PopItemWidth();
    ImGui::EndGroup();
}

// What the way of comparing can be set to; whether there was anything.
bool draw_options(const SessionView& view, CompareState& next) {
    switch (view.compare.mode) {
        case CompareMode::onion: {
            double percent = 100 * next.onion_opacity;
            if (number("compare.opacity", "B over A", percent, 0, 100,
                       {.width = px(180), .format = "%.0f %%"}))
                next.onion_opacity = percent / 100;
            tooltip("Opacity of B");
            return true;
        }
        case CompareMode::flicker:
            draw_flicker_options(next);
            return true;
        case CompareMode::difference:
            number("compare.gain", "Gain", next.gain, 1, compare::kMaxGain,
                   {.width = px(180), .logarithmic = true, .format = "× %.0f"});
            tooltip("Gain", {}, "The difference is shown so many times as strong.");
            return true;
        case CompareMode::heat:
            draw_heat_options(next);
            return true;
        default:
            return false;
    }
}

void draw_nudge(const SessionView& view, CompareState& next) {
    if (view.compare.nudge == Point{}) return;
    ImGui::SameLine(0, px(8));
    if (button("compare.nudge_reset",
               fmt::format("{}, {} px", view.compare.nudge.x, view.compare.nudge.y),
               {.icon = icons::kRefresh}))
        next.nudge = {};
    tooltip(Command::nudge_back, "B is moved by this. Arrow keys move it, with Shift by 10 px.");
}

} // namespace

std::string nothing_to_compare(const SessionView& view) {
    const session::ComparisonView& pair = view.comparison;
    if (pair.a.coming || pair.b.coming)
        return fmt::format("{} is coming", pair.a.coming ? pair.a.name : pair.b.name);
    return pair.a.picture == nullptr && view.document->shown == 0
               ? "Nothing to compare with yet: choose what A shows"
               : "Nothing to compare: choose what A and B show";
}

void draw_compare_bar(const SessionView& view, const Rect& canvas, session::Actions& out) {
    if (view.document == nullptr || view.compare.mode == CompareMode::off) return;
    CompareState next = view.compare;
    ImGui::SetNextWindowPos({static_cast<float>(canvas.x) + std::floor(canvas.width / 2.0f),
                             static_cast<float>(canvas.bottom()) - px(12)},
                            ImGuiCond_Always, {0.5f, 1});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(8, 8));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(8));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
    ImGui::Begin("##compare", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_AlwaysAutoResize);
    settle_focus();
    draw_modes(view);
    if (view.compare.mode != CompareMode::sheet) {
        // A second row where one has no room.
        if (static_cast<float>(canvas.width) >= px(900)) ImGui::SameLine(0, px(12));
        draw_side(view, "compare.a", "A", view.comparison.a, next.a, px(116));
        ImGui::SameLine(0, px(2));
        command_button("compare.swap", Command::swap_sides, false, true, 28);
        ImGui::SameLine(0, px(2));
        draw_side(view, "compare.b", "B", view.comparison.b, next.b, px(116));
        draw_nudge(view, next);
        ImGui::SameLine(0, px(12));
        const ImVec2 before = ImGui::GetCursorPos();
        if (!draw_options(view, next)) ImGui::SetCursorPos(before), ImGui::Dummy(px(1, 28));
    } else {
        ImGui::SameLine(0, px(12));
        gap(5);
        text("Click a picture to show it", colors().text_second);
        ImGui::SameLine(0, px(8));
        ImGui::Dummy(px(1, 1));
    }
    cover_canvas();
    ImGui::End();
    ImGui::PopStyleVar(3);
    if (!(next == view.compare)) out.push_back(session::SetCompare{next});
}

} // namespace mw::ui
