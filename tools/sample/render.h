#pragma once

#include <vector>

#include "random.h"
#include "scene.h"

namespace mw::sample {

struct RenderOptions {
    int width = 2304, height = 1728; // Pixels, 4:3.
    int samples = 32;                // Paths per pixel.
    int threads = 0;                 // 0: one per core. The picture does not depend on it.
    Scene scene;
};

// A ray from the lens through picture point (x, y), in pixels; `lens` picks a point of the
// aperture, {0, 0} its centre.
Ray camera_ray(int width, int height, float x, float y, Pair lens);

// Path-traces the scene (Kajiya 1986) with the window sampled directly. Returns width * height
// linear radiances, row by row from the top.
std::vector<Vec> render(const RenderOptions& options);

} // namespace mw::sample
