#include "ui/graft_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using composite::GraftParams;
using composite::SeamKind;
using session::SessionView;

constexpr float kMostFeather = 128, kMostReach = 128;

// What happened to the settings in this frame.
struct Change {
    bool tried = false; // a slider is under way
    bool kept = false;  // a slider was let go, a switch pressed
};

Change px_slider(const char* name, const char* label, double& value, float high) {
    float shown = static_cast<float>(value);
    Change change;
    if (slider(name, label, shown, 0, high, {.format = "%.0f px"})) {
        value = std::round(shown);
        change.tried = true;
    }
    change.kept = ImGui::IsItemDeactivatedAfterEdit();
    return change;
}

bool pair_of_toggles(const char* first, const char* first_label, const char* first_detail, bool& a,
                     const char* second, const char* second_label, const char* second_detail,
                     bool& b) {
    const float half = ImGui::GetCursorPosX() + std::floor(ImGui::GetContentRegionAvail().x / 2);
    bool changed = toggle(first, first_label, a);
    tooltip(first_label, {}, first_detail);
    ImGui::SameLine(half);
    changed |= toggle(second, second_label, b);
    tooltip(second_label, {}, second_detail);
    return changed;
}

// The settings an artist sees; the rest is not reset by the button.
GraftParams usual(GraftParams now) {
    const GraftParams fresh;
    now.do_register = fresh.do_register;
    now.accept_large_move = fresh.accept_large_move;
    now.match_color = fresh.match_color;
    now.membrane = fresh.membrane;
    now.grain = fresh.grain;
    now.seam = fresh.seam;
    return now;
}

bool draw_switches(const SessionView& view, GraftParams& next) {
    bool changed = pair_of_toggles(
        "graft.register", "Align", "Finds and undoes a shift of the answer against the picture.",
        next.do_register, "graft.match", "Match colours",
        "Undoes a colour cast of the answer, measured outside the mask.", next.match_color);
    changed |= pair_of_toggles(
        "graft.membrane", "Even out the seam",
        "Spreads what still differs along the mask's edge smoothly over the answer.", next.membrane,
        "graft.grain", "Grain", "Adds the picture's noise where the answer is smoother.",
        next.grain);
    const composite::GraftReport* report = graft_report(view);
    if (next.do_register &&
        (next.accept_large_move || (report != nullptr && report->registration.asks))) {
        changed |= toggle("graft.large_move", "Apply the large move", next.accept_large_move);
        tooltip("Apply the large move", {},
                "Moves beyond 8 px or 2 % are applied only when you say so: they may be the "
                "model's own drawing and no shift.");
    }
    return changed;
}

bool draw_seam_kind(GraftParams& next) {
    label_left("Seam", 64);
    const auto chosen = choices(
        {{.name = "graft.fade",
          .icon = nullptr,
          .label = "Fade",
          .key = nullptr,
          .detail = "An even fade inside the mask's edge."},
         {.name = "graft.fitting",
          .icon = nullptr,
          .label = "Fitting path",
          .key = nullptr,
          .detail = "Follows the path along which answer and picture differ least, with a narrow "
                    "fade along it."}},
        next.seam.kind == SeamKind::fitting ? 1 : 0);
    if (chosen) next.seam.kind = *chosen == 1 ? SeamKind::fitting : SeamKind::fade;
    return chosen.has_value();
}

Change draw_sliders(GraftParams& next) {
    double feather = next.seam.feather_px.value_or(8);
    const Change fade = px_slider("graft.feather", "Feather, inward", feather, kMostFeather);
    tooltip("Feather", {},
            "How wide the answer fades in, inside the mask. 0: the mask's own edge.");
    if (fade.tried) next.seam.feather_px = feather;
    const Change reach =
        px_slider("graft.reach", "Reach outward", next.seam.reach_out_px, kMostReach);
    tooltip("Reach outward", {},
            "Lets the fade begin outside the mask. The declared changed region grows by as much, "
            "and the proof speaks of what lies outside that.");
    if (next.seam.reach_out_px > 0)
        icon_text(icons::kInfo,
                  fmt::format("The declared changed region grows by {:.0f} px beyond the mask.",
                              next.seam.reach_out_px),
                  colors().warning, colors().text_second, true);
    return {fade.tried || reach.tried, fade.kept || reach.kept};
}

// The pointer has come here: what the first pull of a slider needs is made meanwhile.
void prepare(const SessionView& view, GraftPanelState& state, ImVec2 start, session::Actions& out) {
    const project::IterationId shown = view.document->shown;
    const ImVec2 end{ImGui::GetWindowPos().x + ImGui::GetWindowWidth(),
                     ImGui::GetCursorScreenPos().y};
    if (shown == 0 || !ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(start, end)) return;
    const std::pair now{view.document_id, shown};
    if (state.prepared == now) return;
    state.prepared = now;
    out.push_back(session::PrepareGraft{});
}

} // namespace

const GraftParams& graft_settings(const SessionView& view) {
    if (view.trial) return view.trial->params;
    if (view.document != nullptr && view.document->shown != 0)
        return view.document->tree.at(view.document->shown).graft;
    return view.request.graft;
}

const composite::GraftReport* graft_report(const SessionView& view) {
    if (view.trial && view.trial->report) return &*view.trial->report;
    if (view.document == nullptr || view.document->shown == 0) return nullptr;
    return &view.document->tree.at(view.document->shown).report;
}

std::string move_words(const composite::Registration& r) {
    std::string words;
    const auto add = [&words](std::string part) {
        words += (words.empty() ? "" : ", ") + std::move(part);
    };
    if (std::abs(r.dx) >= 0.005)
        add(fmt::format("{:.2f} px to the {}", std::abs(r.dx), r.dx > 0 ? "right" : "left"));
    if (std::abs(r.dy) >= 0.005)
        add(fmt::format("{:.2f} px {}", std::abs(r.dy), r.dy > 0 ? "down" : "up"));
    if (std::abs(r.scale - 1) >= 5e-5) add(fmt::format("× {:.4f}", r.scale));
    if (std::abs(r.rotation_degrees) >= 0.005)
        add(fmt::format("{:.2f}° {}", std::abs(r.rotation_degrees),
                        r.rotation_degrees > 0 ? "counter-clockwise" : "clockwise"));
    return words.empty() ? "0 px" : words;
}

void draw_graft_panel(const SessionView& view, GraftPanelState& state, session::Actions& out) {
    const bool of_result = view.document->shown != 0;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const GraftParams now = graft_settings(view);
    GraftParams next = now;
    bool kept = draw_switches(view, next);
    kept |= draw_seam_kind(next);
    const Change sliders = draw_sliders(next);
    kept |= sliders.kept;

    const GraftParams fresh = usual(now);
    if (button("graft.reset", "Reset to defaults",
               {.kind = ButtonKind::quiet,
                .icon = icons::kRefresh,
                .height = px(24),
                .enabled = !(fresh == now)})) {
        next = fresh;
        kept = true;
    }
    if (view.trial && !view.trial->held) {
        ImGui::SameLine(0, px(8));
        text(view.trial->growing ? "growing…" : "grafting…", colors().text_second);
    }
    prepare(view, state, start, out);
    if (kept)
        out.push_back(session::SetGraft{next});
    else if (sliders.tried && of_result)
        out.push_back(session::TryGraft{next});
    else if (sliders.tried)
        out.push_back(session::SetGraft{next});
}

} // namespace mw::ui
