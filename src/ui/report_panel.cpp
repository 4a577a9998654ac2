#include "ui/report_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/graft_panel.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using composite::GraftReport;
using composite::Respect;
using session::SessionView;

// Up to so many pixels are the rim by which masks are grown when they are sent: told, no warning.
constexpr int kSlightlyCut = 4;

// A fact: what it is about in the left column, what was found in the right one, wrapped.
void row(const char* name, const char* about, std::string_view found, ImU32 color = colors().text) {
    const float left = ImGui::GetCursorPosX();
    ImFont* small = look().fonts.small;
    text(about, colors().text_second, small);
    ImGui::SameLine(left + px(84));
    ImGui::BeginGroup();
    text_wrapped(found, color, small);
    ImGui::EndGroup();
    name_item(name);
    gap(-4);
}

std::string or_reason(bool applied, std::string done, const char* not_done,
                      const std::string& reason) {
    if (applied) return done;
    return reason.empty() ? std::string(not_done) : fmt::format("{}: {}", not_done, reason);
}

std::string registration_words(const composite::Registration& r) {
    const std::string fit = r.residual_before > 0
                                ? fmt::format("; what differs falls from {:.1f} to {:.1f} levels",
                                              r.residual_before, r.residual_after)
                                : std::string();
    return or_reason(r.applied, "moved " + move_words(r) + fit, "not moved", r.reason);
}

std::string color_words(const composite::ColorMatch& c) {
    return or_reason(
        c.applied,
        fmt::format("matched, ΔE {:.2f} before, {:.2f} after", c.delta_e_before, c.delta_e_after),
        "as they came", c.reason);
}

std::string membrane_words(const composite::Membrane& m) {
    return or_reason(
        m.applied,
        fmt::format("{:.1f} levels on average, {:.1f} at most", m.mean_levels, m.most_levels),
        "none", m.reason);
}

std::string grain_words(const composite::Grain& g) {
    return or_reason(g.applied,
                     fmt::format("added: the picture has {:.2f} levels, the answer {:.2f}",
                                 g.sigma_source, g.sigma_answer),
                     "none", g.reason);
}

const char* respect_word(Respect::Verdict verdict) {
    switch (verdict) {
        case Respect::Verdict::kept:
            return "kept";
        case Respect::Verdict::redrawn:
            return "redrawn in parts";
        case Respect::Verdict::ignored:
            return "ignored";
        case Respect::Verdict::unrelated:
            return "unrelated";
        case Respect::Verdict::unknown:
            break;
    }
    return "unknown";
}

void draw_figures(const SessionView& view) {
    if (!view.figures) {
        if (view.figures_pending)
            icon_text(icons::kHourglassEmpty, "Measuring…", colors().text_second,
                      colors().text_second);
        return;
    }
    gap(4);
    ImFont* small = look().fonts.small;
    ImGui::PushFont(small);
    if (ImGui::BeginTable("figures", 5, ImGuiTableFlags_SizingStretchProp)) {
        constexpr const char* kHeads[] = {"", "ΔE", "ΔE p99", "SSIM", "FLIP"};
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.3f);
        for (int i = 1; i < 5; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.0f);
        const auto right = [](const std::string& s, ImU32 color) {
            const float w = ImGui::CalcTextSize(s.c_str()).x;
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                                 std::max(0.0f, ImGui::GetContentRegionAvail().x - w));
            text(s, color, look().fonts.small);
        };
        ImGui::TableNextRow();
        for (int i = 0; i < 5; ++i) {
            ImGui::TableSetColumnIndex(i);
            right(kHeads[i], colors().text_second);
        }
        const std::pair<const char*, const compare::RegionStats*> rows[] = {
            {"Inside", &view.figures->inside},
            {"Seam", &view.figures->seam},
            {"Outside", &view.figures->outside}};
        for (const auto& [name, s] : rows) {
            ImGui::TableNextRow();
            ImGui::TableSetColumnIndex(0);
            text(name, colors().text_second, small);
            const std::string cells[] = {
                fmt::format("{:.2f}", s->delta_e_mean), fmt::format("{:.1f}", s->delta_e_p99),
                fmt::format("{:.3f}", s->ssim), fmt::format("{:.3f}", s->flip_mean)};
            for (int i = 0; i < 4; ++i) {
                ImGui::TableSetColumnIndex(i + 1);
                right(cells[i], colors().text);
            }
        }
        ImGui::EndTable();
    }
    ImGui::PopFont();
}

void draw_respect_warning(const Respect& respect) {
    using Verdict = Respect::Verdict;
    if (respect.verdict != Verdict::ignored && respect.verdict != Verdict::unrelated &&
        respect.verdict != Verdict::redrawn)
        return;
    const bool grave = respect.verdict != Verdict::redrawn;
    std::string words = respect.text;
    if (words.empty())
        words = respect.verdict == Verdict::unrelated
                    ? "Nothing of what was sent is recognisable in the answer."
                    : fmt::format("The model redrew {:.0f} % of what it was told to keep.",
                                  100 * respect.changed_share);
    if (respect.verdict == Verdict::ignored &&
        words.find("dropped") == std::string::npos) // what to do about it
        words += " The mask may have been dropped on the way.";
    icon_text(grave ? icons::kWarning : icons::kInfo, words,
              grave ? colors().warning : colors().text_second, colors().text, true);
    name_item("report.respect");
}

