// Buttons of every kind.
#include <imgui_internal.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

struct Pressing {
    ImRect box;
    bool visible = false, pressed = false, hovered = false, held = false;
};

// One clickable rectangle at the cursor.
Pressing press_area(const char* name, ImVec2 size, bool enabled) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    Pressing p;
    p.box = ImRect(window->DC.CursorPos,
                   {window->DC.CursorPos.x + size.x, window->DC.CursorPos.y + size.y});
    const ImGuiID id = window->GetID(name);
    ImGui::BeginDisabled(!enabled);
    ImGui::ItemSize(size);
    p.visible = ImGui::ItemAdd(p.box, id);
    if (p.visible && enabled) {
        p.pressed = ImGui::ButtonBehavior(p.box, id, &p.hovered, &p.held);
        ImGui::RenderNavHighlight(p.box, id);
    }
    ImGui::EndDisabled();
    name_item(name);
    return p;
}

ImU32 fill_of(const Pressing& p, ButtonKind kind, bool selected, bool enabled) {
    if (kind == ButtonKind::primary) {
        if (!enabled) return colors().raised_off;
        return p.held ? colors().accent_press : p.hovered ? colors().accent_hover : colors().accent;
    }
    if (!enabled) return kind == ButtonKind::quiet ? 0 : colors().raised_off;
    if (p.held) return colors().press;
    if (p.hovered || selected) return colors().hover;
    return kind == ButtonKind::quiet ? 0 : colors().raised;
}

ImU32 ink_of(ButtonKind kind, bool selected, bool enabled) {
    if (!enabled) return colors().text_off;
    if (kind == ButtonKind::primary) return colors().on_accent;
    return selected ? colors().accent_line : colors().text;
}

ImVec2 measure(ImFont* font, std::string_view words) {
    return font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.data(), words.data() + words.size());
}

void put_icon(ImDrawList* list, ImFont* font, const char* icon, ImVec2 center, ImU32 color) {
    const ImVec2 size = measure(font, icon);
    const ImVec2 at{std::floor(center.x - size.x / 2 + 0.5f),
                    std::floor(center.y - size.y / 2 + 0.5f)};
    list->AddText(font, font->FontSize, at, color, icon);
}

} // namespace

bool button(const char* name, std::string_view label, const ButtonLook& how) {
    const Fonts& fonts = look().fonts;
    ImFont* font = how.kind == ButtonKind::primary ? fonts.semibold : fonts.medium;
    const ImVec2 words = measure(font, label);
    const float icon_room = how.icon != nullptr ? px(label.empty() ? 16 : 24) : 0;
    const ImVec2 size{how.width > 0 ? how.width : words.x + icon_room + px(24),
                      how.height > 0 ? how.height : px(28)};
    const Pressing p = press_area(name, size, how.enabled);
    if (!p.visible) return p.pressed;
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (const ImU32 fill = fill_of(p, how.kind, how.selected, how.enabled); fill != 0)
        list->AddRectFilled(p.box.Min, p.box.Max, fill, px(4));
    const ImU32 ink = ink_of(how.kind, how.selected, how.enabled);
    const float room = size.x - px(16);
    const float used = std::min(words.x + icon_room, room);
    float x = std::floor(p.box.Min.x + (how.left ? px(10) : (size.x - used) / 2));
    if (how.icon != nullptr) {
        put_icon(list, fonts.icons_small, how.icon, {x + px(8), p.box.GetCenter().y}, ink);
        x += icon_room;
    }
    const float y = std::floor(p.box.Min.y + (size.y - words.y) / 2);
    ImGui::PushFont(font);
    ImGui::PushStyleColor(ImGuiCol_Text, ink);
    const float right = p.box.Max.x - px(6);
    ImGui::RenderTextEllipsis(list, {x, y}, {right, p.box.Max.y}, right, right, label.data(),
                              label.data() + label.size(), &words);
    ImGui::PopStyleColor();
    ImGui::PopFont();
    return p.pressed;
}

