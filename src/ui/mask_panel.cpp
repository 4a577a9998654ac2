#include "ui/mask_panel.h"

#include <fmt/format.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

std::string grouped(std::int64_t n) {
    std::string digits = fmt::format("{}", n);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string coverage_words(const session::SessionView& view, const MaskPanelState& state) {
    if (view.mask == nullptr) return "";
    if (state.pixels == 0) return "empty";
    const double share =
        100.0 * static_cast<double>(state.pixels) / static_cast<double>(view.mask->size().area());
    return fmt::format("{:.{}f} % · {} px", share, share < 10 ? 1 : 0, grouped(state.pixels));
}

} // namespace

void count_mask(const session::SessionView& view, MaskPanelState& state) {
    if (view.mask == nullptr) {
        state = {.amount_px = state.amount_px};
    } else if (!state.painting && state.counted_revision != view.mask_revision) {
        state.counted_revision = view.mask_revision;
        state.bounds = view.mask->bounds();
        state.pixels = view.mask->support_area();
    }
}

void draw_mask_panel(const session::SessionView& view, MaskPanelState& state,
                     session::Actions& out) {
    const bool open = view.document != nullptr, some = open && state.pixels > 0;
    heading("Mask", true);
    const std::string words = coverage_words(view, state);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(words.c_str()).x);
    text(words, palette::kTextSecond);
    name_item("mask.coverage");

    const float width = ImGui::GetContentRegionAvail().x;
    slider("mask.amount", "Amount", state.amount_px, 1, 200,
           {.logarithmic = true, .format = "%.0f px"});
    const float third = std::floor((width - 2 * px(4)) / 3);
    const ButtonLook how{.width = third, .enabled = some};
    if (button("mask.grow", "Grow", how)) out.push_back(session::GrowMask{state.amount_px});
    tooltip("Grow", {}, "Widens the mask by the amount, true to its shape.");
    ImGui::SameLine(0, px(4));
    if (button("mask.shrink", "Shrink", how)) out.push_back(session::GrowMask{-state.amount_px});
    tooltip("Shrink", {}, "Narrows the mask by the amount.");
    ImGui::SameLine(0, px(4));
    if (button("mask.feather", "Feather", how)) ask(Command::feather_mask);
    tooltip(Command::feather_mask, "Softens the mask's edge over twice the amount.");

    command_button("mask.invert", Command::invert_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.fill", Command::fill_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.clear", Command::clear_mask, false, some);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(68));
    command_button("mask.load", Command::load_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.save", Command::save_mask, false, some);
}

} // namespace mw::ui
