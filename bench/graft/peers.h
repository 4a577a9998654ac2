// What a graft is measured against.
#pragma once

#include "graft/scene.h"

namespace mw::bench {

// `answer` laid over the source by the weights every contestant shares.
image::Image feathered(const Scene& scene, image::ImageView answer);
// cv::seamlessClone, NORMAL_CLONE (Perez 2003); empty when it refuses (a mask at the border).
image::Image seamless_clone(const Scene& scene);

// RMS over the pixels of the mask, in levels.
double error_in_mask(const Scene& scene, image::ImageView result);

// The largest distance in pixels between where a registration puts the corners of the mask's bounds
// and where they truly are.
double worst_corner(const Scene& scene, const double (&matrix)[2][2], double dx, double dy);

// findTransformECC, affine, on luma, without a mask's help but the ring's; seconds and worst_corner
// (-1 when it did not converge).
struct Motion {
    double seconds = 0, error = -1;
};
Motion ecc_affine(const Scene& scene);
Motion phase_correlation(const Scene& scene);

} // namespace mw::bench
