// The slim strip of tools on the left.
#pragma once

#include "session/action.h"

namespace mw::ui {

void draw_tool_strip(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
