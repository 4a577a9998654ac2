// The result that is shown: what was done, the proof, what it needs; its graft and its report.
#pragma once

#include "session/action.h"
#include "ui/graft_panel.h"

namespace mw::ui {

struct VerdictPanelState {
    bool graft = true, report = true; // open
    bool graft_next = false;          // of the next result, while there is none
    GraftPanelState controls;
};

void draw_verdict_panel(const session::SessionView& view, VerdictPanelState& state,
                        session::Actions& out);

} // namespace mw::ui
