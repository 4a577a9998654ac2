#include "ui/mask_look.h"

#include <imgui.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::MaskLook;

constexpr MaskLook kLooks[] = {MaskLook::overlay, MaskLook::rubylith, MaskLook::matte,
                               MaskLook::outline, MaskLook::off};

void draw_opacity(session::MaskStyle& style, float width) {
    float percent = style.opacity * 100;
    if (slider("overlay.opacity", "Mask", percent, 5, 100, {.width = width, .format = "%.0f %%"}))
        style.opacity = percent / 100;
    tooltip("Opacity of the mask's colour");
}

void draw_list(session::MaskStyle& style, bool with_opacity) {
    for (const MaskLook look : kLooks) {
        if (ImGui::MenuItem(name_of(look), nullptr, style.visible && style.look == look)) {
            style.look = look;
            style.visible = true;
        }
        name_item(std::string("overlay.look.") + name_of(look));
    }
    ImGui::Separator();
    constexpr float kPresets[][3] = {{1, 0.18f, 0.25f}, {0.1f, 0.85f, 0.35f}, {0.15f, 0.55f, 1},
                                     {1, 0.8f, 0.1f},   {1, 0.2f, 0.9f},      {0, 0, 0},
                                     {1, 1, 1}};
    int index = 0;
    for (const auto& c : kPresets) {
        if (index > 0) ImGui::SameLine(0, px(4));
        ImGui::PushID(index++);
        if (ImGui::ColorButton("##c", {c[0], c[1], c[2], 1}, ImGuiColorEditFlags_NoTooltip,
                               px(28, 28)))
            style.color = {c[0], c[1], c[2]};
        ImGui::PopID();
    }
    ImGui::SetNextItemWidth(px(220));
    ImGui::ColorPicker3("##pick", style.color.data(),
                        ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoLabel |
                            ImGuiColorEditFlags_NoInputs);
    if (with_opacity) draw_opacity(style, px(220));
}

} // namespace

const char* name_of(MaskLook look) {
    constexpr const char* kNames[] = {"Overlay", "Rubylith", "Matte", "Outline", "Off"};
    return kNames[static_cast<int>(look)];
}

session::MaskStyle next_look(const session::SessionView& view, const CanvasState& canvas) {
    session::MaskStyle style = view.mask_style;
    const bool hidden = !style.visible || canvas.overlay_muted;
    if (!hidden) style.look = static_cast<MaskLook>((static_cast<int>(style.look) + 1) % 5);
    style.visible = true;
    return style;
}

void draw_mask_look(const session::SessionView& view, const CanvasState& canvas, float unit,
                    session::Actions& out) {
    session::MaskStyle style = view.mask_style;
    const bool shown = overlay_shown(view, canvas);
    if (icon_button("overlay.visible", shown ? icons::kVisibility : icons::kVisibilityOff, false,
                    true, 28))
        ask(Command::toggle_overlay);
    tooltip(Command::toggle_overlay,
            canvas.overlay_muted ? "Hidden while you judge the result." : "");
    ImGui::SameLine(0, px(4));
    const ImVec4 color{style.color[0], style.color[1], style.color[2], 1};
    if (ImGui::ColorButton("##overlay", color, ImGuiColorEditFlags_NoTooltip, px(28, 28)))
        ImGui::OpenPopup("overlay color");
    name_item("overlay.color");
    tooltip("How the mask is shown", first_key(Command::cycle_mask_look), name_of(style.look));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
    if (ImGui::BeginPopup("overlay color")) {
        draw_list(style, unit <= 0);
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
    if (unit > 0) {
        ImGui::SameLine(0, px(4));
        draw_opacity(style, unit);
    }
    if (!(style == view.mask_style)) out.push_back(session::SetMaskStyle{style});
}

} // namespace mw::ui
