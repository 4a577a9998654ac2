#pragma once

#include "scene.h"

namespace mw::sample {

// What light does at a point: a diffuse body under a clear coat, or bare metal.
struct Surface {
    Vec albedo;
    Vec normal;                  // Unit, with the fine relief.
    Vec f0{0.04f, 0.04f, 0.04f}; // Reflectance at normal incidence.
    float alpha = 0.3f;          // GGX width of the coat.
    float coat = 1;              // Strength of the coat; 0 for raw clay, plaster, paper.
    bool metal = false;
};

// The surface under `hit`. `hit.part` is not None. With `fine` false table and wall lose their
// texture: enough for light that bounced off a dull surface, and much faster.
Surface surface_at(const Hit& hit, bool fine);

// Unit outward normal of a part without its fine relief.
Vec smooth_normal(Part part, Vec p);

} // namespace mw::sample
