// What the numbers of a picture mean, from its profile (ICC.1:2022, and version 2).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codec/byte_reader.h"
#include "image/color_space.h"

namespace mw::codec {

struct IccReading {
    image::ColorSpaceRef color; // null: sRGB, or near enough that nobody could tell
    std::string warning;        // why the profile is ignored; empty: it is not
};

// For the decoding child only: the profile is the file's, and the library that reads it may fail on
// it. `color_channels` is 1 or 3.
//
// Matrix and grey profiles become curves and a matrix, all others tables. Colours are carried over
// relative colorimetrically without black point compensation: white is white, everything else is
// what was measured, and what lies outside sRGB is kept (see DisplayTransform). A profile that says
// sRGB to half an 8-bit level of every colour that a screen can show is taken for sRGB itself, so
// that such pictures cost nothing.
IccReading read_icc(ByteSpan icc, int color_channels);

// Of one made of curves and a matrix. Null when it is sRGB in the sense above, or cannot be used.
image::ColorSpaceRef unless_srgb(image::ColorSpace space, int color_channels);

// A curve as a table, with as many entries as keep it within 1e-5 of `light`, encoded; at most
// 65536, at which every 16-bit sample has an entry of its own. Empty for the identity, and for what
// is no rising curve. `light` takes 0..1.
std::vector<float> curve_table(const std::function<double(double)>& light);

} // namespace mw::codec
