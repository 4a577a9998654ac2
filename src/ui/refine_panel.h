// Refinements of the mask: live while a slider is dragged, one step of undo when it is let go.
#pragma once

#include "session/action.h"

namespace mw::ui {

struct RefinePanelState {
    std::optional<bool> open; // as the height of the window suggests, until the artist says
    float feather_px = 8;     // for its key: as last set here
};

void draw_refine_panel(const session::SessionView& view, RefinePanelState& state, bool some,
                       session::Actions& out);

} // namespace mw::ui
