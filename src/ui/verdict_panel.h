// Result: the proof, the registration, the colours and the figures of the iteration shown; accept
// or reject.
#pragma once

#include "session/action.h"

namespace mw::ui {

void draw_verdict_panel(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
