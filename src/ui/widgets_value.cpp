// Sliders, switches and arrangement.
#include <fmt/format.h>
#include <imgui_internal.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

// ImGui's logarithmic sliders begin at the last decimal shown where they would begin at 0.
constexpr float kLeast = 0.1f;

float share_of(float value, float low, float high, bool logarithmic) {
    if (logarithmic && low <= 0) {
        if (value <= kLeast) return 0;
        low = kLeast;
    }
    const float share =
        logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    return std::clamp(share, 0.0f, 1.0f);
}

} // namespace

bool slider(const char* name, std::string_view label, float& value, float low, float high,
            const SliderLook& how) {
    const std::string label_id = fmt::format("##{}", name);
    const ImGuiID id = ImGui::GetID(label_id.c_str());
    ImGui::SetNextItemWidth(how.width > 0 ? how.width : ImGui::GetContentRegionAvail().x);
    // The words are ours: label left, value right, so that a column of fields lines up.
    const ImU32 ink = ImGui::TempInputIsActive(id) ? colors().text : IM_COL32(0, 0, 0, 0);
    ImGui::PushStyleColor(ImGuiCol_Text, ink);
    const bool changed =
        ImGui::SliderScalar(label_id.c_str(), ImGuiDataType_Float, &value, &low, &high, how.format,
                            ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoRoundToFormat |
                                (how.logarithmic ? ImGuiSliderFlags_Logarithmic : 0));
    ImGui::PopStyleColor();
    name_item(name);
    if (ImGui::TempInputIsActive(id)) return changed;

    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float share = share_of(value, low, high, how.logarithmic);
    const bool hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
    const float y = max.y - px(3);
    list->AddRectFilled({min.x + px(4), y}, {max.x - px(4), y + px(2)}, colors().raised, px(1));
    const float knob = min.x + px(4) + share * (max.x - min.x - px(8));
    list->AddRectFilled({min.x + px(4), y}, {knob, y + px(2)},
                        hot ? colors().accent_line : colors().part_strong, px(1));
    list->AddCircleFilled({knob, y + px(1)}, px(hot ? 4 : 3),
                          hot ? colors().accent_line : colors().knob);
    char shown[48];
    ImFormatString(shown, sizeof shown, how.format, static_cast<double>(value));
    ImFont* font = look().fonts.regular;
    const float text_y = std::floor(min.y + (max.y - min.y - font->FontSize) / 2 - px(1));
    const ImVec2 size = ImGui::CalcTextSize(shown);
    list->PushClipRect(min, max, true);
    // In a narrow field the value has the room, and the label what is left of it.
    const float label_end = max.x - px(14) - size.x;
    ImGui::PushStyleColor(ImGuiCol_Text, colors().text_second);
    if (label_end > min.x + px(16))
        ImGui::RenderTextEllipsis(list, {min.x + px(8), text_y}, {label_end, max.y}, label_end,
                                  label_end, label.data(), label.data() + label.size(), nullptr);
    ImGui::PopStyleColor();
    list->AddText(font, font->FontSize, {max.x - px(8) - size.x, text_y}, colors().text, shown);
    list->PopClipRect();
    return changed;
}

bool toggle(const char* name, std::string_view label, bool& value, bool enabled) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImFont* font = look().fonts.regular;
    const ImVec2 words =
        font->CalcTextSizeA(font->FontSize, 1e9f, 0, label.data(), label.data() + label.size());
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + px(24) + words.x, at.y + px(24)});
    const ImGuiID id = window->GetID(name);
    ImGui::BeginDisabled(!enabled);
    ImGui::ItemSize(box);
    bool pressed = false, hovered = false, held = false;
    if (ImGui::ItemAdd(box, id) && enabled) {
        pressed = ImGui::ButtonBehavior(box, id, &hovered, &held);
        ImGui::RenderNavHighlight(box, id);
    }
    ImGui::EndDisabled();
    name_item(name);
    if (pressed) value = !value;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 square{at.x, at.y + px(4)};
    const ImVec2 far{square.x + px(16), square.y + px(16)};
    const ImU32 fill = value && enabled ? colors().accent : colors().field;
    list->AddRectFilled(square, far, fill, px(3));
    if (!(value && enabled))
        list->AddRect(square, far, hovered ? colors().text_second : colors().part, px(3), 0, px(1));
    if (value) {
        ImFont* icons = look().fonts.icons_small;
        list->AddText(icons, icons->FontSize, square,
                      enabled ? colors().on_accent : colors().text_off, icons::kCheck);
    }
    list->AddText(font, font->FontSize, {at.x + px(24), std::floor(at.y + (px(24) - words.y) / 2)},
                  enabled ? colors().text : colors().text_off, label.data(),
                  label.data() + label.size());
    return pressed;
}

