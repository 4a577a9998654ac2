#include "ui/theme.h"

#include <imgui.h>

#include <cmath>

#include "ui/palette.h"

namespace mw::ui {
namespace {

void set(ImGuiStyle& style, ImGuiCol which, ImU32 color) {
    style.Colors[which] = ImGui::ColorConvertU32ToFloat4(color);
}

void set_colors(ImGuiStyle& s) {
    namespace p = palette;
    set(s, ImGuiCol_Text, p::kText);
    set(s, ImGuiCol_TextDisabled, p::kTextOff);
    set(s, ImGuiCol_WindowBg, p::kPanel);
    set(s, ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_PopupBg, p::kPanel);
    set(s, ImGuiCol_Border, p::kLine);
    set(s, ImGuiCol_FrameBg, p::kField);
    set(s, ImGuiCol_FrameBgHovered, IM_COL32(36, 36, 36, 255));
    set(s, ImGuiCol_FrameBgActive, p::kField);
    set(s, ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_ScrollbarGrab, IM_COL32(90, 90, 90, 255));
    set(s, ImGuiCol_ScrollbarGrabHovered, IM_COL32(110, 110, 110, 255));
    set(s, ImGuiCol_ScrollbarGrabActive, IM_COL32(130, 130, 130, 255));
    set(s, ImGuiCol_CheckMark, p::kAccentLine);
    set(s, ImGuiCol_SliderGrab, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_SliderGrabActive, IM_COL32(0, 0, 0, 0));
    set(s, ImGuiCol_Button, p::kRaised);
    set(s, ImGuiCol_ButtonHovered, p::kHover);
    set(s, ImGuiCol_ButtonActive, p::kPress);
    set(s, ImGuiCol_Header, p::kHover);
    set(s, ImGuiCol_HeaderHovered, p::kHover);
    set(s, ImGuiCol_HeaderActive, p::kPress);
    set(s, ImGuiCol_Separator, p::kLine);
    set(s, ImGuiCol_TextSelectedBg, IM_COL32(42, 104, 214, 160));
    set(s, ImGuiCol_NavHighlight, p::kAccentLine);
    set(s, ImGuiCol_ModalWindowDimBg, IM_COL32(0, 0, 0, 120));
    set(s, ImGuiCol_DragDropTarget, p::kAccentLine);
}

} // namespace

void apply_theme(float scale) {
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
    set_colors(style);
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
