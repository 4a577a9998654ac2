// How the shown result is grafted, and with what the next ones will be.
#pragma once

#include "session/action.h"

namespace mw::ui {

// The settings in force: of the trial, of the shown result, or the default for the next one.
const composite::GraftParams& graft_settings(const session::SessionView& view);
// The report that goes with them: the trial's as soon as there is one. Null for the original.
const composite::GraftReport* graft_report(const session::SessionView& view);

struct GraftPanelState {
    std::pair<worker::DocumentId, project::IterationId> prepared; // what the pointer came to last
};

void draw_graft_panel(const session::SessionView& view, GraftPanelState& state,
                      session::Actions& out);

// "12.4 px to the right, 3.0 px up, × 1.031, 0.4° counter-clockwise"; parts that are nothing left
// out.
std::string move_words(const composite::Registration& r);

} // namespace mw::ui
