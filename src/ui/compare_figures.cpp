// The pair in figures: the table by region, the histogram, the worst spots.
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "ui/canvas_panel.h"
#include "ui/compare_sections.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using compare::RegionStats;

std::string db(double psnr) {
    return std::isinf(psnr) ? std::string("∞") : fmt::format("{:.2f}", psnr);
}

// 1234567 as "1.23 M": a table cell has room for six characters.
std::string count(std::int64_t n) {
    if (n < 100'000) return fmt::format("{}", n);
    if (n < 10'000'000) return fmt::format("{:.2f} M", double(n) / 1e6);
    return fmt::format("{:.0f} M", double(n) / 1e6);
}

std::string level(double v) {
    return v == std::floor(v) && v < 100'000 ? fmt::format("{:.0f}", v) : fmt::format("{:.3g}", v);
}

struct Row {
    const char* words;
    const char* about;
    std::string (*of)(const RegionStats&);
};
constexpr Row kRows[] = {
    {"Changed", "Samples whose bits differ, channels counted singly.",
     [](const RegionStats& s) { return count(s.changed); }},
    {"Largest", "The largest difference of a sample, in levels of the deeper picture.",
     [](const RegionStats& s) { return level(s.max_abs); }},
    {"ΔE mean", "CIEDE2000 of what is shown.",
     [](const RegionStats& s) { return fmt::format("{:.2f}", s.delta_e_mean); }},
    {"ΔE 99 %", "One pixel in a hundred is worse.",
     [](const RegionStats& s) { return fmt::format("{:.2f}", s.delta_e_p99); }},
    {"PSNR dB", "Of the samples, against their full range.",
     [](const RegionStats& s) { return db(s.psnr); }},
    {"SSIM", "Structural similarity of luma; 1 is equal.",
     [](const RegionStats& s) { return fmt::format("{:.4f}", s.ssim); }},
    {"FLIP mean", "What one sees when flipping between the two, 0 to 1, at the chosen distance.",
     [](const RegionStats& s) { return fmt::format("{:.4f}", s.flip_mean); }},
    {"FLIP ¼", "Weighted first quartile.",
     [](const RegionStats& s) { return fmt::format("{:.4f}", s.flip_first_quartile); }},
    {"FLIP ½", "Weighted median.",
     [](const RegionStats& s) { return fmt::format("{:.4f}", s.flip_median); }},
    {"FLIP ¾", "Weighted third quartile.",
     [](const RegionStats& s) { return fmt::format("{:.4f}", s.flip_third_quartile); }},
};

} // namespace

void cell(const std::string& words, ImU32 color) {
    const float w = ImGui::CalcTextSize(words.c_str()).x;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                         std::max(0.0f, ImGui::GetContentRegionAvail().x - w));
    text(words, color, look().fonts.small);
}

void draw_pair_figures(const worker::PairFigures& figures, bool masked) {
    ImFont* small = look().fonts.small;
    ImGui::PushFont(small);
    if (ImGui::BeginTable("##pair", 5, ImGuiTableFlags_SizingFixedFit)) {
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, px(64));
        for (int i = 1; i < 5; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, 1.0f);
        ImGui::TableNextRow();
        constexpr const char* kHeads[] = {"", "Inside", "Seam", "Outside", "All"};
        for (int i = 0; i < 5; ++i) {
            ImGui::TableSetColumnIndex(i);
            cell(kHeads[i], colors().text_second);
        }
        const compare::DiffStats& s = figures.stats;
        const RegionStats* regions[] = {&s.inside, &s.seam, &s.outside, &s.all};
        for (const Row& row : kRows) {
            ImGui::TableNextRow();
            ImGui::TableSetColumnIndex(0);
            text(row.words, colors().text_second, small);
            tooltip(row.words, {}, row.about);
            for (int i = 0; i < 4; ++i) {
                ImGui::TableSetColumnIndex(i + 1);
                const bool there = regions[i]->pixels > 0 && (masked || i == 3);
                cell(there ? row.of(*regions[i]) : "–",
                     i == 2 && there && &row == &kRows[0] && s.outside.changed > 0
                         ? colors().warning
                         : colors().text);
            }
        }
        ImGui::EndTable();
    }
    ImGui::PopFont();
    name_item("compare.table");
}

