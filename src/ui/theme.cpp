#include "ui/theme.h"

#include <imgui.h>

#include <cmath>

#include "ui/palette.h"

namespace mw::ui {
namespace {

void set(ImGuiStyle& style, ImGuiCol which, ImU32 color) {
    style.Colors[which] = ImGui::ColorConvertU32ToFloat4(color);
}

void set_colors(ImGuiStyle& s, const Palette& p) {
    set(s, ImGuiCol_Text, p.text);
    set(s, ImGuiCol_TextDisabled, p.text_off);
    set(s, ImGuiCol_WindowBg, p.panel);
    set(s, ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_PopupBg, p.panel);
    set(s, ImGuiCol_Border, p.line);
    set(s, ImGuiCol_FrameBg, p.field);
    set(s, ImGuiCol_FrameBgHovered, p.field_hover);
    set(s, ImGuiCol_FrameBgActive, p.field);
    set(s, ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_ScrollbarGrab, p.part_quiet);
    set(s, ImGuiCol_ScrollbarGrabHovered, p.part);
    set(s, ImGuiCol_ScrollbarGrabActive, p.part_strong);
    set(s, ImGuiCol_CheckMark, p.accent_line);
    set(s, ImGuiCol_SliderGrab, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_SliderGrabActive, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_Button, p.raised);
    set(s, ImGuiCol_ButtonHovered, p.hover);
    set(s, ImGuiCol_ButtonActive, p.press);
    set(s, ImGuiCol_Header, p.hover);
    set(s, ImGuiCol_HeaderHovered, p.hover);
    set(s, ImGuiCol_HeaderActive, p.press);
    set(s, ImGuiCol_Separator, p.line);
    set(s, ImGuiCol_TextSelectedBg, p.selected_text);
    set(s, ImGuiCol_NavHighlight, p.accent_line);
    set(s, ImGuiCol_ModalWindowDimBg, p.shade);
    set(s, ImGuiCol_DragDropTarget, p.accent_line);
}

} // namespace

void apply_theme(float scale, Theme theme) {
    ImGuiStyle style;
    const auto at = [scale](float v) { return std::floor(v * scale + 0.5f); };
    style.WindowPadding = {at(12), at(12)};
    style.WindowRounding = 0;
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.ChildBorderSize = std::max(1.0f, at(1));
    style.ChildRounding = at(4);
    style.PopupRounding = at(6);
    style.PopupBorderSize = std::max(1.0f, at(1));
    style.FramePadding = {at(8), at(7)}; // fields as high as buttons: 28
    style.FrameRounding = at(4);
    style.FrameBorderSize = 0;
    style.ItemSpacing = {at(8), at(8)};
    style.ItemInnerSpacing = {at(8), at(4)};
    style.CellPadding = {at(4), at(2)};
    style.ScrollbarSize = at(10);
    style.ScrollbarRounding = at(5);
    style.GrabMinSize = at(8);
    style.GrabRounding = at(4);
    style.SelectableTextAlign = {0, 0.5f};
    style.DisabledAlpha = 1; // widgets draw their own disabled state, readable
    style.HoverStationaryDelay = 0.12f;
    style.HoverDelayShort = 0.35f;
    set_colors(style, palette_of(theme));
    ImGui::GetStyle() = style;

    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTrickleEventQueue = false; // see input_order.h
    io.ConfigInputTextCursorBlink = false;   // an idle window draws nothing
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.ConfigWindowsResizeFromEdges = false;
}

} // namespace mw::ui
