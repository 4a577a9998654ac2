// Pictures to select in.
#pragma once

#include "image/image.h"

namespace mw::bench {

// side x side, 8 bits, 1 or 3 channels. The seed of every flood is (5, 5), but for `speck` the
// middle.
image::Image flat_scene(int side, int channels);
// One region with grain around some hundred discs: 85 % of the picture.
image::Image large_scene(int side, int channels);
// A perfect maze of corridors 12 pixels wide.
image::Image labyrinth_scene(int side, int channels);
// A disc of 2 % of the picture (0.13 % from 8192 on).
image::Image speck_scene(int side, int channels);
// A textured object on a textured ground, RGB, with the box around it.
image::Image object_scene(int side, Rect& box);

} // namespace mw::bench
