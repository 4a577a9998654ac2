#include "ui/live_slider.h"

#include <imgui_internal.h>

namespace mw::ui {

Live live_slider(const char* name, std::string_view label, float& value, float low, float high,
                 const SliderLook& how) {
    Live live;
    live.tried = slider(name, label, value, low, high, how);
    const ImGuiID id = ImGui::GetItemID();
    ImGuiStorage& storage = *ImGui::GetStateStorage();
    live.kept = ImGui::IsItemDeactivatedAfterEdit();
    if (ImGui::IsItemActivated()) storage.SetBool(id, false);
    // The hand may still hold the button: until it presses again, nothing comes of it.
    if (storage.GetBool(id)) live.tried = live.kept = false;
    if (ImGui::IsItemActive() && !ImGui::TempInputIsActive(id) &&
        ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        storage.SetBool(id, true);
        ImGui::ClearActiveID();
        live = {};
        live.dropped = true;
    }
    return live;
}

} // namespace mw::ui
