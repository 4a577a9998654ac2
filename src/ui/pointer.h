// Every report of the pointing device, in order: a fast stroke has several between two frames.
#pragma once

#include "base/geometry.h"

namespace mw::ui {

enum class PointerKind { move, down, up, wheel };
struct PointerEvent {
    PointerKind kind = PointerKind::move;
    PointF at;        // window coordinates
    int button = 0;   // 0 left, 1 right, 2 middle
    double wheel = 0; // notches, positive away from the user
    bool ctrl = false, shift = false, alt = false;
    double pressure = 1; // 0..1 of a pen, 1 of a mouse
    double time = 0;     // seconds, any origin
};

} // namespace mw::ui
