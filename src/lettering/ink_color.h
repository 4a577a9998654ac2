// What colour a text stands out in. Private to the room.
#pragma once

#include <functional>

#include "image/color.h"
#include "image/image.h"

namespace mw::lettering {

// Of two linear colours, 1 .. 21 (WCAG 2.1).
double contrast(image::Float3 a, image::Float3 b);

// Mean linear colour of an encoded f32 picture where `takes(x, y)`, weighted by alpha.
image::Float3 mean_color(image::ImageView encoded, const std::function<bool(int, int)>& takes);

// Linear: the mean of the darkest or the lightest 3 % of the picture, whichever stands out more
// against `ground`, moved in lightness (Oklab) until the contrast is 4.5.
image::Float3 ink_color(image::ImageView encoded, image::Float3 ground);

} // namespace mw::lettering
