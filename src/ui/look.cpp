#include "ui/look.h"

#include <imgui_internal.h>

#include <cassert>
#include <cmath>

#include "ui/theme.h"

namespace mw::ui {

void Look::begin_frame() {
    commands.clear();
    widgets.clear();
    focused.clear();
    above_canvas_before = std::move(above_canvas);
    above_canvas.clear();
    wake_after = std::numeric_limits<double>::infinity();
}

void Look::follow(const session::Preferences& preferences) {
    if (preferences.theme != theme) {
        theme = preferences.theme;
        apply_theme(scale, theme);
    }
    if (preferences.key_preset == key_preset_ && preferences.keys == key_changes_) return;
    key_preset_ = preferences.key_preset;
    key_changes_ = preferences.keys;
    keys = Keymap(key_preset_, key_changes_);
}

Look& look() {
    auto* found = static_cast<Look*>(ImGui::GetIO().UserData);
    assert(found != nullptr);
    return *found;
}

float px(float design) {
    return std::floor(design * look().scale + 0.5f);
}
ImVec2 px(float x, float y) {
    return {px(x), px(y)};
}

void wake_in(double seconds) {
    look().wake_after = std::min(look().wake_after, seconds);
}

void name_item(std::string_view name) {
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    const bool enabled = (g.LastItemData.InFlags & ImGuiItemFlags_Disabled) == 0;
    name_rect(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), enabled);
    const ImGuiID id = g.LastItemData.ID;
    if (id != 0 && (g.ActiveId == id || (g.NavId == id && !g.NavDisableHighlight)))
        look().focused = name;
}

void name_rect(std::string_view name, ImVec2 min, ImVec2 max, bool enabled) {
    look().widgets[std::string(name)] = {min.x, min.y, max.x - min.x, max.y - min.y, enabled};
}

void settle_focus() {
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    const bool walks = (g.IO.ConfigFlags & ImGuiConfigFlags_NavEnableKeyboard) != 0;
    if (walks && g.NavWindow == g.CurrentWindow && g.NavId == 0 && g.ActiveId == 0)
        ImGui::NavInitWindow(g.CurrentWindow, true);
}

void cover_canvas() {
    const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
    look().above_canvas.push_back({at.x, at.y, size.x, size.y, true});
}

} // namespace mw::ui
