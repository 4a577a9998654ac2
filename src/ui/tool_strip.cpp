#include "ui/tool_strip.h"

#include <fmt/format.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

void rule() {
    gap(-4);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine({at.x + px(4), at.y + px(4)}, {at.x + px(28), at.y + px(4)},
                                        colors().line, px(1));
    ImGui::Dummy(px(32, 8));
    gap(-4);
}

} // namespace

void draw_tool_strip(const session::SessionView& view, session::Actions&) {
    const bool open = view.document != nullptr;
    using session::Tool;
    // Twelve buttons and four rules; in a low window they stand closer.
    constexpr float kRoomy = 520;
    const bool low = ImGui::GetContentRegionAvail().y < px(kRoomy);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, low ? px(8, 4) : px(8, 8));
    // A group shows the tool of it that is chosen.
    const auto group = [&](const char* name, Command command, Tool first,
                           std::initializer_list<const char*> icons) {
        const int at = static_cast<int>(view.tool) - static_cast<int>(first);
        const bool chosen = open && at >= 0 && at < static_cast<int>(icons.size());
        const char* icon = chosen ? icons.begin()[at] : info(command).icon;
        if (icon_button(name, icon, chosen, open)) ask(command);
        tooltip(command, icons.size() > 1 ? "Again for the next of them." : "");
    };
    command_button("tool.brush", Command::brush, open && view.tool == Tool::brush, open);
    command_button("tool.eraser", Command::eraser, open && view.tool == Tool::eraser, open);
    group("tool.clone", Command::clone, Tool::clone, {icons::kApproval, icons::kHealing});
    rule();
    group("tool.shape", Command::select_shape, Tool::rectangle,
          {icons::kCropDin, icons::kPanoramaFishEye});
    group("tool.lasso", Command::select_lasso, Tool::lasso,
          {icons::kGesture, icons::kPolyline, icons::kContentCut});
    group("tool.wand", Command::select_wand, Tool::wand,
          {icons::kAutoFixHigh, icons::kColorize, icons::kTonality});
    group("tool.smart", Command::select_smart, Tool::smart, {icons::kHighlightAlt});
    rule();
    group("tool.markup", Command::markup, Tool::markup, {icons::kRateReview});
    rule();
    command_button("tool.pan", Command::pan, open && view.tool == Tool::pan, open);
    command_button("tool.crop", Command::crop, open && view.tool == Tool::crop, open);
    rule();
    if (icon_button("undo", icons::kUndo, false, !view.undo_name.empty())) ask(Command::undo);
    tooltip(Command::undo, view.undo_name);
    if (icon_button("redo", icons::kRedo, false, !view.redo_name.empty())) ask(Command::redo);
    tooltip(Command::redo, view.redo_name);
    ImGui::PopStyleVar();
}

} // namespace mw::ui
