// The inner loops of stroke painting, compiled for more than one instruction set.
#pragma once

#include <cstdint>

#include "base/geometry.h"

namespace mw::mask {

// A piece and the place of a run's first pixel in its frame (x along, y across).
struct RunParams {
    float along, across;
    float along_x, across_x; // per pixel
    float length;
    float shear;                              // tilt of the widest cross section of a tapered piece
    float radius, taper, hardness;            // of a tapered piece
    float outer, inverse_width, smooth, peak; // of one that does not taper
    float scale;                              // opacity * 255
};

inline constexpr int kRunBlock = 16;

// to = max(to, stroke), or min(to, 255 - stroke) when erasing, for n <= kTileSide pixels.
void paint_run(const RunParams& params, std::uint8_t* to, int n, bool erase);
void paint_tapered_run(const RunParams& params, std::uint8_t* to, int n, bool erase);
void combine_value(std::uint8_t* to, std::uint8_t stroke, int n, bool erase);

// For `count` rows from y = top on: the pixels whose centres lie within `radius` of the segment
// from a to b, as half-open runs clipped to [0, width). Rows must be within reach.
void capsule_rows(PointF a, PointF b, double radius, int top, int count, int width, int* begin,
                  int* end);

} // namespace mw::mask
