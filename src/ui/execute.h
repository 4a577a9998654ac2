// Carries out a command.
#pragma once

#include "ui/commands.h"
#include "ui/shell.h"

namespace mw::ui {

void execute(Command command, const session::SessionView& view, ShellState& state,
             session::Actions& out);

} // namespace mw::ui
