#include "ui/key_list.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>

#include "embedded/icons.h"
#include "ui/command_search.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::Preferences;

constexpr float kRow = 32, kKeysWidth = 200;

Keymap keymap_of(const Preferences& preferences) {
    return Keymap(preferences.key_preset, preferences.keys);
}

// The first key that went down in this frame with its modifiers; 0: none.
ImGuiKeyChord pressed_chord() {
    for (int k = ImGuiKey_NamedKey_BEGIN; k < ImGuiKey_NamedKey_END; ++k) {
        const auto key = static_cast<ImGuiKey>(k);
        const ImGuiKeyChord chord = key | ImGui::GetIO().KeyMods;
        if (ImGui::IsKeyPressed(key, false) && !chord_words(chord).empty()) return chord;
    }
    return 0;
}

std::string names_of(const std::vector<Command>& commands, Command but) {
    std::string names;
    for (const Command one : commands)
        if (one != but) names += (names.empty() ? "" : ", ") + std::string(info(one).name);
    return names;
}

void give(Preferences& preferences, const KeyListState& state, ImGuiKeyChord chord) {
    const std::string had = state.beside ? keymap_of(preferences).keys(*state.recording) : "";
    rebind(preferences, *state.recording, (had.empty() ? "" : had + ", ") + chord_words(chord));
}

void listen(Preferences& preferences, KeyListState& state) {
    if (!state.recording || state.wanted != 0) return;
    const ImGuiKeyChord chord = pressed_chord();
    if (chord == 0) return;
    if (chord == ImGuiKey_Escape) return state.recording.reset();
    const auto others = keymap_of(preferences).asked_by(chord);
    if (names_of(others, *state.recording).empty()) {
        give(preferences, state, chord);
        state.recording.reset();
    } else {
        state.wanted = chord;
    }
}

void draw_conflict(Preferences& preferences, KeyListState& state) {
    const auto others = keymap_of(preferences).asked_by(state.wanted);
    icon_text(
        icons::kWarning,
        fmt::format("{} is for: {}", chord_words(state.wanted), names_of(others, *state.recording)),
        colors().warning, colors().text, true);
    name_item("keys.conflict");
    const auto decided = [&] {
        state.recording.reset();
        state.wanted = 0;
    };
    if (button("keys.take", "Use it here instead", {.kind = ButtonKind::primary})) {
        give(preferences, state, state.wanted);
        take_away(preferences, state.wanted, *state.recording);
        return decided();
    }
    ImGui::SameLine();
    if (button("keys.leave", "Leave it", {.kind = ButtonKind::quiet}) ||
        ImGui::IsKeyPressed(ImGuiKey_Escape, false))
        decided();
}

