// What is chosen for the program as a whole (Ctrl+,).
#pragma once

#include <string>

#include "session/action.h"
#include "ui/key_list.h"

namespace mw::ui {

enum class PreferencePage { appearance, panels, files, keys };

struct PreferencesState {
    bool open = false;
    PreferencePage page = PreferencePage::appearance;
    std::string query; // looks through all pages
    KeyListState keys;
};

// A sheet over the window while `state.open`; what is changed holds at once.
void draw_preferences(const session::SessionView& view, PreferencesState& state,
                      session::Actions& out);

} // namespace mw::ui
