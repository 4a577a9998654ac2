// The edge between two regions that can be dragged.
#pragma once

#include <imgui.h>

namespace mw::ui {

enum class SplitAxis { columns, rows }; // what it parts

struct SplitResult {
    float moved = 0;    // design pixels, to the right or down, since the press
    bool held = false;  // the button is down, or was let go of in this frame
    bool ended = false; // let go of in this frame
    bool reset = false; // a double click: its usual place
};

// A window of its own over `min` .. `max` (window coordinates), a few pixels wide; it keeps the
// pointer from the canvas. To be drawn after the regions it parts.
SplitResult splitter(const char* name, SplitAxis axis, ImVec2 min, ImVec2 max);

} // namespace mw::ui
