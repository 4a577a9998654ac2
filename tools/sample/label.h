#pragma once

#include "vec.h"

// The jar's printed paper label, in centimetres from its centre, u right and v up.
namespace mw::sample {

// Absorption of honey, 1/cm by colour.
inline constexpr Vec kHoneyAbsorption{0.045f, 0.16f, 0.62f};

// True on the paper: a rectangle with scooped corners.
bool label_paper(float u, float v);

// Ink coverage in [0, 1]: frame, the word HONEY, a line below it, three comb cells above.
float label_ink(float u, float v);

} // namespace mw::sample
