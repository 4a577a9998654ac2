#include "ui/splitter.h"

#include "ui/look.h"
#include "ui/palette.h"

namespace mw::ui {

SplitResult splitter(const char* name, SplitAxis axis, ImVec2 min, ImVec2 max) {
    SplitResult result;
    const ImVec2 size{max.x - min.x, max.y - min.y};
    if (size.x < 1 || size.y < 1) return result;
    ImGui::SetNextWindowPos(min);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    const bool shown =
        ImGui::Begin(name, nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                         ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing);
    ImGui::PopStyleVar();
    if (shown) {
        cover_canvas();
        ImGui::InvisibleButton("##edge", size);
        name_item(name);
        const bool active = ImGui::IsItemActive();
        const bool columns = axis == SplitAxis::columns;
        if (ImGui::IsItemHovered() || active) {
            ImGui::SetMouseCursor(columns ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
            const ImVec2 middle{(min.x + max.x) / 2, (min.y + max.y) / 2}, w = px(1, 1);
            const ImVec2 from =
                columns ? ImVec2{middle.x - w.x, min.y} : ImVec2{min.x, middle.y - w.y};
            const ImVec2 to =
                columns ? ImVec2{middle.x + w.x, max.y} : ImVec2{max.x, middle.y + w.y};
            ImGui::GetWindowDrawList()->AddRectFilled(from, to, colors().accent_line);
        }
        result.ended = ImGui::IsItemDeactivated();
        result.held = active || result.ended;
        result.reset = ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0);
        if (active && ImGui::IsMouseDragging(0, 0)) {
            const ImVec2 drag = ImGui::GetMouseDragDelta(0, 0);
            result.moved = (columns ? drag.x : drag.y) / look().scale;
        }
    }
    ImGui::End();
    return result;
}

} // namespace mw::ui
