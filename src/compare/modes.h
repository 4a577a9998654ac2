// What the canvas shows of two pictures, one pixel at a time, as plain functions: the reference the
// shaders are measured against, and the pictures of them. Colours are encoded sRGB 0..1 as shown.
#pragma once

#include <array>

#include "compare/stats.h"
#include "compare/wipe.h"

namespace mw::compare {

using Rgb = std::array<float, 3>;

inline constexpr double kMaxGain = 64;  // of difference and heat, from 1
inline constexpr double kFlickerHz = 3; // changes of A to B and back per second, by default

// |a - b| x gain, each channel, at most 1.
Rgb difference(const Rgb& a, const Rgb& b, double gain);
// The largest of |a - b| over the channels: the value of the plain absolute heat map.
float absolute(const Rgb& a, const Rgb& b);
// The heat ramp's colour for value x gain of full_scale.
Rgb heat_color(double value, double gain, double full_scale);
// B over A with an opacity of 0 .. 1, mixed in encoded values.
Rgb onion(const Rgb& a, const Rgb& b, double opacity);
// A where side_of_a(line, pane, at) > 0, else B. `at` is a pixel's centre in the pane's units.
Rgb wiped(const Rgb& a, const Rgb& b, const WipeLine& line, const Rect& pane, PointF at);
// Whether B is the one shown `seconds` after flicker began: A first, each for half a period.
bool flicker_shows_b(double seconds, double hz = kFlickerHz);

// The difference as kRgb8. Errors: invalid_argument when sizes differ, too_large.
Result<image::Image> difference_picture(image::ImageView a, image::ImageView b, double gain,
                                        const Views& views = {});

} // namespace mw::compare
