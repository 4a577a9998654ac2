#include "scene.h"

#include <array>

#include "label.h"
#include "shapes.h"

namespace mw::sample {
namespace {

struct Object {
    Part part;
    Vec place; // Origin of the part's own axes.
    float turn_y, turn_z;
    Vec lo, hi; // Bounds around `place`, in room axes.
};

constexpr Vec kJar{10.6f, 0, -8}, kCup{21.2f, 0, 2.5f}, kBowl{-10, 0, -4}, kToy{2.4f, 0, 20};

constexpr std::array kObjects{
    Object{Part::Bowl, kBowl, 0, 0, {-9.7f, 0, -9.7f}, {9.7f, 6.6f, 9.7f}},
    Object{Part::Pear, {-12.3f, 5.2f, -6.6f}, 0, -0.36f, {-7, -4, -4.2f}, {5, 11, 4.2f}},
    Object{Part::LemonA,
           {-12.2f, 5.3f, -0.6f},
           0.55f,
           0.15f,
           {-5.4f, -3.6f, -4.6f},
           {5.4f, 3.6f, 4.6f}},
    Object{Part::LemonB, {-6.4f, 5.5f, -4.0f}, -0.8f, -0.3f, {-5, -4, -5}, {5, 4, 5}},
    Object{Part::Jar, kJar, 0, 0, {-5, 0, -5}, {5, 13.4f, 5}},
    Object{Part::Lid, kJar, 0, 0, {-4.4f, 12, -4.4f}, {4.4f, 15, 4.4f}},
    Object{Part::Cup, kCup, 0.5f, 0, {-7.6f, 0, -7.6f}, {7.6f, 8.6f, 7.6f}},
    Object{Part::Coffee, kCup, 0, 0, {-4, 6, -4}, {4, 7, 4}},
    Object{
        Part::Apple, {-20.2f, 3.1f, 9.6f}, 0.3f, -0.22f, {-4.6f, -3.6f, -4.6f}, {4.8f, 5.4f, 4.6f}},
    Object{Part::Toy, kToy, 0.5f, 0, {-3.6f, 0, -3.2f}, {3.6f, 3, 3.2f}},
};

const Object& object(Part part) {
    for (const Object& o : kObjects) {
        if (o.part == part) return o;
    }
    return kObjects[0];
}

Vec turn(const Object& o, Vec d) {
    if (o.turn_y != 0) d = rotate_y(d, o.turn_y);
    return o.turn_z != 0 ? rotate_z(d, o.turn_z) : d;
}

Vec to_local(const Object& o, Vec p) {
    return turn(o, p - o.place);
}

// Entry and exit of a ray and a box; false when it misses.
bool clip(Ray r, Vec lo, Vec hi, float& t0, float& t1) {
    auto axis = [&](float o, float d, float a, float b) {
        const float inv = 1 / (std::abs(d) < 1e-9f ? std::copysign(1e-9f, d) : d);
        const float u = (a - o) * inv, v = (b - o) * inv;
        t0 = std::max(t0, std::min(u, v));
        t1 = std::min(t1, std::max(u, v));
    };
    axis(r.o.x, r.d.x, lo.x, hi.x);
    axis(r.o.y, r.d.y, lo.y, hi.y);
    axis(r.o.z, r.d.z, lo.z, hi.z);
    return t0 < t1;
}

// Bounds of everything on the table, so that most rays skip all of it at once.
constexpr Vec kAllLo{-27, 0, -15}, kAllHi{30, 17, 24};

bool misses_all(Ray ray, float reach) {
    float t = 0;
    return !clip(ray, kAllLo, kAllHi, t, reach);
}

// First surface of `o` nearer than `reach`, or `reach`.
float march(const Object& o, Ray ray, float reach) {
    float t = 0, end = reach;
    if (!clip(ray, o.place + o.lo, o.place + o.hi, t, end)) return reach;
    const Vec from = to_local(o, ray.o), along = turn(o, ray.d);
    for (int i = 0; i < 128 && t < end; ++i) {
        const float d = shape(o.part, from + along * t);
        if (d < 0.0015f) return t;
        t += d;
    }
    return reach;
}

} // namespace

float distance_to(Part part, Vec p) {
    return shape(part, local_point(part, p));
}

Vec local_point(Part part, Vec p) {
    return to_local(object(part), p);
}

Hit trace(const Scene& scene, Ray ray) {
    Hit hit{Part::None, 1000, {}};
    if (ray.d.y < 0) {
        const float t = -ray.o.y / ray.d.y;
        if (t < hit.t) hit = {Part::Table, t, {}};
    }
    if (ray.d.z < 0) {
        const float t = (kWallZ - ray.o.z) / ray.d.z;
        if (t < hit.t) hit = {Part::Wall, t, {}};
    }
    hit.p = ray.o + ray.d * hit.t;
    if (misses_all(ray, hit.t)) return hit;
    for (const Object& o : kObjects) {
        if (o.part == Part::Toy && !scene.toy) continue;
        const float t = march(o, ray, hit.t);
        if (t < hit.t) hit = {o.part, t, {}};
    }
    hit.p = ray.o + ray.d * hit.t;
    return hit;
}

float distance_through_jar(Ray ray) {
    float t = 0.02f;
    for (int i = 0; i < 96; ++i) {
        const float d = -distance_to(Part::Jar, ray.o + ray.d * t);
        if (d < 0.001f) break;
        t += d;
    }
    return t;
}

Vec transmittance(const Scene& scene, Vec a, Vec b) {
    const float reach = length(b - a);
    const Ray ray{a, (b - a) * (1 / reach)};
    Vec through{1, 1, 1};
    if (misses_all(ray, reach)) return through;
    for (const Object& o : kObjects) {
        if (o.part == Part::Toy && !scene.toy) continue;
        const float t = march(o, ray, reach);
        if (t >= reach) continue;
        if (o.part != Part::Jar) return {};
        float u, v;
        if (on_label(ray.o + ray.d * t, u, v)) return {};
        // Straight through: the caustic a real jar casts is only suggested by the strong tint.
        const float path = distance_through_jar({ray.o + ray.d * (t + 0.01f), ray.d});
        through = through * exp_neg(kHoneyAbsorption, path) * 0.75f;
    }
    return through;
}

bool toy_blocks(Ray ray, float reach) {
    return march(object(Part::Toy), ray, reach) < reach;
}

Vec toy_place() {
    return kToy;
}

bool on_label(Vec p, float& u, float& v) {
    const Vec q = p - kJar;
    // Turned a little to the window, so that the word reads and the paper catches the light.
    u = (std::atan2(q.x, q.z) + 0.16f) * kJarRadius;
    v = q.y - 5.7f;
    return length(q.x, q.z) > kJarRadius - 0.05f && label_paper(u, v);
}

} // namespace mw::sample
