// Soft coverage along an object's edge. Private to the room.
#pragma once

#include <stop_token>

#include "image/image.h"
#include "mask/mask.h"

namespace mw::select {

// Makes the edge of a hard mask (0 or 255, the picture's size) soft, in two ways that share the
// work by how far they can be trusted:
// - within guided_px of the edge, a guided filter of the mask with the picture's encoded colours as
//   the guide (He, Sun & Tang, "Guided image filtering", PAMI 2013, eq. 14-16 and 19), windows of
//   guided_px to each side: right where the edge is crisp;
// - within hair_px, the share of the local object colour in a pixel, between the mean colours of
//   what surely lies inside and outside nearby: right for hair and fur, where the two means are far
//   apart for their spread and the pixel lies between them. Fades out towards hair_px.
// Only `within` is touched. Cost: in proportion to the edge's length. False when stopped; then the
// mask is as it was.
struct EdgeReach {
    int guided_px = 4, hair_px = 12; // >= 1
};
bool soften_edge(mask::Mask& mask, image::ImageView picture, const Rect& within,
                 const EdgeReach& reach, const std::stop_token& stop);

} // namespace mw::select