void draw_histogram(const compare::DiffStats& stats, ComparePanelState& state) {
    const auto chosen = choices({{"histogram.delta_e", nullptr, "ΔE 2000", nullptr},
                                 {"histogram.flip", nullptr, "FLIP", nullptr}},
                                state.histogram_of_flip ? 1 : 0);
    if (chosen) state.histogram_of_flip = *chosen == 1;
    const compare::ErrorHistogram& h =
        state.histogram_of_flip ? stats.all.flip_histogram : stats.all.delta_e_histogram;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, px(72)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colors().field, px(4));
    std::int64_t most = 0;
    for (const std::int64_t n : h.count)
        most = std::max(most, n);
    // Logarithmic: what differs is a small part of most pictures.
    const double scale = std::log1p(static_cast<double>(std::max<std::int64_t>(most, 1)));
    const float width = (size.x - px(8)) / static_cast<float>(h.count.size());
    for (std::size_t i = 0; i < h.count.size(); ++i) {
        if (h.count[i] == 0) continue;
        const float height =
            (size.y - px(8)) * static_cast<float>(std::log1p(double(h.count[i])) / scale);
        const float x = at.x + px(4) + width * static_cast<float>(i);
        list->AddRectFilled({x, at.y + size.y - px(4) - std::max(px(1), height)},
                            {x + std::max(1.0f, width - 1), at.y + size.y - px(4)},
                            colors().accent_line);
    }
    ImGui::Dummy(size);
    name_item("histogram.plot");
    const ImVec2 mouse = ImGui::GetMousePos();
    if (ImGui::IsItemHovered() && width > 0) {
        const auto i = static_cast<std::size_t>(std::clamp((mouse.x - at.x - px(4)) / width, 0.0f,
                                                           static_cast<float>(h.count.size() - 1)));
        const double low = static_cast<double>(i) * h.class_width();
        tooltip(i + 1 == h.count.size() ? fmt::format("{:.3g} and more: {} pixels", low, h.count[i])
                                        : fmt::format("{:.3g} to {:.3g}: {} pixels", low,
                                                      low + h.class_width(), h.count[i]));
    }
    gap(-4);
    ImFont* small = look().fonts.small;
    text("0", colors().text_second, small);
    const std::string end = fmt::format("{:.3g}", h.full_scale);
    const float w = small->CalcTextSizeA(small->FontSize, 1e9f, 0, end.c_str()).x;
    const char* middle = "pixels, logarithmic";
    const float m = small->CalcTextSizeA(small->FontSize, 1e9f, 0, middle).x;
    ImGui::SameLine((ImGui::GetContentRegionMax().x - m) / 2);
    text(middle, colors().text_second, small);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - w);
    text(end, colors().text_second, small);
}

void draw_spots(const session::SessionView& view, CanvasState& canvas,
                const std::vector<compare::Spot>& spots) {
    if (spots.empty()) {
        text("None: nothing differs.", colors().text_second);
        return;
    }
    int index = 0;
    const float half = std::floor((ImGui::GetContentRegionAvail().x - px(4)) / 2);
    for (const compare::Spot& spot : spots) {
        if (index % 2 == 1) ImGui::SameLine(0, px(4));
        const bool looked = canvas.compare.spot == spot.bounds;
        const std::string name = fmt::format("spot.{}", index++);
        if (button(
                name.c_str(),
                fmt::format("{:.3f}  at {}, {}", spot.value, spot.peak.x, spot.peak.y),
                {.kind = ButtonKind::quiet, .width = half, .height = px(24), .selected = looked}))
            look_at_spot(view, canvas, spot.bounds);
        tooltip(
            fmt::format("FLIP {:.3f} on average, {:.3f} at its worst", spot.value, spot.peak_value),
            first_key(Command::next_spot), "Shows it on the canvas.");
    }
}

} // namespace mw::ui
