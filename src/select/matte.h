// Soft coverage along an object's edge. Private to the room.
#pragma once

#include <stop_token>

#include "image/image.h"
#include "mask/mask.h"

namespace mw::select {

// Replaces a hard mask (0 or 255, the picture's size) within `reach_px` of its edge by a guided
// filter of itself with the picture's encoded colours as the guide (He, Sun & Tang, "Guided image
// filtering", PAMI 2013, eq. 14-16 and 19), windows of reach_px to each side. Only `within` is
// touched. Cost: in proportion to the edge's length. False when stopped; then the mask is as it
// was.
bool soften_edge(mask::Mask& mask, image::ImageView picture, const Rect& within, int reach_px,
                 const std::stop_token& stop);

} // namespace mw::select
