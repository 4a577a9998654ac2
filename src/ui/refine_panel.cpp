#include "ui/refine_panel.h"

#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/live_slider.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::RefineKind;
using session::Refinement;

struct Row {
    RefineKind kind;
    const char* name;
    const char* label;
    float high;
    const char* format;
    float scale; // what is shown, of an amount
    bool logarithmic;
    const char* title;
    const char* detail;
};
constexpr Row kRows[] = {
    {RefineKind::grow, "mask.grow", "Grow", 200, "%.1f px", 1, true, "Grow",
     "Widens the mask, true to its shape."},
    {RefineKind::shrink, "mask.shrink", "Shrink", 200, "%.1f px", 1, true, "Shrink",
     "Narrows the mask."},
    {RefineKind::feather, "mask.feather", "Feather", 200, "%.1f px", 1, true, "Feather",
     "Softens the edge over twice the amount."},
    {RefineKind::smooth, "mask.smooth", "Smooth", 200, "%.1f px", 1, true, "Smooth",
     "Rounds the outline: bays, tips and specks smaller than this go."},
    {RefineKind::border, "mask.border", "Border", 200, "%.1f px", 1, true, "Border",
     "Keeps a band along the edge alone, so wide to either side."},
    {RefineKind::contrast, "mask.contrast", "Contrast", 100, "%.0f %%", 100, false, "Contrast",
     "Makes soft edges steeper, up to hard ones."},
    {RefineKind::remove_islands, "mask.islands", "Specks", 10000, "< %.0f px", 1, true,
     "Remove islands", "Clears separate pieces of fewer pixels than this."},
};

bool tall() {
    return ImGui::GetIO().DisplaySize.y >= px(860);
}

void draw_row(const session::SessionView& view, RefinePanelState& state, const Row& row, bool some,
              float width, session::Actions& out) {
    const auto& now = view.selection.refinement;
    const bool in_force = now && now->kind == row.kind;
    float shown = in_force ? static_cast<float>(now->amount) * row.scale : 0;
    ImGui::BeginDisabled(!some && !in_force);
    const Live live =
        live_slider(row.name, row.label, shown, 0, row.high,
                    {.width = width, .logarithmic = row.logarithmic, .format = row.format});
    ImGui::EndDisabled();
    tooltip(row.title, row.kind == RefineKind::feather ? first_key(Command::feather_mask) : "",
            row.detail);
    const Refinement how{row.kind, static_cast<double>(shown) / static_cast<double>(row.scale)};
    if (row.kind == RefineKind::feather && live.tried && shown > 0) state.feather_px = shown;
    if (live.dropped)
        out.push_back(session::CancelMaskWork{});
    else if (live.kept)
        out.push_back(session::RefineMask{how});
    else if (live.tried)
        out.push_back(session::TryRefine{how});
}

} // namespace

void draw_refine_panel(const session::SessionView& view, RefinePanelState& state, bool some,
                       session::Actions& out) {
    bool open = state.open.value_or(tall());
    const bool before = open;
    if (!fold("mask.refine", "Refine", open)) {
        if (open != before) state.open = open;
        return;
    }
    if (open != before) state.open = open;
    const float half = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    int column = 0;
    for (const Row& row : kRows) {
        if (column % 2 == 1) ImGui::SameLine(0, px(4));
        ++column;
        draw_row(view, state, row, some, half, out);
    }
    ImGui::SameLine(0, px(4));
    if (button("mask.holes", "Fill holes", {.width = half, .enabled = some}))
        out.push_back(session::RefineMask{{RefineKind::fill_holes, 0}});
    tooltip("Fill holes", {}, "What the mask surrounds is covered too.");
}

} // namespace mw::ui
