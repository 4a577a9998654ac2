#include "ui/tab_strip.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

constexpr float kWidest = 220, kNarrowest = 76, kClose = 20;

struct Sign {
    const char* icon; // null: none
    const char* words;
    ImU32 color;
};
Sign sign_of(const session::TabView& tab) {
    if (tab.trouble) return {icons::kWarning, "Changes are not on disk yet.", colors().warning};
    if (tab.read_only) return {icons::kLock, "Read-only here.", colors().text_second};
    if (tab.busy) return {icons::kHourglassEmpty, "Work goes on in it.", colors().accent_line};
    return {nullptr, "", 0};
}

void draw_tab(const session::TabView& tab, bool shown, float width, session::Actions& out) {
    ImGui::PushID(static_cast<int>(tab.id));
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + width, at.y + px(28)});
    ImGui::ItemSize(box);
    const ImGuiID item = window->GetID("tab");
    bool hovered = false, held = false;
    ImGui::SetNextItemAllowOverlap();
    const bool pressed =
        ImGui::ItemAdd(box, item) &&
        ImGui::ButtonBehavior(box, item, &hovered, &held,
                              ImGuiButtonFlags_AllowOverlap | ImGuiButtonFlags_PressedOnClick);
    name_item(fmt::format("tab.{}", tab.id));
    if (pressed && !shown) out.push_back(session::SelectTab{tab.id});
    if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Middle))
        out.push_back(session::CloseDocument{false, tab.id});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 fill = shown ? colors().panel : hovered ? colors().raised : colors().canvas;
    list->AddRectFilled(box.Min, box.Max, fill, px(4), ImDrawFlags_RoundCornersTop);
    if (shown)
        list->AddRectFilled(box.Min, {box.Max.x, box.Min.y + px(2)}, colors().accent_line, px(4),
                            ImDrawFlags_RoundCornersTop);
    ImGui::RenderNavHighlight(box, item);
    const Sign sign = sign_of(tab);
    const Fonts& fonts = look().fonts;
    float left = box.Min.x + px(10);
    if (sign.icon != nullptr) {
        list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {left, at.y + px(7)},
                      sign.color, sign.icon);
        left += px(20);
    }
    const std::string title = tab.title.empty() ? "New" : shown_name(tab.title);
    const float right = box.Max.x - px(kClose + 8);
    ImGui::PushStyleColor(ImGuiCol_Text, shown ? colors().text : colors().text_second);
    const float y = std::floor(at.y + (px(28) - fonts.regular->FontSize) / 2);
    ImGui::RenderTextEllipsis(list, {left, y}, {right, box.Max.y}, right, right, title.c_str(),
                              title.c_str() + title.size(), nullptr);
    ImGui::PopStyleColor();
    tooltip(title, {},
            fmt::format("{}{}{}", sign.words, sign.icon != nullptr ? " " : "",
                        shown_name(tab.file.native())));
    const ImVec2 after = window->DC.CursorPos;
    ImGui::SetCursorScreenPos({box.Max.x - px(kClose + 4), at.y + px(4)});
    if (icon_button(fmt::format("tab.{}.close", tab.id).c_str(), icons::kClose, false, true,
                    kClose))
        out.push_back(session::CloseDocument{false, tab.id});
    tooltip("Close", shown ? "Ctrl+W" : "", "Nothing is lost: it is among the recent ones.");
    ImGui::SetCursorScreenPos(after);
    ImGui::PopID();
}

} // namespace

void draw_tab_strip(const TabsState& state, session::Actions& out) {
    const float room = ImGui::GetContentRegionAvail().x;
    const auto count = static_cast<float>(state.tabs.size());
    const float width = std::clamp(std::floor(room / count) - px(2), px(kNarrowest), px(kWidest));
    const ImVec2 origin = ImGui::GetCursorPos();
    for (std::size_t i = 0; i < state.tabs.size(); ++i) {
        ImGui::SetCursorPos({origin.x + static_cast<float>(i) * (width + px(2)), origin.y});
        const session::TabView& tab = state.tabs[i];
        draw_tab(tab, tab.id == state.shown, width, out);
    }
}

} // namespace mw::ui
