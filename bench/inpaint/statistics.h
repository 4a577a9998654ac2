// What a fill is measured by.
#pragma once

#include "holes.h"

namespace mw::bench {

// Mean LDR-FLIP (Andersson et al. 2020; 67 pixels per degree) over the hole grown by 8 px.
double flip_in_hole(const Scene& scene, image::ImageView filled);

// How far the statistics of the texture in the hole (grown by 8 px) are from those of the truth
// there: the marginal histograms of the subbands of an oriented multi-scale transform, which is
// what Heeger & Bergen 1995 ("Pyramid-based texture analysis/synthesis") found two textures must
// share to look alike, and the first group of Portilla & Simoncelli 2000. Subbands: luma at four
// scales by first and second derivatives of a Gaussian steered to four directions (Freeman &
// Adelson 1991), both colour differences at four scales by a band pass, and the pixels themselves.
// Two histograms are compared by their earth mover's distance (Rubner et al. 2000), in units of the
// truth's own mean deviation (with a quarter of a level beside it for flat ones); the mean of all
// subbands. It does not ask where things are: that is FLIP's part.
double texture_distance(const Scene& scene, image::ImageView filled);

// Mean CIEDE2000 between each hole pixel at the border and its known neighbours (of four).
double seam_delta_e(const Scene& scene, image::ImageView picture);

} // namespace mw::bench
