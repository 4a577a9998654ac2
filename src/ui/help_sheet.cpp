#include "ui/help_sheet.h"

#include <imgui.h>

#include <array>
#include <cmath>

#include "ui/widgets.h"

namespace mw::ui {
namespace {

struct Row {
    const char* name;
    const char* keys;
};
// What the table of commands does not hold: keys that are held and the mouse.
constexpr std::array kHeld = {
    Row{"Erase while painting", "right button, or hold ~"},
    Row{"Size and hardness", "Alt + right drag"},
    Row{"Move the picture", "Space + drag, middle drag"},
    Row{"Zoom at the pointer", "wheel"},
    Row{"See the original", "hold \\"},
    Row{"Straight line, from the last stroke", "Shift + click"},
    Row{"Add, subtract, intersect", "Shift, Alt, both at the press"},
    Row{"Even sides, from the centre", "Shift, Alt in the drag"},
    Row{"Close a polygon, take a point back", "Enter, Backspace"},
    Row{"Drop a stroke or a selection", "Esc"},
    Row{"Pointer by keyboard", "arrows, Space, Enter, Esc"},
    Row{"Turn the wipe", "Shift + drag its handle"},
    Row{"Show iteration 0 to 9", "0 to 9"},
    Row{"Comparing: choose A, B", "0 to 9, Shift + 1 to 9"},
};

void row(const char* name, const char* keys, float width) {
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::SetCursorPosY(at.y + px(2));
    text(name, palette::kText);
    ImFont* small = look().fonts.small;
    const float w = small->CalcTextSizeA(small->FontSize, 1e9f, 0, keys).x + px(12);
    ImGui::SetCursorPos({at.x + width - w, at.y});
    key_cap(keys);
    ImGui::SetCursorPosX(at.x);
}

} // namespace

void draw_help_sheet(bool& open) {
    if (!open) return;
    if (!ImGui::IsPopupOpen("##keys")) ImGui::OpenPopup("##keys");
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    const ImVec2 size{std::min(px(1040), display.x - px(64)),
                      std::min(px(640), display.y - px(48))};
    ImGui::SetNextWindowSize(size);
    ImGui::SetNextWindowPos(
        {std::floor((display.x - size.x) / 2), std::floor((display.y - size.y) / 2)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(24, 20));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(6));
    const bool shown = ImGui::BeginPopupModal(
        "##keys", nullptr,
        ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    ImGui::PopStyleVar(2);
    if (!shown) return;
    text("Keys", palette::kText, look().fonts.title);
    const float column = std::floor((ImGui::GetContentRegionAvail().x - px(64)) / 3);
    gap(8);
    const ImVec2 top = ImGui::GetCursorPos();
    // Three columns: groups are placed where they keep the columns even.
    constexpr std::array kColumns = {std::array{"File", "Tools"}, std::array{"Mask", "Request"},
                                     std::array{"Compare", "View"}};
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, px(8, 4));
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
        ImGui::SetCursorPos({top.x + static_cast<float>(c) * (column + px(32)), top.y});
        ImGui::BeginGroup();
        bool first = true;
        const auto title = [&first](const char* group) {
            if (!first) ImGui::Dummy(px(1, 8));
            first = false;
            text(group, palette::kAccentLine, look().fonts.semibold);
        };
        for (const char* group : kColumns[c]) {
            title(group);
            for (const CommandInfo& entry : all_commands())
                if (std::string_view(entry.group) == group && *entry.keys != 0)
                    row(entry.name, entry.keys, column);
        }
        if (c == 0) {
            title("Held and mouse");
            for (const Row& r : kHeld)
                row(r.name, r.keys, column);
        }
        ImGui::EndGroup();
    }
    ImGui::PopStyleVar();
    ImGui::SetCursorPos({ImGui::GetContentRegionMax().x - px(96), px(16)});
    if (button("keys.close", "Close", {.width = px(96)}) ||
        ImGui::IsKeyPressed(ImGuiKey_Escape, false) ||
        (ImGui::IsKeyPressed(ImGuiKey_F1, false) && !ImGui::IsWindowAppearing())) {
        open = false;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace mw::ui
