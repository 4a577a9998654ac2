// Did the answer leave alone what it was told to leave alone? Private to the room.
#pragma once

#include "composite/blocks.h"

namespace mw::composite {

// By the means of 8x8 blocks of the ring, some 4000 of them at most: `kept` up to 5 % of blocks
// that differ by more than 5 CIEDE2000, `ignored` when more than half do and the inside differs no
// more, `unrelated` when besides the pattern of light and dark is another (correlation under 0.25
// at 8 and at 32 px) and no registration was found. Also when the answer is of one colour and the
// source is not.
Respect judge_respect(const Blocks& blocks, const Registration& registration);

// All of the answer is one colour, and the source is not.
bool one_color(const Blocks& blocks);

// Mean of the absolute differences on the display, 0 .. 255 levels, of the raw answer (of the
// crop's size) where the mask is 0 within the crop; what is not finite does not count.
double mean_outside(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const image::DisplayTransform& view);

} // namespace mw::composite
