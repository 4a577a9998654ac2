#pragma once

#include "scene.h"

namespace mw::sample {

inline constexpr float kJarRadius = 4.9f; // Outside, centimetres.

// Signed distance (bound) to a part standing at the origin of its own axes, y up; fruit have
// their origin inside. Far away for Table, Wall and None, which are planes.
float shape(Part part, Vec q);

} // namespace mw::sample
