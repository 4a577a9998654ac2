#include "ui/help_sheet.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "embedded/icons.h"
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

constexpr float kRow = 24, kBefore = 12, kLeastColumn = 300, kBetween = 32;

struct Line {
    std::string name, keys;
    bool title = false;
};

std::vector<Line> all_lines() {
    std::vector<Line> lines;
    for (const char* group : {"File", "Tools", "Mask", "Request", "Compare", "View"}) {
        lines.push_back({group, "", true});
        for (const CommandInfo& entry : all_commands())
            if (std::string_view(entry.group) == group && !look().keys.keys(entry.id).empty())
                lines.push_back({entry.name, look().keys.keys(entry.id)});
    }
    lines.push_back({"Held and mouse", "", true});
    for (const Row& r : kHeld)
        lines.push_back({r.name, r.keys});
    return lines;
}

void draw_line(const Line& line, float width) {
    const ImVec2 at = ImGui::GetCursorPos();
    if (line.title) {
        text(line.name, colors().accent_line, look().fonts.semibold);
    } else {
        ImFont* small = look().fonts.small;
        const float w =
            small->CalcTextSizeA(small->FontSize, 1e9f, 0, line.keys.c_str()).x + px(12);
        ImGui::SetCursorPosY(at.y + px(2));
        text_cut(line.name, width - w - px(8));
        ImGui::SetCursorPos({at.x + width - w, at.y});
        key_cap(line.keys);
    }
    ImGui::SetCursorPos(at);
}

// Even columns, from the left as in a newspaper; a title never stands alone at a column's end.
void draw_lines() {
    const std::vector<Line> lines = all_lines();
    const float room = ImGui::GetContentRegionAvail().x - px(8);
    const int columns =
        std::clamp(static_cast<int>((room + px(kBetween)) / px(kLeastColumn + kBetween)), 1, 4);
    const float width = std::floor((room - static_cast<float>(columns - 1) * px(kBetween)) /
                                   static_cast<float>(columns));
    float total = 0;
    for (const Line& line : lines)
        total += px(kRow + (line.title ? kBefore : 0));
    const float tall = total / static_cast<float>(columns);
    const ImVec2 top = ImGui::GetCursorPos();
    float x = top.x, y = 0, lowest = 0;
    int column = 0;
    for (const Line& line : lines) {
        if (y > 0 && column + 1 < columns && y + px(line.title ? 2 * kRow : 0) >= tall) {
            ++column;
            x += width + px(kBetween);
            y = 0;
        }
        if (line.title && y > 0) y += px(kBefore);
        ImGui::SetCursorPos({x, top.y + y});
        draw_line(line, width);
        y += px(kRow);
        lowest = std::max(lowest, y);
    }
    ImGui::SetCursorPos(top);
    ImGui::Dummy({px(1), lowest});
}

} // namespace

void draw_help_sheet(bool& open) {
    if (!open) return;
    if (!begin_sheet("##keys", 1400, 820)) return;
    text("Keys", colors().text, look().fonts.title);
    const bool change =
        (ImGui::SameLine(ImGui::GetContentRegionMax().x - px(96 + 8 + 132)),
         button("keys.change", "Change keys", {.icon = icons::kKeyboard, .width = px(132)}));
    ImGui::SameLine(0, px(8));
    const bool close = button("keys.close", "Close", {.width = px(96)});
    gap(12);
    if (ImGui::BeginChild("##lines", {0, 0}, 0, ImGuiWindowFlags_NoBackground)) draw_lines();
    ImGui::EndChild();
    if (change) ask(Command::change_keys);
    if (change || close || ImGui::IsKeyPressed(ImGuiKey_Escape, false) ||
        (ImGui::IsKeyPressed(ImGuiKey_F1, false) && !ImGui::IsWindowAppearing())) {
        open = false;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace mw::ui
