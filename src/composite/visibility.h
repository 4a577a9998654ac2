// How much of a seam can be seen in the result. Private to the room.
#pragma once

#include "composite/context.h"

namespace mw::composite {

// Mean over the seam of the CIEDE2000 step from inside `declared` to outside within squares of 8
// px, less the source's own step at the same place, at least 0 each. `result` holds the picture's
// own samples of `area`, which lies within context.window.
double seam_visibility(const Context& context, image::ImageView result, const Rect& area,
                       const mask::Mask& declared, const image::DisplayTransform& view);

} // namespace mw::composite
