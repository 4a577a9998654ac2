// The last step: the answer is laid over the source by weights, in the source's own depth and
// space. Private to the room.
#pragma once

#include "composite/graft.h"

namespace mw::composite {

// All images f32 or as said, of one size; `rect` is where they lie in the picture.
struct BlendInput {
    Rect rect;
    image::ImageView source;  // 1 or 3 channels, encoded display values, as they are
    image::ImageView answer;  // likewise, ready
    image::ImageView weights; // kGray8: 0 keeps the source's bits, 255 gives the answer itself
    image::ImageView share;   // kGrayF, 0 .. 1, multiplies the weights; empty: 1
    bool same_depth = false;  // the answer's samples are as deep as the source's, or deeper
    bool dither = true;
};

// `pixels` holds the source's own samples of rect and gets the result. With s and a on the display,
// w the weight and F the way back: F(s + w (a - s)) + (1 - w) (source - F(s)), so that a weight of
// 0 gives the source's bits, a weight of 1 the answer whatever the way there and back costs, and
// nothing steps in between. Where a == s no sample is touched, nor is alpha ever. A source that is
// not finite gives way wholly. Integers are dithered (triangular, by position alone): by half a
// step of 8 bits where they are deeper than the answer, by one of their own in another space.
void blend(const BlendInput& input, const image::DisplayTransform& view, image::ImageSpan pixels);

} // namespace mw::composite
