// Messages over the canvas. Warnings and errors stay until they are dismissed; plain news goes by
// itself.
#pragma once

#include <functional>
#include <map>

#include "session/action.h"

namespace mw::ui {

struct NoticesState {
    std::map<std::uint64_t, double> first_seen; // ImGui time
};

// `act` does what a notice's button offers.
void draw_notices(const session::SessionView& view, NoticesState& state, const Rect& canvas_window,
                  const std::function<void(std::uint64_t)>& act, session::Actions& out);

} // namespace mw::ui
