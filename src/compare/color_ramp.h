// The one colour map of every heat map, for pictures made here and for the screen.
#pragma once

#include <array>
#include <cstdint>

namespace mw::compare {

using Rgb8 = std::array<std::uint8_t, 3>;

// Encoded sRGB from black through violet, magenta and orange to pale yellow, made in CIELAB with
// lightness growing evenly: equal steps of the value are equal steps to the eye, and the picture
// reads in grey too.
const std::array<Rgb8, 256>& heat_ramp();

// The entry for `value` of `full_scale`: rounded to the nearest, below 0 and NaN the first, above
// the last.
std::uint8_t heat_index(float value, float full_scale);

} // namespace mw::compare
