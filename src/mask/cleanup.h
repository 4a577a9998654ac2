// Tidying a mask as a whole. Every function equals its definition on the full picture: exact at
// tile borders. None can fail; values out of range are clamped, NaN changes nothing.
#pragma once

#include <cstdint>

#include "mask/mask.h"

namespace mw::mask {

// Rounds the outline: the Gaussian mean of the coverage around each pixel (sigma = radius_px / 2,
// over the part inside the picture, within 2 levels), made steep about its middle until a straight
// edge is one pixel wide. Bays, tips and specks clearly smaller than the radius go, straight edges
// stay where they are, soft edges become crisp. Radii above 4096 count as that.
Mask smooth(const Mask& mask, double radius_px);

// Grey-level hole filling (Soille, "Morphological Image Analysis", 6.3.7): each pixel becomes the
// least, over all 4-connected ways out of the picture, of the highest coverage met on the way (its
// own included). What full coverage surrounds becomes full; what fainter coverage surrounds becomes
// as covered as the faintest place of the wall. Never below the old coverage.
Mask fill_holes(const Mask& mask);

// Clears every island, an 8-connected set of pixels above 0, of fewer than `area_px` pixels.
Mask remove_islands(const Mask& mask, std::int64_t area_px);

// The band along the edge, from inner_px inside it to outer_px outside: grow(outer_px) less
// shrink(inner_px), both as in refine.h. 0 .. 4096 each; the picture's border is no edge.
Mask border(const Mask& mask, double inner_px, double outer_px);

// Steepens what is neither 0 nor 255 about the middle, 127.5: amount 0 (as it is) .. 1 (0 or 255;
// 128 and above is 255). The distance from the middle is multiplied by 1 / (1 - amount).
Mask contrast(const Mask& mask, double amount);

} // namespace mw::mask
