#pragma once

#include "vec.h"

// The still life: what stands where. Centimetres; y up, the table is y = 0, the wall z = kWallZ.
namespace mw::sample {

inline constexpr float kWallZ = -30;

enum class Part {
    None,
    Table,
    Wall,
    Bowl,
    Pear,
    LemonA,
    LemonB,
    Jar,
    Lid,
    Cup,
    Coffee,
    Apple,
    Toy
};

struct Ray {
    Vec o, d; // `d` is unit length.
};

struct Hit {
    Part part = Part::None;
    float t = 0; // Along the ray, centimetres.
    Vec p;
};

// The blue toy brick is the thing a user removes; `toy` false gives the scene that was never
// disturbed.
struct Scene {
    bool toy = true;
};

// Signed distance to the surface of `part` (not Table, Wall or None), negative inside.
float distance_to(Part part, Vec p);

// `p` in the part's own axes, for textures that must turn with it.
Vec local_point(Part part, Vec p);

// Nearest surface along the ray; Part::None when it leaves the room.
// Sphere tracing (Hart 1996) inside each part's bounding box.
Hit trace(const Scene& scene, Ray ray);

// Distance a ray that starts inside the jar travels to its wall.
float distance_through_jar(Ray ray);

// What share of light, by colour, passes from `a` to `b`; honey tints, all else blocks.
Vec transmittance(const Scene& scene, Vec a, Vec b);

// True when the toy stands between `a` and `a + d * reach`.
bool toy_blocks(Ray ray, float reach);

// Middle of the toy's foot on the table.
Vec toy_place();

// Position on the jar's paper label in centimetres from its centre, u right and v up;
// false when `p` on the jar is bare glass.
bool on_label(Vec p, float& u, float& v);

} // namespace mw::sample