int most_cut_off(const GraftReport& report) {
    int most = report.cut_off.most();
    for (const GraftReport& part : report.parts)
        most = std::max(most, part.cut_off.most());
    return most;
}

std::string cut_off_words(const GraftReport& report) {
    std::string words = report.cut_off.text;
    for (const GraftReport& part : report.parts)
        if (!part.cut_off.text.empty() && words.find(part.cut_off.text) == std::string::npos)
            words += (words.empty() ? "" : "; ") + part.cut_off.text;
    return words;
}

void draw_grow_button(const SessionView& view, session::Actions& out) {
    const bool growing = view.trial && view.trial->growing;
    if (button("report.grow", "Grow mask and re-graft",
               {.icon = icons::kOpenWith,
                .width = ImGui::GetContentRegionAvail().x,
                .enabled = !growing}))
        out.push_back(session::GrowAndRegraft{});
    tooltip("Grow mask and re-graft", {},
            "Widens this result's mask to those sides, within the crop, and grafts the stored "
            "answer again. No new request.");
}

void draw_cut_off(const SessionView& view, const GraftReport& report, session::Actions& out) {
    std::string words = cut_off_words(report);
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
        words[0] = static_cast<char>(words[0] - 'a' + 'A');
    icon_text(icons::kWarning, words + (words.ends_with('.') ? "" : "."), colors().warning,
              colors().text, true);
    name_item("report.cut_off");
    draw_grow_button(view, out);
}

void draw_large_move(const SessionView& view, const GraftReport& report, session::Actions& out) {
    const composite::Registration& r = report.registration;
    composite::GraftParams params = graft_settings(view);
    if (!r.asks || r.applied || !params.do_register || params.accept_large_move) return;
    icon_text(icons::kWarning,
              "The answer seems moved by " + move_words(r) +
                  ". That is more than 8 px or 2 %, so it was left where it came. A shift to "
                  "undo, or what the model meant?",
              colors().warning, colors().text, true);
    name_item("report.large_move");
    if (button("report.apply_move", "Undo the shift",
               {.icon = icons::kOpenWith, .width = ImGui::GetContentRegionAvail().x})) {
        params.accept_large_move = true;
        out.push_back(session::SetGraft{params});
    }
    tooltip("Undo the shift", {}, "Grafts the answer with this move; undo brings it back.");
}

} // namespace

void draw_proof(const SessionView& view, const GraftReport& report) {
    if (view.trial) {
        icon_text(icons::kHourglassEmpty, "A preview; proved when you let go", colors().text_second,
                  colors().text_second);
        name_item("verdict.proof");
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + px(24));
        gap(-6);
        text("SHA-256 follows", colors().text_second, look().fonts.small);
        return;
    }
    const bool kept =
        report.changed_outside_mask == 0 && report.outside_sha256 == report.outside_sha256_before;
    const bool reaches = graft_settings(view).seam.reach_out_px > 0;
    const char* where = reaches ? "the declared region" : "the mask";
    const std::string words =
        fmt::format("{} samples changed outside {}", report.changed_outside_mask, where);
    icon_text(kept ? icons::kCheckCircle : icons::kError, words,
              kept ? colors().good : colors().error, colors().text, true);
    name_item("verdict.proof");
    tooltip(kept ? "Counted and hashed, not assumed" : "The promise is broken", {},
            fmt::format("SHA-256 of every sample outside {}\nbefore  {}\nafter   {}", where,
                        report.outside_sha256_before, report.outside_sha256));
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + px(24));
    gap(-6);
    text(fmt::format("SHA-256 {}… {}", report.outside_sha256.substr(0, 12),
                     kept ? "as before" : "is not as before"),
         colors().text_second, look().fonts.small);
}

void draw_warnings(const SessionView& view, const GraftReport& report, session::Actions& out) {
    draw_respect_warning(report.respect);
    draw_large_move(view, report, out);
    if (most_cut_off(report) > kSlightlyCut) draw_cut_off(view, report, out);
}

void draw_report(const SessionView& view, const GraftReport& report, session::Actions& out) {
    row("report.register", "Position", registration_words(report.registration));
    row("report.colors", "Colours", color_words(report.color_match));
    row("report.membrane", "Membrane", membrane_words(report.membrane));
    row("report.grain", "Grain", grain_words(report.grain));
    row("report.seam", "Seam",
        fmt::format("ΔE {:.2f} beyond the picture's own steps", report.seam_visibility));
    const Respect& respect = report.respect;
    std::string kept = respect_word(respect.verdict);
    if (respect.verdict != Respect::Verdict::unknown)
        kept += fmt::format(": ΔE {:.2f} outside the mask, {:.0f} % of it changed",
                            respect.mean_delta_e, 100 * respect.changed_share);
    row("report.mask_kept", "Mask", kept);
    if (const int most = most_cut_off(report); most > 0 && most <= kSlightlyCut) {
        row("report.slightly_cut", "Cut off", cut_off_words(report));
        draw_grow_button(view, out);
    }
    if (report.declared.area() > 0)
        row("report.declared", "Declared",
            fmt::format("{} × {} px at {}, {}", report.declared.width, report.declared.height,
                        report.declared.x, report.declared.y));
    if (report.parts.size() > 1)
        row("report.parts", "Requests",
            fmt::format("{}; these lines are about the largest", report.parts.size()));
    draw_figures(view);
    for (const std::string& note : report.notes)
        icon_text(icons::kInfo, note, colors().text_second, colors().text_second, true);
}

} // namespace mw::ui
