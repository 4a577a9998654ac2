// The inner loops of stroke painting, compiled for more than one instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/geometry.h"

namespace mw::mask {

// A piece as its pixels see it: x along its chord from its first end, y across to the right.
struct RunParams {
    float along_x, across_x; // what one pixel to the right adds to x and y
    float length;
    float bend;                               // the piece is y = bend * x * (length - x)
    float shear;                              // tilt of the widest cross section of a tapered piece
    float radius, taper, hardness;            // of a tapered piece
    float outer, inverse_width, smooth, peak; // of one that does not taper
    float scale;                              // opacity * 255
    int knot;                                 // evaluate every knot-th pixel, 1, 8 or 16, and mix
    float inner2; // with a knot of 1: full value where the chord is nearer than its root; < 0:
                  // nowhere
    bool tapers;
};

inline constexpr int kRunBlock = 16;
inline constexpr int kInnerBlock = 8; // with inner2

// n <= kTileSide pixels of a row from `to` on, the first of them at (along, across) of the piece.
struct RunSpan {
    std::uint8_t* to;
    int n;
    float along, across;
};

// to = max(to, stroke), or min(to, 255 - stroke) when erasing.
void paint_spans(const RunParams& params, const RunSpan* spans, std::size_t count, bool erase);
void combine_value(std::uint8_t* to, std::uint8_t stroke, int n, bool erase);
// With stroke[i], nowhere more than limit[i].
void combine_limited(std::uint8_t* to, const std::uint8_t* stroke, const std::uint8_t* limit, int n,
                     bool erase);

// For `count` rows from y = top on: the pixels whose centres lie within `radius` of the segment
// from a to b, as half-open runs clipped to [0, width). Rows must be within reach.
void capsule_rows(PointF a, PointF b, double radius, int top, int count, int width, int* begin,
                  int* end);

// A strip of a plane: at height y its row goes from the larger of two lines in y to the smaller of
// two others.
struct StripLines {
    double left[2], left_slope[2], right[2], right_slope[2];
};
// Its runs on `count` rows from y = top on, with y taken at the pixels' centres; half open, clipped
// to [0, width), empty ones with begin >= end.
void strip_rows(const StripLines& lines, int top, int count, int width, int* begin, int* end);

} // namespace mw::mask
