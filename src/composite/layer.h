// A patch as a layer over its parent: what other programs must blend to get the same picture.
#pragma once

#include "composite/graft.h"

namespace mw::composite {

// Straight colours and how much of them shows, of one size. Blended over the parent's colours by
// show, c = p + show (colours - p), they give the result within one step of its samples; where show
// is 0 or all they give its very bits.
struct SeparatedLayer {
    image::Image colors; // in the result's format; its alpha is the result's
    image::Image show;   // kGray8
};

// `coverage` (kGray8, same size) is the mask that the artist painted: the layer shows by it as far
// as colours within range allow, and by more where they do not. Samples are u8 or u16. `parent` and
// `result` are of one size and format.
SeparatedLayer separate_layer(image::ImageView parent, image::ImageView result,
                              image::ImageView coverage);

// 255 where any sample of the two differs, else 0.
image::Image changed_pixels(image::ImageView parent, image::ImageView result);

} // namespace mw::composite
