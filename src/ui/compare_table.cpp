// All candidates in one table, each against what it was made from.
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "embedded/icons.h"
#include "ui/compare_sections.h"
#include "ui/compare_words.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CandidateRow;
using session::SessionView;

struct Column {
    CandidateColumn id;
    const char* words;
    const char* name; // of its head, for tests
    const char* about;
};
constexpr Column kColumns[] = {
    {CandidateColumn::id, "#", "candidates.id", "In the order of the history"},
    {CandidateColumn::outside, "Out", "candidates.outside", "Samples changed outside its mask"},
    {CandidateColumn::delta_e, "ΔE", "candidates.delta_e", "ΔE 2000 inside its mask, mean"},
    {CandidateColumn::p99, "99 %", "candidates.p99", "ΔE 2000 inside, 99th percentile"},
    {CandidateColumn::psnr, "dB", "candidates.psnr", "PSNR inside"},
    {CandidateColumn::ssim, "SSIM", "candidates.ssim", "SSIM inside"},
    {CandidateColumn::flip, "FLIP", "candidates.flip", "FLIP inside, mean"},
    {CandidateColumn::seconds, "s", "candidates.seconds", "From the request to the graft"},
};

double value_of(const SessionView& view, const CandidateRow& row, CandidateColumn column) {
    if (column == CandidateColumn::id) return row.id;
    if (column == CandidateColumn::seconds) return view.document->tree.at(row.id).seconds;
    const compare::RegionStats& in = row.stats->inside;
    switch (column) {
        case CandidateColumn::outside:
            return static_cast<double>(row.stats->outside.changed);
        case CandidateColumn::delta_e:
            return in.delta_e_mean;
        case CandidateColumn::p99:
            return in.delta_e_p99;
        case CandidateColumn::psnr:
            return in.psnr;
        case CandidateColumn::ssim:
            return in.ssim;
        default:
            return in.flip_mean;
    }
}

std::string words_of(const SessionView& view, const CandidateRow& row, CandidateColumn column) {
    const bool known =
        row.stats || column == CandidateColumn::id || column == CandidateColumn::seconds;
    if (!known) return row.failed ? "–" : "…";
    const double v = value_of(view, row, column);
    switch (column) {
        case CandidateColumn::id:
            return fmt::format("{:.0f}", v);
        case CandidateColumn::outside:
            return v < 10'000 ? fmt::format("{:.0f}", v) : fmt::format("{:.1f}M", v / 1e6);
        case CandidateColumn::ssim:
        case CandidateColumn::flip:
            return fmt::format("{:.3f}", v);
        case CandidateColumn::psnr:
            return std::isinf(v) ? std::string("∞") : fmt::format("{:.1f}", v);
        default:
            return fmt::format("{:.1f}", v);
    }
}

void draw_heads(ComparePanelState& state) {
    ImGui::TableNextRow();
    for (const Column& column : kColumns) {
        ImGui::TableNextColumn();
        const bool sorted = state.sorted_by == column.id;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        ImGui::PushID(column.name);
        if (ImGui::InvisibleButton("##head", {std::max(1.0f, width), px(20)})) {
            state.falling = sorted && !state.falling;
            state.sorted_by = column.id;
        }
        ImGui::PopID();
        name_item(column.name);
        tooltip(column.about, {}, sorted ? "Press again to turn the order." : "Sorts.");
        ImDrawList* list = ImGui::GetWindowDrawList();
        const float w = ImGui::CalcTextSize(column.words).x;
        list->AddText({std::floor(at.x + width - w), at.y + px(2)},
                      sorted ? colors().accent_line : colors().text_second, column.words);
        if (sorted) { // an arrowhead under the word
            const float x = at.x + width - w / 2, y = at.y + px(17), d = state.falling ? 1 : -1;
            list->AddTriangleFilled({x - px(3), y - d * px(1.5f)}, {x + px(3), y - d * px(1.5f)},
                                    {x, y + d * px(1.5f)}, colors().accent_line);
        }
    }
}

} // namespace

std::vector<CandidateRow> sorted_candidates(const SessionView& view, CandidateColumn by,
                                            bool falling) {
    std::vector<CandidateRow> rows = view.comparison.candidates;
    const bool always = by == CandidateColumn::id || by == CandidateColumn::seconds;
    std::stable_sort(rows.begin(), rows.end(), [&](const CandidateRow& a, const CandidateRow& b) {
        const bool known_a = always || a.stats, known_b = always || b.stats;
        if (!known_a || !known_b) return known_a && !known_b;
        const double x = value_of(view, a, by), y = value_of(view, b, by);
        return falling ? x > y : x < y;
    });
    return rows;
}

void draw_candidates(const SessionView& view, ComparePanelState& state, session::Actions& out) {
    if (view.comparison.candidates.empty()) {
        text_wrapped("Each result has a row here, against what it was made from.",
                     colors().text_second);
        return;
    }
    ImGui::PushFont(look().fonts.small);
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, px(2, 2));
    if (ImGui::BeginTable("##candidates", static_cast<int>(std::size(kColumns)),
                          ImGuiTableFlags_SizingFixedFit)) {
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, px(22));
        for (std::size_t i = 1; i < std::size(kColumns); ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.0f);
        draw_heads(state);
        for (const CandidateRow& row : sorted_candidates(view, state.sorted_by, state.falling)) {
            ImGui::TableNextRow();
            const bool shown = row.id == view.document->shown;
            if (shown) ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0, colors().hover);
            for (const Column& column : kColumns) {
                ImGui::TableNextColumn();
                if (column.id == CandidateColumn::id) {
                    const ImVec2 at = ImGui::GetCursorPos();
                    ImGui::PushID(row.id);
                    if (ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns))
                        out.push_back(session::ShowIteration{row.id});
                    ImGui::PopID();
                    name_item(fmt::format("candidate.{}", row.id));
                    tooltip(view.document->tree.at(row.id).prompt, {}, "Press to show it.");
                    ImGui::SetCursorPos(at);
                }
                const bool warns = column.id == CandidateColumn::outside && row.stats &&
                                   row.stats->outside.changed > 0;
                cell(words_of(view, row, column.id), warns ? colors().warning : colors().text);
            }
        }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar();
    ImGui::PopFont();
    const float half = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    if (button("compare.export_table", "Table…", {.icon = icons::kSaveAlt, .width = half}))
        ask(Command::export_table);
    tooltip("Export the table", {}, "CSV or JSON, by the ending of the name.");
    ImGui::SameLine(0, px(4));
    if (button("compare.export_report", "Report…", {.icon = icons::kSaveAlt, .width = half}))
        ask(Command::export_report);
    tooltip("Export a report", {},
            "For people without this program: a page with pictures, wipe and figures (.html), a "
            "contact sheet (.png), or A and B in turns (.webp, .gif).");
}

} // namespace mw::ui
