// Every command by its name: written, picked, done (Ctrl+K).
#pragma once

#include <string>
#include <vector>

#include "ui/commands.h"

namespace mw::ui {

struct CommandSearchState {
    bool open = false;
    std::string query;
    int picked = 0;              // of those that match
    std::vector<Command> recent; // newest first; what was done here before stands above its equals
};

// Those that every word of `query` is found in (name or group), best first: a name that begins with
// it, a word that does, a part of one, letters in their order. All of them for no words.
std::vector<Command> matching_commands(std::string_view query, const std::vector<Command>& recent);

// A sheet over the window while `state.open`. The command picked is asked for in look().commands.
void draw_command_search(CommandSearchState& state);

} // namespace mw::ui