bool begin_sheet(const char* name, float design_width, float design_height) {
    if (!ImGui::IsPopupOpen(name)) ImGui::OpenPopup(name);
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    const float margin = px(48);
    const ImVec2 size{std::min(px(design_width), display.x - margin),
                      std::min(px(design_height), display.y - margin)};
    ImGui::SetNextWindowSize(size);
    ImGui::SetNextWindowPos(
        {std::floor((display.x - size.x) / 2), std::floor((display.y - size.y) / 2)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(24, 20));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(6));
    const bool shown = ImGui::BeginPopupModal(
        name, nullptr,
        ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PopStyleVar(2);
    // ImGui lets the shade come by and by; a window that draws no frames of its own would stop in
    // the middle of that.
    if (shown) ImGui::GetCurrentContext()->DimBgRatio = 1;
    return shown;
}

namespace {

// What a popup's rows took in its last frame with their margin, window coordinates; before there
// was one, of a few rows.
float popup_height(ImGuiID id) {
    const ImGuiWindow* list = ImGui::FindWindowByName(fmt::format("##Popup_{:08x}", id).c_str());
    if (list == nullptr) return px(200);
    return std::max(list->DC.CursorMaxPos.y, list->DC.IdealMaxPos.y) - list->DC.CursorStartPos.y +
           px(8);
}

} // namespace

bool begin_combo(const char* name, std::string_view shown) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + ImGui::GetContentRegionAvail().x, at.y + px(28)});
    const ImGuiID id = window->GetID(name);
    ImGui::ItemSize(box);
    bool hovered = false, held = false;
    const bool pressed = ImGui::ItemAdd(box, id) && ImGui::ButtonBehavior(box, id, &hovered, &held);
    name_item(name);
    ImDrawList* list = window->DrawList;
    list->AddRectFilled(box.Min, box.Max, colors().field, px(4));
    if (hovered) list->AddRect(box.Min, box.Max, colors().line, px(4), 0, px(1));
    ImGui::RenderNavHighlight(box, id);
    const Fonts& f = look().fonts;
    const float y = std::floor(at.y + (px(28) - f.regular->FontSize) / 2);
    list->PushClipRect(box.Min, {box.Max.x - px(28), box.Max.y}, true);
    list->AddText(f.regular, f.regular->FontSize, {at.x + px(8), y}, colors().text, shown.data(),
                  shown.data() + shown.size());
    list->PopClipRect();
    list->AddText(f.icons_small, f.icons_small->FontSize, {box.Max.x - px(24), at.y + px(6)},
                  colors().text_second, icons::kExpandMore);
    if (pressed) ImGui::OpenPopup(name);
    // A list that has no room below opens above where it has more, and scrolls where it has to.
    const float bottom = ImGui::GetIO().DisplaySize.y, margin = px(8);
    const float below = bottom - box.Max.y - margin, above = box.Min.y - margin;
    const bool up = below < popup_height(id) && above > below;
    ImGui::SetNextWindowPos({box.Min.x, up ? box.Min.y - px(2) : box.Max.y + px(2)}, 0,
                            {0, up ? 1.0f : 0.0f});
    ImGui::SetNextWindowSizeConstraints({box.GetWidth(), 0},
                                        {box.GetWidth(), std::max(px(80), up ? above : below)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(4, 4));
    const bool open = ImGui::BeginPopup(name, ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    return open;
}

void gap(float design) {
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + px(design));
}

void label_left(std::string_view words, float design_width) {
    const float left = ImGui::GetCursorPosX();
    ImGui::BeginGroup();
    gap(6);
    text(words, colors().text_second);
    ImGui::EndGroup();
    ImGui::SameLine(left + px(design_width));
}

void heading(std::string_view words, bool first) {
    if (!first) {
        gap(8);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const ImGuiWindow* window = ImGui::GetCurrentWindow();
        ImDrawList* list = ImGui::GetWindowDrawList();
        const ImRect outer = window->OuterRectClipped; // to the panel's edges, beyond its padding
        list->PushClipRect(outer.Min, outer.Max);
        list->AddRectFilled({outer.Min.x, at.y}, {outer.Max.x, at.y + px(1)}, colors().edge);
        list->PopClipRect();
        gap(12);
    }
    text(words, colors().text, look().fonts.semibold);
}

} // namespace mw::ui
