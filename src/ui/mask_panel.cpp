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

std::string coverage_words(const session::SessionView& view) {
    if (view.mask == nullptr) return "";
    const std::int64_t pixels = view.selection.pixels;
    if (pixels == 0) return "empty";
    const double share =
        100.0 * static_cast<double>(pixels) / static_cast<double>(view.mask->size().area());
    return fmt::format("{:.{}f} % · {} px", share, share < 10 ? 1 : 0, grouped(pixels));
}

} // namespace

void draw_mask_panel(const session::SessionView& view, MaskPanelState& state,
                     session::Actions& out) {
    const bool open = view.document != nullptr, some = open && view.selection.pixels > 0;
    heading("Mask", true);
    const std::string words = coverage_words(view);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(words.c_str()).x);
    text(words, colors().text_second);
    name_item("mask.coverage");

    command_button("mask.invert", Command::invert_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.fill", Command::fill_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.clear", Command::clear_mask, false, some);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(104));
    draw_mask_slots(view, state.slots, out);
    ImGui::SameLine(0, px(4));
    command_button("mask.load", Command::load_mask, false, open);
    ImGui::SameLine(0, px(4));
    command_button("mask.save", Command::save_mask, false, some);
    draw_refine_panel(view, state.refine, some, out);
}

} // namespace mw::ui
