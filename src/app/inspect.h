// The window's state as a JSON file, for tests and automation: see docs/testing-the-window.md.
#pragma once

#include <filesystem>

#include "app/window.h"
#include "session/state.h"
#include "ui/look.h"
#include "ui/shell.h"

namespace mw::app {

// Written beside and renamed, so that a reader never sees half of it. Failures are silent: the
// window goes on.
void write_inspection(const std::filesystem::path& path, std::uint64_t frames, Size framebuffer,
                      double scale, const session::SessionView& view, const ui::ShellState& shell,
                      const ui::Look& look);

} // namespace mw::app
