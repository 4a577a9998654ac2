// The candidate tray: every iteration as a small picture of what it changed, in the order of the
// tree, with its standing.
#pragma once

#include "session/action.h"
#include "ui/thumbnails.h"

namespace mw::ui {

struct TrayState {
    std::optional<project::IterationId> drag;    // it is being pulled out of the tray
    std::optional<project::IterationId> dragged; // that was said
    ThumbnailCache thumbnails;
    project::IterationId scrolled_to = -1;
};

void draw_tray(const session::SessionView& view, TrayState& state, session::Actions& out);

} // namespace mw::ui
