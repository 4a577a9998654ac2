// The cheat sheet of keys (F1), made of the table of commands.
#pragma once

namespace mw::ui {

void draw_help_sheet(bool& open);

} // namespace mw::ui