void draw_row(Preferences& preferences, const Keymap& keymap, const CommandInfo& entry,
              KeyListState& state) {
    const std::string id(id_of(entry.id));
    ImGui::PushID(id.c_str());
    const ImVec2 at = ImGui::GetCursorPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float keys_at = width - px(kKeysWidth + 3 * 30);
    ImGui::SetCursorPos({at.x, at.y + px(8)});
    text_cut(entry.name, keys_at - px(36));
    if (keymap.in_conflict(entry.id)) {
        ImGui::SetCursorPos({keys_at - px(28), at.y + px(8)});
        icon_text(icons::kWarning, "", colors().warning);
        std::string who;
        for (const ImGuiKeyChord chord : keymap.chords(entry.id))
            if (const auto others = names_of(keymap.asked_by(chord), entry.id); !others.empty())
                who += (who.empty() ? "" : "\n") + chord_words(chord) + ": " + others;
        tooltip("Also asked for by these keys", {}, who);
    }
    const bool listening = state.recording == entry.id && state.wanted == 0;
    const auto record = [&](bool beside) { state = {entry.id, beside, 0}; };
    const std::string& keys = keymap.keys(entry.id);
    ImGui::SetCursorPos({at.x + keys_at, at.y + px(2)});
    if (button("keys",
               listening      ? "Press the keys …"
               : keys.empty() ? "none"
                              : keys,
               {.width = px(kKeysWidth), .selected = listening}))
        record(false);
    name_item("key." + id);
    tooltip("Other keys", {}, "Press it, then the keys. Esc leaves it as it is.");
    ImGui::SameLine(0, px(4));
    if (icon_button("add", icons::kAdd, false, !keys.empty(), 28)) record(true);
    tooltip("Another key beside it");
    ImGui::SameLine(0, px(2));
    if (icon_button("none", icons::kClose, false, !keys.empty(), 28))
        rebind(preferences, entry.id, "");
    name_item("key." + id + ".none");
    tooltip("No keys");
    ImGui::SameLine(0, px(2));
    if (icon_button("back", icons::kUndo, false, keymap.changed(entry.id), 28))
        rebind(preferences, entry.id, keymap.keys_of_preset(entry.id));
    name_item("key." + id + ".back");
    const std::string before = keymap.keys_of_preset(entry.id);
    tooltip("As it was: " + (before.empty() ? std::string("none") : before));
    if (state.recording == entry.id && state.wanted != 0) draw_conflict(preferences, state);
    ImGui::PopID();
}

void draw_preset(Preferences& preferences) {
    const auto presets = key_presets();
    const auto chosen = std::ranges::find(presets, preferences.key_preset, &KeyPreset::id);
    label_left("Keys as in", 120);
    const KeyPreset& shown = chosen == presets.end() ? presets.front() : *chosen;
    ImGui::SetNextItemWidth(px(200));
    if (begin_combo("keys.preset", shown.label)) {
        for (const KeyPreset& one : presets) {
            ImGui::PushID(one.label);
            if (ImGui::Selectable("##p", &one == &shown, 0, {0, px(24)}))
                preferences.key_preset = one.id;
            name_item(fmt::format("keys.preset.{}", one.label));
            ImGui::SameLine(px(8));
            text(one.label);
            ImGui::PopID();
        }
        ImGui::EndPopup();
    }
    if (preferences.keys.empty()) return;
    ImGui::SameLine();
    if (button("keys.all_back",
               fmt::format("Take back {} change{}", preferences.keys.size(),
                           preferences.keys.size() == 1 ? "" : "s"),
               {.kind = ButtonKind::quiet}))
        preferences.keys.clear();
}

} // namespace

void rebind(Preferences& preferences, Command command, const std::string& keys) {
    const std::string id(id_of(command));
    if (Keymap(preferences.key_preset).keys(command) == keys)
        preferences.keys.erase(id);
    else
        preferences.keys[id] = keys;
}

void take_away(Preferences& preferences, ImGuiKeyChord chord, Command keeper) {
    const Keymap before = keymap_of(preferences);
    for (const Command other : before.asked_by(chord)) {
        if (other == keeper) continue;
        std::string left;
        for (const std::string_view words : split_keys(before.keys(other)))
            if (parse_chord(words) != chord)
                left += (left.empty() ? "" : ", ") + std::string(words);
        rebind(preferences, other, left);
    }
}

bool draw_key_list(Preferences& preferences, KeyListState& state, std::string_view query) {
    listen(preferences, state);
    if (query.empty()) draw_preset(preferences);
    const Keymap keymap = keymap_of(preferences);
    std::vector<Command> wanted = matching_commands(query, {});
    if (query.empty()) wanted.push_back(Command::search_commands);
    std::string_view group;
    bool any = false;
    for (const CommandInfo& entry : all_commands()) {
        if (std::ranges::find(wanted, entry.id) == wanted.end()) continue;
        any = true;
        if (group != entry.group) {
            group = entry.group;
            gap(4);
            text(group, colors().accent_line, look().fonts.semibold);
        }
        draw_row(preferences, keymap, entry, state);
    }
    return any;
}

} // namespace mw::ui
