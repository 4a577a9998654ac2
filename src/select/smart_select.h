// Smart select: a box or a few strokes in, the object out.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "mask/mask.h"

namespace mw::select {

// At least one of box and inside must say something. The masks are of the picture's size, or
// default-made for none; what is above 0 counts.
struct SmartSelectParams {
    Rect box;              // the object lies within, and about fills it; Rect{}: none
    mask::Mask inside;     // strokes over what surely belongs to the object; wins over the box
    mask::Mask outside;    // strokes over what surely does not; loses against inside
    bool refine = true;    // false: the quick answer alone, its edge as fine as the small picture
    bool soft_edge = true; // hair and blurred edges get partial coverage
};

// The object by iterated graph cuts over colour models and contrast (Rother, Kolmogorov & Blake,
// "GrabCut", 2004; Boykov & Jolly 2001), solved on a small copy of the box's surroundings, so that
// the time hardly depends on the picture's size; then cut again at every doubling of the size, in a
// band along the edge alone (Lombaert et al., "A multilevel banded graph cuts method", 2005); the
// last edge is made soft by a guided filter with colour (He, Sun & Tang 2010, 2013). The same
// answer on any machine and with any number of threads.
// A box is clipped to the picture. Errors: invalid_argument (no hint, a box without area or outside
// the picture, a stroke mask of another size), cancelled.
Result<mask::Mask> smart_select(image::ImageView picture, const SmartSelectParams& params,
                                std::stop_token stop = {});

} // namespace mw::select
