// Takes the steps in brightness out of a filled hole. Internal to the room.
#pragma once

#include <stop_token>
#include <vector>

#include "image/image.h"
#include "inpaint/level.h"

namespace mw::inpaint {

// Where parts copied from different places meet, and where they meet the hole's border, light
// rarely agrees. Adds a smooth correction to the hole of `picture` (the finest size, filled) so
// that its differences from pixel to pixel become those of the places copied from: Poisson blending
// (Perez, Gangnet, Blake 2003), screened (Bhat et al. 2008) so that it stays near the seam, and
// robust, so that a true edge stays a step: once wide,
// for light, and once over a few pixels, for grain and texture. `offsets` is from dominant_offsets.
// Alpha is left alone. False when stopped.
bool even_seams(const Level& level, const std::vector<Point>& offsets, image::ImageSpan picture,
                const std::stop_token& stop);

} // namespace mw::inpaint
