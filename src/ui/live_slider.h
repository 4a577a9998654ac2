// A slider whose value is tried while it is dragged and kept when it is let go; Esc in between
// takes it back.
#pragma once

#include <string_view>

#include "ui/widgets.h"

namespace mw::ui {

struct Live {
    bool tried = false;   // the value is under way
    bool kept = false;    // let go, or typed
    bool dropped = false; // Esc
};
Live live_slider(const char* name, std::string_view label, float& value, float low, float high,
                 const SliderLook& how = {});

} // namespace mw::ui
