// What runs and what failed: phase, elapsed time, cancel; the error with a way to copy it.
#pragma once

#include "session/action.h"

namespace mw::ui {

// Jobs a person is shown: work on the picture that waits, runs or failed.
bool any_job_shown(const session::SessionView& view);
void draw_jobs_panel(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
