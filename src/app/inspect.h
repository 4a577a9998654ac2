// The window's state as a JSON file, for tests and automation: see docs/testing-the-window.md.
#pragma once

#include <deque>
#include <filesystem>

#include "app/window.h"
#include "session/state.h"
#include "ui/look.h"
#include "ui/shell.h"

namespace mw::app {

// What the device was asked for.
struct DrawFigures {
    std::size_t texture_bytes = 0, texture_budget = 0;
    std::size_t mask_texels_uploaded = 0; // by the last frame
    std::int64_t pixels_redrawn = 0;      // by the last frame
    bool complete = false;                // nothing coarser stands in for tiles any more
    int contexts_lost = 0;                // since the start
    // What the last frames took, the newest last: everything from its events to the swap.
    std::deque<double> seconds;
    // The same in processor time of the whole program, software rendering included.
    std::deque<double> cpu_seconds;
    // Processor time of the thread of the window alone, from its events to before the swap; and
    // what of it went to drawing the picture and the panels' triangles: our tiles, and the driver's
    // part of the work that it does on the caller's thread.
    std::deque<double> own_seconds, drawing_seconds;
};

// Written beside and renamed, so that a reader never sees half of it. Failures are silent: the
// window goes on.
void write_inspection(const std::filesystem::path& path, std::uint64_t frames, Size framebuffer,
                      double scale, const session::SessionView& view, const ui::ShellState& shell,
                      const ui::Look& look, const DrawFigures& drawn);

} // namespace mw::app
