// Did the answer leave alone what it was told to leave alone? Private to the room.
#pragma once

#include "composite/context.h"

namespace mw::composite {

// Mean of the absolute differences on the display, 0 .. 255 levels, of the raw answer (of the
// crop's size) where the mask is 0 within the crop; what is not finite does not count.
double mean_outside(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const image::DisplayTransform& view);

} // namespace mw::composite
