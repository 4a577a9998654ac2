// Pairs of pictures to compare.
#pragma once

#include <string>

#include "image/image.h"

namespace mw::bench {

struct Scene {
    std::string name;
    image::Image a, b;           // kRgb8
    image::Image a_rgba, b_rgba; // the same with alpha 255, as pixelmatch wants it
    image::Image a_grey, b_grey;
};
// A photograph (a made one where the shared pictures are missing), tiled to 3840 x 2160, and the
// same after JPEG 70: nearly every sample differs a little. `edit`: one part redrawn, the rest the
// same bits.
Scene jpeg_scene();
Scene edit_scene();

// Writes both as PNG into `folder`; gives the two paths.
std::pair<std::string, std::string> write_png(const Scene& scene, const std::string& folder);

} // namespace mw::bench
