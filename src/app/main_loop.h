// The window's life: open, wait for events, draw what changed, close.
#pragma once

#include "app/window_options.h"

namespace mw::app {

// Returns the exit status; says on standard error why the window could not be opened.
int run_window(const WindowOptions& options);

} // namespace mw::app
