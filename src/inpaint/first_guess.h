// What stands in the hole before any patch is compared. Internal to the room.
#pragma once

#include <stop_token>

#include "image/image.h"
#include "inpaint/level.h"

namespace mw::inpaint {

// Fills level.guide layer by layer from the border inwards: each pixel is that of the source whose
// surroundings agree best with what is known around it so far. Costs hole x sources: for a coarsest
// level. False when stopped.
bool peel_inwards(Level& level, std::uint64_t seed, const std::stop_token& stop);

// Fills level.guide smoothly (pull-push; Gortler et al. 1996). Any size.
void smooth_guide(Level& level);

// Fills the hole (bytes, one per pixel) of a picture smoothly, in its own format: what is left when
// no patch can be copied. At least one pixel must be known.
void smooth_pixels(image::ImageSpan picture, const std::vector<std::uint8_t>& hole);

} // namespace mw::inpaint
