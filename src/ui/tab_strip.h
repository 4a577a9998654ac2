// The documents that are open, a tab each; nothing is drawn for one alone.
#pragma once

#include <vector>

#include "session/action.h"

namespace mw::ui {

struct TabsState {
    std::vector<session::TabView> tabs; // set by the owner of the sessions, before each frame
    session::TabId shown = 0;
};

inline bool tabs_shown(const TabsState& state) {
    return state.tabs.size() > 1;
}

// The contents of their region.
void draw_tab_strip(const TabsState& state, session::Actions& out);

} // namespace mw::ui
