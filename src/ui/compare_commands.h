// Commands and keys of the comparison.
#pragma once

#include "ui/commands.h"
#include "ui/shell.h"

namespace mw::ui {

// False: the command is somebody else's. A document is open.
bool compare_command(Command command, const session::SessionView& view, ShellState& state,
                     session::Actions& out);

// Without a comparison 0 to 9 show that iteration; in one they choose A, with Shift (1 to 9) B.
void number_keys(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
