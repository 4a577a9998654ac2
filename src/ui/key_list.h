// The keys of every command, to be changed: a part of the preferences.
#pragma once

#include <optional>
#include <string>

#include "session/preferences.h"
#include "ui/keymap.h"

namespace mw::ui {

struct KeyListState {
    // Whose next key press is listened to, and whether it comes beside the keys it has.
    std::optional<Command> recording;
    bool beside = false;
    // Pressed for `recording`, but others are asked for by it: the artist decides.
    ImGuiKeyChord wanted = 0;
};

// A command gets these keys ("Ctrl+E, F5"); those of its preset are no change.
void rebind(session::Preferences& preferences, Command command, const std::string& keys);
// No other command but `keeper` is asked for by it any more.
void take_away(session::Preferences& preferences, ImGuiKeyChord chord, Command keeper);

// The preset and the rows whose command holds every word of `query`. True when anything is
// shown.
bool draw_key_list(session::Preferences& preferences, KeyListState& state, std::string_view query);

} // namespace mw::ui
