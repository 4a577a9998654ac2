// The lines of the history panel.
#pragma once

#include "ui/history_panel.h"

namespace mw::ui {

// Only the lines in sight are made, however many there are.
void draw_history_rows(const session::SessionView& view, HistoryState& state,
                       const std::vector<session::HistoryRow>& rows, session::Actions& out);

// "14:32" of today, else "27 Nov"; empty when it is not known. Where this machine is.
std::string time_words(std::int64_t created_ms, std::int64_t now_ms);

} // namespace mw::ui
