#include "ui/verdict_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using project::Iteration;
using project::Standing;
using session::SessionView;

void draw_judgement(const SessionView& view, const Iteration& shown, session::Actions& out) {
    const float half = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    const bool is_base = view.document->base == shown.id;
    if (shown.standing == Standing::proposed) {
        if (button("accept", "Accept",
                   {.kind = ButtonKind::primary,
                    .icon = icons::kCheck,
                    .width = half,
                    .height = px(32)}))
            out.push_back(session::AcceptIteration{shown.id});
        tooltip(Command::accept, "The next request starts from this result.");
        ImGui::SameLine(0, px(4));
        if (button("reject", "Reject", {.icon = icons::kClose, .width = half, .height = px(32)}))
            out.push_back(session::RejectIteration{shown.id});
        tooltip(Command::reject, "Back to what it came from; it stays in the history.");
    } else if (shown.standing == Standing::rejected) {
        if (button("accept", "Accept after all", {.icon = icons::kCheck}))
            out.push_back(session::AcceptIteration{shown.id});
    } else if (!is_base) {
        if (button("branch", "Branch from here", {.icon = icons::kCallSplit}))
            out.push_back(session::AcceptIteration{shown.id});
    } else {
        icon_text(icons::kCallSplit, "The next request starts here", palette::kTextSecond,
                  palette::kTextSecond);
    }
}

void draw_proof(const composite::GraftReport& report) {
    const bool kept =
        report.changed_outside_mask == 0 && report.outside_sha256 == report.outside_sha256_before;
    const std::string words =
        kept ? "0 samples changed outside the mask"
             : fmt::format("{} samples changed outside the mask", report.changed_outside_mask);
    icon_text(kept ? icons::kCheckCircle : icons::kError, words,
              kept ? palette::kGood : palette::kError, palette::kText, true);
    name_item("verdict.proof");
    tooltip(kept ? "Counted and hashed, not assumed" : "The promise is broken", {},
            "SHA-256 of every sample outside the mask\nbefore  " + report.outside_sha256_before +
                "\nafter   " + report.outside_sha256);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + px(24));
    gap(-6);
    text(fmt::format("SHA-256 {}… {}", report.outside_sha256.substr(0, 12),
                     kept ? "as before" : "is not as before"),
         palette::kTextSecond, look().fonts.small);
}

void draw_corrections(const composite::GraftReport& report) {
    const composite::Registration& r = report.registration;
    const std::string aligned =
        r.applied
            ? fmt::format("Aligned by {:.2f}, {:.2f} px{}", r.dx, r.dy,
                          std::abs(r.scale - 1) < 5e-4 ? "" : fmt::format(", × {:.4f}", r.scale))
            : "Not moved" + (r.reason.empty() ? std::string() : ": " + r.reason);
    icon_text(icons::kOpenWith, aligned, palette::kTextSecond, palette::kTextSecond, true);
    const composite::ColorMatch& c = report.color_match;
    const std::string colors =
        c.applied
            ? fmt::format("Colours matched: ΔE {:.2f} to {:.2f}", c.delta_e_before, c.delta_e_after)
            : "Colours as they came" + (c.reason.empty() ? std::string() : ": " + c.reason);
    icon_text(icons::kPalette, colors, palette::kTextSecond, palette::kTextSecond, true);
}

void draw_figures(const SessionView& view) {
    if (!view.figures) {
        if (view.figures_pending)
            icon_text(icons::kHourglassEmpty, "Measuring…", palette::kTextSecond,
                      palette::kTextSecond);
        return;
    }
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
            right(kHeads[i], palette::kTextSecond);
        }
        const std::pair<const char*, const compare::RegionStats*> rows[] = {
            {"Inside", &view.figures->inside},
            {"Seam", &view.figures->seam},
            {"Outside", &view.figures->outside}};
        for (const auto& [name, s] : rows) {
            ImGui::TableNextRow();
            ImGui::TableSetColumnIndex(0);
            text(name, palette::kTextSecond, small);
            const std::string cells[] = {
                fmt::format("{:.2f}", s->delta_e_mean), fmt::format("{:.1f}", s->delta_e_p99),
                fmt::format("{:.3f}", s->ssim), fmt::format("{:.3f}", s->flip_mean)};
            for (int i = 0; i < 4; ++i) {
                ImGui::TableSetColumnIndex(i + 1);
                right(cells[i], palette::kText);
            }
        }
        ImGui::EndTable();
    }
    ImGui::PopFont();
}

void draw_standing(const Iteration& shown) {
    const char* words = shown.standing == Standing::accepted   ? "accepted"
                        : shown.standing == Standing::rejected ? "rejected"
                                                               : "proposal";
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(words).x);
    text(words, palette::kTextSecond);
    name_item("verdict.standing");
}

} // namespace

void draw_verdict_panel(const SessionView& view, session::Actions& out) {
    if (view.document == nullptr) return;
    const Iteration& shown = view.document->tree.at(view.document->shown);
    if (shown.id == 0) {
        heading("Original");
        if (view.document->base != 0) {
            draw_judgement(view, shown, out);
        } else {
            text_wrapped(view.document->tree.size() == 1
                             ? "The verdict on a result appears here."
                             : "The next request starts from the original.",
                         palette::kTextSecond);
        }
        return;
    }
    heading(fmt::format("Result {}", shown.id));
    draw_standing(shown);
    const std::string said = !shown.what_was_done.empty() ? shown.what_was_done
                             : !shown.prompt.empty()      ? shown.prompt
                                                          : std::string();
    text_wrapped(said, palette::kText);
    const std::string from = shown.parent == 0 ? "the original" : fmt::format("{}", shown.parent);
    gap(-4);
    text(fmt::format("from {} · {:.1f} s", from, shown.seconds), palette::kTextSecond,
         look().fonts.small);
    draw_judgement(view, shown, out);
    draw_proof(shown.report);
    draw_corrections(shown.report);
    draw_figures(view);
    for (const std::string& note : shown.report.notes)
        icon_text(icons::kInfo, note, palette::kTextSecond, palette::kTextSecond, true);
}

} // namespace mw::ui
