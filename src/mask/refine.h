// Changing a mask as a whole. Every function equals its definition on the full picture: exact at
// tile borders. Outside the picture counts as the nearest edge for shrink and as 0 for the rest.
#pragma once

#include "mask/mask.h"

namespace mw::mask {

Mask inverted(const Mask& mask);

// Grey dilation / erosion by a true Euclidean disc of radius_px (>= 0, may be fractional), with
// distances d between pixel centres: grow(m, r)(p) is the maximum over all q of m(q) - s, where s
// is 0 for d <= r, 255 (d - r) rounded for r < d < r + 1, and 255 beyond: the flat dilation by the
// disc, with a flank one pixel wide that antialiases it. grow(m, 0) == m; shrink is
// inverted(grow(inverted(m), r)).
Mask grow(const Mask& mask, double radius_px);
Mask shrink(const Mask& mask, double radius_px);

// Grey dilation by a disc stretched differently to each side: four quarter ellipses whose half-axes
// are the pixels given (below 0 counts as 0). Without the soft flank of grow().
struct SidesPx {
    int left = 0, above = 0, right = 0, below = 0;
    bool operator==(const SidesPx&) const = default;
};
Mask grow_sides(const Mask& mask, const SidesPx& by);

// Gaussian blur of the coverage, sigma = radius_px / 2, so that the soft edge is about 2 x radius
// wide, centred on the old edge. Within 2 levels of the true Gaussian. Radii above kMaxFeather
// count as that.
inline constexpr double kMaxFeather = 8192;
Mask feather(const Mask& mask, double radius_px);

// The exact Euclidean distance (Felzenszwalb & Huttenlocher 2012), in pixels, from each pixel of
// `window` to the nearest pixel outside the support (coverage 0; the picture's outside does not
// count as outside the support unless `border_is_outside`). 0 on pixels outside the support. kGrayF
// of the window's size; capped at `cap_px`.
image::Image inside_distance(const Mask& mask, const Rect& window, double cap_px,
                             bool border_is_outside = false);

// Which pixels are above 0 as 0 / 255, without softness: what is sent to a model that wants a
// binary mask.
Mask support(const Mask& mask);

} // namespace mw::mask
