#include "ui/prompt_recall.h"

#include <fmt/format.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>

#include "embedded/icons.h"
#include "ui/widgets.h"
#include "ui/word_search.h"

namespace mw::ui {
namespace {

using session::Preferences;
using session::SessionView;

constexpr float kRow = 28, kWide = 400;
constexpr int kMostRows = 12;

// One of each kind that is wanted most; the rest is in "What it can do".
constexpr std::string_view kReady[] = {"remove", "recolour to red", "brighten by 20 %",
                                       "blur by 8 px", "redact"};

// One line of what may be many.
std::string in_a_line(std::string words) {
    std::ranges::replace(words, '\n', ' ');
    return words;
}

void change(const SessionView& view, session::Actions& out, auto&& how) {
    Preferences next = *view.preferences;
    how(next);
    out.push_back(session::SetPreferences{std::move(next)});
}

const char* heading_of(RecalledPrompt::Kind kind) {
    switch (kind) {
        case RecalledPrompt::Kind::kept:
            return "Kept";
        case RecalledPrompt::Kind::earlier:
            return "Earlier";
        case RecalledPrompt::Kind::ready:
            break;
    }
    return "To begin with";
}

// True when it is chosen.
bool draw_row(const SessionView& view, const RecalledPrompt& one, int index, bool picked,
              session::Actions& out) {
    ImGui::PushID(index);
    const float width = ImGui::GetContentRegionAvail().x;
    const bool forgets = one.kind != RecalledPrompt::Kind::ready;
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::SetNextItemAllowOverlap();
    const bool pressed = ImGui::Selectable("##words", picked, 0, {width, px(kRow)});
    name_item(fmt::format("prompt.recall.{}", index));
    const bool hovered = ImGui::IsItemHovered();
    ImGui::SetCursorPos({at.x + px(8), at.y + px(5)});
    text_cut(in_a_line(one.words), width - px(forgets ? 48 : 16));
    if (forgets && (hovered || picked)) {
        ImGui::SetCursorPos({at.x + width - px(30), at.y + px(2)});
        if (icon_button("forget", icons::kClose, false, true, 24))
            change(view, out, [&](Preferences& next) {
                auto& list = one.kind == RecalledPrompt::Kind::kept ? next.snippets : next.prompts;
                std::erase(list, one.words);
            });
        name_item(fmt::format("prompt.recall.{}.forget", index));
        tooltip(one.kind == RecalledPrompt::Kind::kept ? "Keep it no longer" : "Forget it");
    }
    ImGui::SetCursorPos({at.x, at.y + px(kRow)});
    ImGui::PopID();
    return pressed;
}

} // namespace

std::vector<RecalledPrompt> recalled_prompts(const Preferences& preferences, bool engine,
                                             std::string_view query) {
    std::vector<RecalledPrompt> found;
    const auto add = [&](const std::string& text, RecalledPrompt::Kind kind) {
        const bool there = std::ranges::any_of(
            found, [&](const RecalledPrompt& one) { return one.words == text; });
        if (!there && holds_words(text, query)) found.push_back({text, kind});
    };
    for (const std::string& text : preferences.snippets)
        add(text, RecalledPrompt::Kind::kept);
    for (const std::string& text : preferences.prompts)
        add(text, RecalledPrompt::Kind::earlier);
    if (engine)
        for (const std::string_view text : kReady)
            add(std::string(text), RecalledPrompt::Kind::ready);
    return found;
}

bool is_kept(const SessionView& view) {
    return std::ranges::find(view.preferences->snippets, view.prompt) !=
           view.preferences->snippets.end();
}

void toggle_kept(const SessionView& view, session::Actions& out) {
    if (view.prompt.find_first_not_of(" \t\n") == std::string::npos) return;
    const bool kept = is_kept(view);
    if (!kept && view.preferences->snippets.size() >= session::kMostSnippets) return;
    change(view, out, [&](Preferences& next) {
        if (kept)
            std::erase(next.snippets, view.prompt);
        else
            next.snippets.push_back(view.prompt);
    });
}

void draw_prompt_recall(const SessionView& view, PromptRecallState& state, bool engine,
                        session::Actions& out) {
    const bool appears = state.asked;
    if (appears) {
        ImGui::OpenPopup("recall");
        state = {};
    }
    // Beside the panel, so that the request stays in sight.
    ImGui::SetNextWindowPos({ImGui::GetWindowPos().x - px(8), ImGui::GetItemRectMin().y},
                            ImGuiCond_Always, {1, 0});
    ImGui::SetNextWindowSize({px(kWide), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
    const bool shown = ImGui::BeginPopup("recall", ImGuiWindowFlags_NoMove);
    ImGui::PopStyleVar();
    if (!shown) return;
    if (appears) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
    // With a history, even an empty one, the arrows stay in the field instead of leaving it.
    const auto nothing = [](ImGuiInputTextCallbackData*) { return 0; };
    if (ImGui::InputTextWithHint("##query", "Search", &state.query,
                                 ImGuiInputTextFlags_CallbackHistory, nothing))
        state.picked = 0;
    name_item("prompt.recall.query");
    const auto found = recalled_prompts(*view.preferences, engine, state.query);
    const int count = static_cast<int>(found.size());
    const bool down = ImGui::IsKeyPressed(ImGuiKey_DownArrow, true);
    const bool up = ImGui::IsKeyPressed(ImGuiKey_UpArrow, true);
    state.picked = std::clamp(state.picked + down - up, 0, std::max(0, count - 1));
    int chosen = -1;
    if (count > 0 && (ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                      ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false)))
        chosen = state.picked;
    int groups = 0;
    for (int i = 0; i < count; ++i)
        groups += i == 0 || found[static_cast<std::size_t>(i)].kind !=
                                found[static_cast<std::size_t>(i - 1)].kind;
    const float tall = px(kRow) * static_cast<float>(std::clamp(count, 1, kMostRows)) +
                       px(26) * static_cast<float>(groups);
    if (ImGui::BeginChild("##list", {0, tall}, 0, ImGuiWindowFlags_NoBackground)) {
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        if (count == 0)
            text(state.query.empty() ? "Nothing was asked for yet." : "None has these words.",
                 colors().text_second);
        for (int i = 0; i < count; ++i) {
            const RecalledPrompt& one = found[static_cast<std::size_t>(i)];
            if (i == 0 || found[static_cast<std::size_t>(i - 1)].kind != one.kind) {
                ImGui::Dummy(px(1, 6));
                text(heading_of(one.kind), colors().text_second, look().fonts.small);
                ImGui::Dummy(px(1, 4));
            }
            if (draw_row(view, one, i, i == state.picked, out)) chosen = i;
            if ((up || down) && i == state.picked && !ImGui::IsItemVisible())
                ImGui::SetScrollHereY(0.5f);
        }
        ImGui::PopStyleVar();
    }
    ImGui::EndChild();
    if (chosen >= 0) {
        out.push_back(session::SetPrompt{found[static_cast<std::size_t>(chosen)].words});
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace mw::ui
