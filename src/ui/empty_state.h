// What the canvas shows before a picture is open.
#pragma once

#include <imgui.h>

#include <map>

#include "session/action.h"

namespace mw::ui {

struct EmptyState {
    std::map<std::filesystem::path, ImTextureID> pictures; // of recent files
    std::size_t asked = 0; // recent files whose pictures were asked for
};

// Drawn into a window of its own over `canvas_window`. `sample` is a picture to try with; empty:
// none.
void draw_empty_state(const session::SessionView& view, EmptyState& state,
                      const Rect& canvas_window, const std::filesystem::path& sample,
                      session::Actions& out);
// Gives the textures back.
void drop_pictures(EmptyState& state);

} // namespace mw::ui
