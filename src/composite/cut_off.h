// Does what the answer draws go on beyond the mask? Private to the room.
#pragma once

#include "composite/context.h"

namespace mw::composite {

// Where cells of 4x4 px differ by far more than the ring does by and large, and hang together with
// such a difference inside the mask across its edge, on at least two lines of cells side by side.
// Extents are measured along rows and columns from the mask's edge; under 3 px counts as nothing.
// `corrected` is of context.window.
CutOff find_cut_off(const Context& context, image::ImageView corrected, const mask::Mask& mask);

} // namespace mw::composite
