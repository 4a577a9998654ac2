// What the command line says about the window.
#pragma once

#include <filesystem>
#include <optional>

#include "base/geometry.h"

namespace mw::app {

struct WindowOptions {
    std::optional<std::filesystem::path> file; // opened at the start
    std::optional<double> scale;               // instead of the monitor's
    std::optional<Size> size;                  // of the window
};

// `[--scale S] [--size WxH] [FILE]`. Empty when the arguments are not for the window: a verb, or
// an option this does not know.
std::optional<WindowOptions> window_options(int argc, char** argv);

// The command line, else the environment (MASKWRIGHT_SCALE), else what is preferred (0: nothing),
// else the monitor.
double chosen_scale(const WindowOptions& options, double preferred, double of_monitor);

} // namespace mw::app
