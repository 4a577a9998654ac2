#include "ui/command_search.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"
#include "ui/word_search.h"

namespace mw::ui {
namespace {

constexpr float kRow = 32, kWide = 560;
constexpr int kMostRows = 11;
constexpr std::size_t kMostRecent = 8;

bool in_order(std::string_view letters, std::string_view text) {
    std::size_t at = 0;
    for (const char c : letters) {
        at = text.find(c, at);
        if (at == text.npos) return false;
        ++at;
    }
    return true;
}

// How far a word is from a text: 0 it begins so .. 3 its letters are there in their order; -1 not
// at all.
int distance(std::string_view word, std::string_view text) {
    if (text.starts_with(word)) return 0;
    const auto at = text.find(word);
    if (at != text.npos) return text[at - 1] == ' ' ? 1 : 2;
    return word.size() > 1 && in_order(word, text) ? 3 : -1;
}

void draw_row(const CommandInfo& entry, bool picked, float width, bool& pressed, bool& pointed) {
    ImGui::PushID(static_cast<int>(entry.id));
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + width, at.y + px(kRow)});
    ImGui::ItemSize(box);
    const ImGuiID item = window->GetID("row");
    bool hovered = false, held = false;
    pressed = ImGui::ItemAdd(box, item, nullptr, ImGuiItemFlags_NoNav) &&
              ImGui::ButtonBehavior(box, item, &hovered, &held);
    // A pointer that rests does not take the pick from the keys.
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    pointed = hovered && (moved.x != 0 || moved.y != 0);
    ImDrawList* list = window->DrawList;
    if (picked) list->AddRectFilled(box.Min, box.Max, colors().hover, px(4));
    const Fonts& fonts = look().fonts;
    const float y = std::floor(at.y + (px(kRow) - fonts.regular->FontSize) / 2);
    if (entry.icon != nullptr)
        list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {at.x + px(10), at.y + px(8)},
                      colors().text, entry.icon);
    list->AddText({at.x + px(38), y}, colors().text, entry.name);
    const float name = ImGui::CalcTextSize(entry.name).x;
    list->AddText(fonts.small, fonts.small->FontSize, {at.x + px(38) + name + px(10), y + px(1)},
                  colors().text_second, entry.group);
    const std::string key = first_key(entry.id);
    const float wide = fonts.small->CalcTextSizeA(fonts.small->FontSize, 1e9f, 0, key.c_str()).x;
    list->AddText(fonts.small, fonts.small->FontSize, {box.Max.x - px(10) - wide, y + px(1)},
                  colors().text_second, key.c_str());
    ImGui::PopID();
}

} // namespace

std::vector<Command> matching_commands(std::string_view query, const std::vector<Command>& recent) {
    const std::vector<std::string> words = words_of(query);
    struct Found {
        Command id;
        int far = 0, rank = 0;
    };
    std::vector<Found> found;
    int place = 0;
    for (const CommandInfo& entry : all_commands()) {
        if (entry.id == Command::search_commands) continue;
        const std::string name = lower(entry.name), group = lower(entry.group);
        int far = 0;
        for (const std::string& word : words) {
            const int of_name = distance(word, name);
            const int of_group = group.starts_with(word) ? 2 : -1;
            const int best = of_name < 0 ? of_group : of_name;
            if (best < 0) {
                far = -1;
                break;
            }
            far += best;
        }
        if (far < 0) continue;
        const auto before = std::ranges::find(recent, entry.id);
        const int rank =
            before == recent.end() ? 1000 + place : static_cast<int>(before - recent.begin());
        found.push_back({entry.id, far, rank});
        ++place;
    }
    std::ranges::stable_sort(found, [](const Found& a, const Found& b) {
        return a.far != b.far ? a.far < b.far : a.rank < b.rank;
    });
    std::vector<Command> out;
    for (const Found& f : found)
        out.push_back(f.id);
    return out;
}

void draw_command_search(CommandSearchState& state) {
    if (!state.open) return;
    const bool appears = !ImGui::IsPopupOpen("##commands");
    if (appears) {
        ImGui::OpenPopup("##commands");
        state.query.clear();
        state.picked = 0;
    }
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    const float width = std::min(px(kWide), display.x - px(32));
    ImGui::SetNextWindowPos(
        {std::floor((display.x - width) / 2), std::floor(std::min(px(96), display.y / 8))});
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
    const bool shown = ImGui::BeginPopup("##commands", ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    if (!shown) {
        state.open = false;
        return;
    }
    if (appears) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
    // With a history, even an empty one, the arrows stay in the field instead of leaving it.
    const auto nothing = [](ImGuiInputTextCallbackData*) { return 0; };
    if (ImGui::InputTextWithHint("##query", "What should be done?", &state.query,
                                 ImGuiInputTextFlags_CallbackHistory, nothing))
        state.picked = 0;
    name_item("commands.query");
    const std::vector<Command> found = matching_commands(state.query, state.recent);
    const int count = static_cast<int>(found.size());
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow, true)) ++state.picked;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow, true)) --state.picked;
    if (ImGui::IsKeyPressed(ImGuiKey_PageDown, true)) state.picked += kMostRows - 1;
    if (ImGui::IsKeyPressed(ImGuiKey_PageUp, true)) state.picked -= kMostRows - 1;
    const bool moved = std::ranges::any_of(
        std::array{ImGuiKey_DownArrow, ImGuiKey_UpArrow, ImGuiKey_PageDown, ImGuiKey_PageUp},
        [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); });
    state.picked = std::clamp(state.picked, 0, std::max(0, count - 1));
    std::optional<Command> chosen;
    if (count > 0 && (ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                      ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false)))
        chosen = found[static_cast<std::size_t>(state.picked)];
    const float tall = px(kRow) * static_cast<float>(std::clamp(count, 1, kMostRows));
    if (ImGui::BeginChild("##list", {0, tall}, 0, ImGuiWindowFlags_NoBackground)) {
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        const float room = ImGui::GetContentRegionAvail().x;
        if (count == 0) text("No command has these words.", colors().text_second);
        for (int i = 0; i < count; ++i) {
            const CommandInfo& entry = info(found[static_cast<std::size_t>(i)]);
            bool pressed = false, pointed = false;
            draw_row(entry, i == state.picked, room, pressed, pointed);
            name_item(std::string("commands.") + std::to_string(i));
            if (pressed) chosen = entry.id;
            if (pointed) state.picked = i;
            if (moved && i == state.picked && !ImGui::IsItemVisible()) ImGui::SetScrollHereY(0.5f);
        }
        ImGui::PopStyleVar();
    }
    ImGui::EndChild();
    if (chosen) {
        std::erase(state.recent, *chosen);
        state.recent.insert(state.recent.begin(), *chosen);
        if (state.recent.size() > kMostRecent) state.recent.resize(kMostRecent);
        look().commands.push_back(*chosen);
    }
    if (chosen || ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        state.open = false;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace mw::ui
