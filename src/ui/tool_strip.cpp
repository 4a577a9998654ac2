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
                                        palette::kLine, px(1));
    ImGui::Dummy(px(32, 8));
    gap(-4);
}

} // namespace

void draw_tool_strip(const session::SessionView& view, session::Actions&) {
    const bool open = view.document != nullptr;
    using session::Tool;
    command_button("tool.brush", Command::brush, open && view.tool == Tool::brush, open);
    command_button("tool.eraser", Command::eraser, open && view.tool == Tool::eraser, open);
    command_button("tool.pan", Command::pan, open && view.tool == Tool::pan, open);
    command_button("tool.crop", Command::crop, open && view.tool == Tool::crop, open);
    rule();
    if (icon_button("undo", icons::kUndo, false, !view.undo_name.empty())) ask(Command::undo);
    tooltip(Command::undo, view.undo_name);
    if (icon_button("redo", icons::kRedo, false, !view.redo_name.empty())) ask(Command::redo);
    tooltip(Command::redo, view.redo_name);
    rule();
    command_button("tool.invert", Command::invert_mask, false, open);
    command_button("tool.clear", Command::clear_mask, false,
                   open && view.mask != nullptr && !view.mask->empty());
    rule();
    command_button("view.fit", Command::fit, false, open);
    command_button("view.100", Command::zoom_100, false, open);
    command_button("view.mask", Command::zoom_to_mask, false, open);
}

} // namespace mw::ui
