#include "ui/verdict_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/report_panel.h"
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
        icon_text(icons::kCallSplit, "The next request starts here", colors().text_second,
                  colors().text_second);
    }
}

void draw_standing(const Iteration& shown) {
    const char* words = shown.standing == Standing::accepted   ? "accepted"
                        : shown.standing == Standing::rejected ? "rejected"
                                                               : "proposal";
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(words).x);
    text(words, colors().text_second);
    name_item("verdict.standing");
}

} // namespace

void draw_verdict_panel(const SessionView& view, VerdictPanelState& state, session::Actions& out) {
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
                         colors().text_second);
        }
        if (fold("graft.fold", "Graft of the next result", state.graft_next))
            draw_graft_panel(view, state.controls, out);
        return;
    }
    heading(fmt::format("Result {}", shown.id));
    draw_standing(shown);
    const std::string said = !shown.what_was_done.empty() ? shown.what_was_done
                             : !shown.prompt.empty()      ? shown.prompt
                                                          : std::string();
    text_wrapped(said, colors().text);
    const std::string from = shown.parent == 0 ? "the original" : fmt::format("{}", shown.parent);
    gap(-4);
    text(fmt::format("from {} · {:.1f} s", from, shown.seconds), colors().text_second,
         look().fonts.small);
    draw_judgement(view, shown, out);
    const composite::GraftReport& report = *graft_report(view);
    draw_proof(view, shown.report);
    draw_warnings(view, report, out);
    if (shown.graft.redact) {
        icon_text(icons::kInfo,
                  "An export holds nothing of what was covered. The project keeps the original.",
                  colors().warning, colors().text_second, true);
        name_item("verdict.redacted");
    }
    if (!shown.combined && !shown.graft.redact && fold("graft.fold", "Graft", state.graft))
        draw_graft_panel(view, state.controls, out);
    if (fold("report.fold", "Report", state.report)) draw_report(view, report, out);
}

} // namespace mw::ui
