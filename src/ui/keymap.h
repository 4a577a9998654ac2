// Which keys ask for which command: a preset, and what the artist changed of it.
#pragma once

#include <imgui.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/commands.h"

namespace mw::ui {

// A key with its modifiers as ImGui counts them, from "Ctrl+Shift+E". Empty for words it does not
// know.
std::optional<ImGuiKeyChord> parse_chord(std::string_view words);
// The other way; empty for a chord that has no words here, as a modifier alone.
std::string chord_words(ImGuiKeyChord chord);
// "Ctrl+E, F5": its parts, views into it.
std::vector<std::string_view> split_keys(std::string_view keys);

// Ways of other programs: what differs from the table of commands.
struct KeyPreset {
    std::string_view id; // in files; empty: our own
    const char* label;   // for people
    struct Entry {
        Command command;
        const char* keys;
    };
    std::span<const Entry> differs;
};
std::span<const KeyPreset> key_presets();

class Keymap {
  public:
    // Changes of commands or to keys that are not known are passed over.
    explicit Keymap(std::string_view preset = {},
                    const std::map<std::string, std::string>& changes = {});

    // "Ctrl+Shift+E, Ctrl+E"; empty for none.
    const std::string& keys(Command command) const { return of(command).words; }
    std::span<const ImGuiKeyChord> chords(Command command) const { return of(command).chords; }
    // What the preset gives it, before changes.
    std::string keys_of_preset(Command command) const;
    bool changed(Command command) const { return of(command).changed; }
    // All that a chord asks for, in the order of the table; more than one is a conflict.
    std::vector<Command> asked_by(ImGuiKeyChord chord) const;
    bool in_conflict(Command command) const;

  private:
    struct Held {
        std::string words;
        std::vector<ImGuiKeyChord> chords;
        bool changed = false;
    };
    const Held& of(Command command) const { return held_[static_cast<std::size_t>(command)]; }
    const KeyPreset* preset_;
    std::vector<Held> held_; // in the order of Command
};

} // namespace mw::ui
