#include "ui/keymap.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace mw::ui {
namespace {

struct KeyName {
    const char* name;
    ImGuiKey key;
};
constexpr KeyName kKeyNames[] = {
    {"[", ImGuiKey_LeftBracket},    {"]", ImGuiKey_RightBracket},
    {",", ImGuiKey_Comma},          {".", ImGuiKey_Period},
    {"+", ImGuiKey_Equal},          {"-", ImGuiKey_Minus},
    {"Esc", ImGuiKey_Escape},       {"Enter", ImGuiKey_Enter},
    {"Tab", ImGuiKey_Tab},          {"\\", ImGuiKey_Backslash},
    {"Space", ImGuiKey_Space},      {"~", ImGuiKey_GraveAccent},
    {"'", ImGuiKey_Apostrophe},     {"Left", ImGuiKey_LeftArrow},
    {"Right", ImGuiKey_RightArrow}, {"Up", ImGuiKey_UpArrow},
    {"Down", ImGuiKey_DownArrow},   {"Home", ImGuiKey_Home},
    {"PageUp", ImGuiKey_PageUp},    {"PageDown", ImGuiKey_PageDown},
    {"Delete", ImGuiKey_Delete},    {"End", ImGuiKey_End},
    {"Insert", ImGuiKey_Insert},    {"/", ImGuiKey_Slash},
    {";", ImGuiKey_Semicolon},      {"Backspace", ImGuiKey_Backspace},
};

constexpr std::pair<std::string_view, int> kMods[] = {
    {"Ctrl+", ImGuiMod_Ctrl}, {"Shift+", ImGuiMod_Shift}, {"Alt+", ImGuiMod_Alt}};

std::optional<ImGuiKey> key_of(std::string_view word) {
    for (const auto& [name, key] : kKeyNames) {
        if (word == name) return key;
    }
    if (word.size() == 1 && std::isupper(static_cast<unsigned char>(word[0])))
        return static_cast<ImGuiKey>(ImGuiKey_A + (word[0] - 'A'));
    if (word.size() == 1 && std::isdigit(static_cast<unsigned char>(word[0])))
        return static_cast<ImGuiKey>(ImGuiKey_0 + (word[0] - '0'));
    if (word.size() >= 2 && word[0] == 'F') {
        const int number = std::atoi(std::string(word.substr(1)).c_str());
        if (number >= 1 && number <= 12) return static_cast<ImGuiKey>(ImGuiKey_F1 + (number - 1));
    }
    return std::nullopt;
}

std::string key_words(ImGuiKey key) {
    for (const auto& [name, of] : kKeyNames)
        if (key == of) return name;
    if (key >= ImGuiKey_A && key <= ImGuiKey_Z)
        return {static_cast<char>('A' + (key - ImGuiKey_A))};
    if (key >= ImGuiKey_0 && key <= ImGuiKey_9)
        return {static_cast<char>('0' + (key - ImGuiKey_0))};
    if (key >= ImGuiKey_F1 && key <= ImGuiKey_F12)
        return "F" + std::to_string(1 + (key - ImGuiKey_F1));
    return {};
}

// All of them, or nothing where one is not known.
std::optional<std::vector<ImGuiKeyChord>> parse_all(std::string_view keys) {
    std::vector<ImGuiKeyChord> chords;
    for (const std::string_view words : split_keys(keys)) {
        const auto chord = parse_chord(words);
        if (!chord) return std::nullopt;
        chords.push_back(*chord);
    }
    return chords;
}

} // namespace

std::vector<std::string_view> split_keys(std::string_view keys) {
    std::vector<std::string_view> parts;
    while (!keys.empty()) {
        const auto comma = keys.find(", ");
        parts.push_back(keys.substr(0, comma));
        if (comma == std::string_view::npos) break;
        keys.remove_prefix(comma + 2);
    }
    return parts;
}

std::optional<ImGuiKeyChord> parse_chord(std::string_view words) {
    ImGuiKeyChord chord = 0;
    // In any order.
    for (bool more = true; more;) {
        more = false;
        for (const auto& [name, mod] : kMods) {
            if (!words.starts_with(name) || words.size() == name.size()) continue;
            chord |= mod;
            words.remove_prefix(name.size());
            more = true;
        }
    }
    const auto key = key_of(words);
    if (!key) return std::nullopt;
    return chord | *key;
}

std::string chord_words(ImGuiKeyChord chord) {
    std::string words = key_words(static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_));
    if (words.empty()) return words;
    std::string mods;
    for (const auto& [name, mod] : kMods)
        if (chord & mod) mods += name;
    return mods + words;
}

Keymap::Keymap(std::string_view preset, const std::map<std::string, std::string>& changes)
    : preset_(&key_presets().front()), held_(all_commands().size()) {
    for (const KeyPreset& one : key_presets())
        if (one.id == preset) preset_ = &one;
    for (const CommandInfo& entry : all_commands()) {
        Held& held = held_[static_cast<std::size_t>(entry.id)];
        held.words = keys_of_preset(entry.id);
        if (const auto at = changes.find(std::string(id_of(entry.id)));
            at != changes.end() && at->second != held.words && parse_all(at->second)) {
            held.words = at->second;
            held.changed = true;
        }
        held.chords = parse_all(held.words).value_or(std::vector<ImGuiKeyChord>());
    }
}

std::string Keymap::keys_of_preset(Command command) const {
    for (const KeyPreset::Entry& entry : preset_->differs)
        if (entry.command == command) return entry.keys;
    return info(command).keys;
}

std::vector<Command> Keymap::asked_by(ImGuiKeyChord chord) const {
    std::vector<Command> found;
    for (const CommandInfo& entry : all_commands())
        if (std::ranges::find(chords(entry.id), chord) != chords(entry.id).end())
            found.push_back(entry.id);
    return found;
}

bool Keymap::in_conflict(Command command) const {
    return std::ranges::any_of(chords(command),
                               [this](ImGuiKeyChord chord) { return asked_by(chord).size() > 1; });
}

} // namespace mw::ui