bool fold(const char* name, std::string_view words, bool& open) {
    const Fonts& fonts = look().fonts;
    const Pressing p = press_area(name, {ImGui::GetContentRegionAvail().x, px(24)}, true);
    if (p.pressed) open = !open;
    if (!p.visible) return open;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 ink = p.hovered ? colors().text : colors().text_second;
    put_icon(list, fonts.icons_small, open ? icons::kExpandLess : icons::kExpandMore,
             {p.box.Max.x - px(8), p.box.GetCenter().y}, ink);
    const ImVec2 size = measure(fonts.semibold, words);
    list->AddText(fonts.semibold, fonts.semibold->FontSize,
                  {p.box.Min.x, std::floor(p.box.Min.y + (px(24) - size.y) / 2)}, colors().text,
                  words.data(), words.data() + words.size());
    return open;
}

bool icon_button(const char* name, const char* icon, bool selected, bool enabled, float side) {
    const Pressing p = press_area(name, px(side, side), enabled);
    if (!p.visible) return p.pressed;
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (const ImU32 fill = fill_of(p, ButtonKind::quiet, selected, enabled); fill != 0)
        list->AddRectFilled(p.box.Min, p.box.Max, fill, px(4));
    const Fonts& fonts = look().fonts;
    put_icon(list, side >= 30 ? fonts.icons : fonts.icons_small, icon, p.box.GetCenter(),
             enabled ? ink_of(ButtonKind::quiet, selected, true) : colors().icon_off);
    return p.pressed;
}

void command_button(const char* name, Command command, bool selected, bool enabled, float side) {
    if (icon_button(name, info(command).icon, selected, enabled, side)) ask(command);
    tooltip(command);
}

std::optional<int> choices(std::initializer_list<Choice> all, int selected) {
    const Fonts& fonts = look().fonts;
    std::optional<int> chosen;
    ImDrawList* list = ImGui::GetWindowDrawList();
    int index = 0;
    for (const Choice& choice : all) {
        if (index > 0) ImGui::SameLine(0, 0);
        const bool by_icon = choice.icon != nullptr;
        const float width = by_icon ? px(36) : measure(fonts.medium, choice.label).x + px(24);
        const Pressing p = press_area(choice.name, {width, px(28)}, choice.enabled);
        const bool on = index == selected;
        const ImU32 fill =
            on ? colors().press : fill_of(p, ButtonKind::normal, false, choice.enabled);
        const bool first = index == 0, last = index + 1 == static_cast<int>(all.size());
        const int corners =
            (first ? ImDrawFlags_RoundCornersLeft : 0) | (last ? ImDrawFlags_RoundCornersRight : 0);
        list->AddRectFilled(p.box.Min, p.box.Max, fill, px(4),
                            corners != 0 ? corners : ImDrawFlags_RoundCornersNone);
        const ImU32 ink = !choice.enabled ? colors().text_off
                          : on            ? colors().text
                                          : colors().text_second;
        if (by_icon) {
            put_icon(list, fonts.icons, choice.icon, p.box.GetCenter(),
                     choice.enabled ? ink : colors().icon_off);
        } else {
            const ImVec2 words = measure(fonts.medium, choice.label);
            list->AddText(fonts.medium, fonts.medium->FontSize,
                          {std::floor(p.box.Min.x + (width - words.x) / 2),
                           std::floor(p.box.Min.y + (px(28) - words.y) / 2)},
                          ink, choice.label);
        }
        if (on)
            list->AddRectFilled({p.box.Min.x + px(8), p.box.Max.y - px(3)},
                                {p.box.Max.x - px(8), p.box.Max.y - px(1)}, colors().accent_line,
                                px(1));
        if (p.pressed) chosen = index;
        if (by_icon || choice.key != nullptr || choice.detail != nullptr)
            tooltip(choice.label, choice.key != nullptr ? choice.key : "",
                    choice.detail != nullptr ? choice.detail : "");
        ++index;
    }
    return chosen;
}

} // namespace mw::ui
