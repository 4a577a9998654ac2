// What panels and keys want of the desktop round the window. The window's owner takes it after each
// frame and does it.
#pragma once

#include <optional>

#include "project/iteration_tree.h"

namespace mw::ui {

struct HostWishes {
    bool paste = false;
    bool copy = false;                        // the shown picture
    bool copy_region = false;                 // what of it the mask covers
    std::optional<project::IterationId> drag; // this picture leaves the window
};

} // namespace mw::ui
