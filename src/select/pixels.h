// Pixels of any format as numbers, read as display-encoded sRGB. Private to the room.
#pragma once

#include <array>

#include "image/image.h"

namespace mw::select {

// Encoded red, green, blue, alpha; nominally 0..1. Grey is three equal channels, a missing alpha 1.
using Rgba = std::array<float, 4>;

Rgba rgba_at(image::ImageView picture, int x, int y);

// CIELAB under D65 of an encoded colour; NaN stays NaN.
std::array<float, 3> lab_of(const Rgba& rgba);

// The mean of the encoded pixels of the side x side square around (x, y), as far as it lies in the
// picture; colour weighted by alpha. side is odd; (x, y) must lie inside.
Rgba mean_at(image::ImageView picture, int x, int y, int side);

} // namespace mw::select
