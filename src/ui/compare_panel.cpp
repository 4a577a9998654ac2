#include "ui/compare_panel.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/canvas_panel.h"
#include "ui/compare_sections.h"
#include "ui/compare_words.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::SessionView;

void draw_head(const SessionView& view) {
    heading("Compare", true);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(28));
    gap(-4);
    if (icon_button("panel.close", icons::kClose, false, true, 28)) ask(Command::toggle_figures);
    tooltip(Command::toggle_figures, "Back to mask and request.");
    const float room = ImGui::GetContentRegionAvail().x;
    for (const auto& [letter, side] :
         {std::pair{"A", &view.comparison.a}, std::pair{"B", &view.comparison.b}}) {
        text_cut(side_words(letter, *side), room);
        if (side->note.empty()) continue;
        gap(-4);
        text_wrapped(side->note, colors().text_second, look().fonts.small);
    }
    if (!(view.compare.nudge == Point{}))
        icon_text(
            icons::kOpenWith,
            fmt::format("B is moved by {}, {} px", view.compare.nudge.x, view.compare.nudge.y),
            colors().warning);
}

void draw_judgement(const SessionView& view) {
    const project::Iteration& shown = view.document->tree.at(view.document->shown);
    if (shown.id == 0 || shown.standing != project::Standing::proposed) return;
    const float half = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    if (button("compare.accept", fmt::format("Accept {}", shown.id),
               {.kind = ButtonKind::primary, .icon = icons::kCheck, .width = half}))
        ask(Command::accept);
    tooltip(Command::accept);
    ImGui::SameLine(0, px(4));
    if (button("compare.reject", fmt::format("Reject {}", shown.id),
               {.icon = icons::kClose, .width = half}))
        ask(Command::reject);
    tooltip(Command::reject);
}

// What changed that was not asked for, in one sentence.
void draw_areas(const worker::PairFigures& figures) {
    if (figures.areas_words.empty()) return;
    const auto any = [](const std::optional<compare::ChangedAreas>& areas) {
        return areas && (!areas->areas.empty() || !areas->complete);
    };
    const bool composite = any(figures.areas), raw = any(figures.raw_areas);
    icon_text(composite ? icons::kWarning
              : raw     ? icons::kInfo
                        : icons::kCheckCircle,
              figures.areas_words,
              composite ? colors().warning
              : raw     ? colors().accent_line
                        : colors().good,
              colors().text, true);
    name_item("compare.areas");
    if (composite || raw)
        tooltip("Outlined on the canvas", {},
                raw ? "Dashed, where the answer as received differs visibly from what was sent."
                    : "Dashed.");
}

// Whether the words that the prompt quotes can be read.
void draw_texts(const worker::PairFigures& figures) {
    for (const compare::TextCheck& text : figures.texts)
        icon_text(text.as_asked ? icons::kCheckCircle : icons::kWarning, text.sentence,
                  text.as_asked ? colors().good : colors().warning, colors().text, true);
    if (!figures.texts_problem.empty())
        icon_text(icons::kInfo, figures.texts_problem, colors().text_second, colors().text_second,
                  true);
    if (!figures.texts.empty() || !figures.texts_problem.empty()) name_item("compare.texts");
}

void draw_state_of_figures(const SessionView& view) {
    const session::ComparisonView& pair = view.comparison;
    if (pair.figures_pending)
        icon_text(icons::kHourglassEmpty, "Measuring…", colors().text_second, colors().text_second);
    else if (!pair.figures_problem.empty())
        icon_text(icons::kError, pair.figures_problem, colors().error, colors().text, true);
    else if (!pair.possible())
        text_wrapped("There are not two pictures to measure. Choose what A and B show.",
                     colors().text_second);
    if (!pair.figures) return;
    draw_areas(*pair.figures);
    draw_texts(*pair.figures);
    const compare::DiffStats& stats = pair.figures->stats;
    const bool masked = stats.outside.pixels > 0 || stats.seam.pixels > 0;
    if (stats.all.changed == 0)
        icon_text(icons::kCheckCircle, "Every sample of A and B is equal.", colors().good);
    else
        text(masked ? fmt::format("Inside and outside: {}", pair.figures_of)
                    : "Without a mask everything is inside",
             colors().text_second, look().fonts.small);
    draw_pair_figures(*pair.figures, masked);
    if (!stats.note.empty())
        icon_text(icons::kInfo, stats.note, colors().text_second, colors().text_second, true);
}

} // namespace

void draw_compare_panel(const SessionView& view, CanvasState& canvas, ComparePanelState& state,
                        session::Actions& out) {
    if (view.document == nullptr) return;
    draw_head(view);
    draw_judgement(view);
    draw_state_of_figures(view);
    const auto& figures = view.comparison.figures;
    if (view.comparison.possible() && fold("compare.pixel", "Under the pointer", state.pixel))
        draw_readout(view, canvas);
    if (figures && fold("compare.spots", "Worst spots", state.spots))
        draw_spots(view, canvas, figures->spots);
    if (figures && fold("compare.histogram", "Histogram of the error", state.histogram))
        draw_histogram(figures->stats, state);
    if (view.comparison.possible() && fold("compare.profile", "Line profile", state.profile))
        draw_profile(view, canvas, state);
    heading("Candidates");
    draw_candidates(view, state, out);
}

} // namespace mw::ui
