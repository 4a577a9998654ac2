#pragma once

#include "vec.h"

// Signed distances in centimetres, negative inside; those marked (bound) never overestimate.
// Named and formed as in I. Quilez, "Distance functions" (iquilezles.org/articles/distfunctions).
namespace mw::sample {

inline float sd_sphere(Vec p, float r) {
    return length(p) - r;
}

inline float sd_round_box(Vec p, Vec half, float r) {
    const Vec q{std::abs(p.x) - half.x + r, std::abs(p.y) - half.y + r, std::abs(p.z) - half.z + r};
    const Vec o{std::max(q.x, 0.0f), std::max(q.y, 0.0f), std::max(q.z, 0.0f)};
    return length(o) + std::min(std::max(q.x, std::max(q.y, q.z)), 0.0f) - r;
}

// Upright cylinder between y = lo and y = hi, edges rounded by r.
inline float sd_round_cylinder(Vec p, float radius, float lo, float hi, float r) {
    const float dx = length(p.x, p.z) - radius + r;
    const float dy = std::abs(p.y - 0.5f * (lo + hi)) - 0.5f * (hi - lo) + r;
    return std::min(std::max(dx, dy), 0.0f) + length(std::max(dx, 0.0f), std::max(dy, 0.0f)) - r;
}

// Ellipsoid (bound).
inline float sd_ellipsoid(Vec p, Vec r) {
    const float k0 = length({p.x / r.x, p.y / r.y, p.z / r.z});
    const float k1 = length({p.x / (r.x * r.x), p.y / (r.y * r.y), p.z / (r.z * r.z)});
    return k0 * (k0 - 1) / std::max(k1, 1e-6f);
}

// Segment a-b in the plane; subtract a radius for a stroke or, revolved, for a turned wall.
inline float sd_segment(float px, float py, float ax, float ay, float bx, float by) {
    const float dx = bx - ax, dy = by - ay;
    const float h = saturate(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy));
    return length(px - ax - dx * h, py - ay - dy * h);
}

inline float sd_capsule(Vec p, Vec a, Vec b, float r) {
    const Vec pa = p - a, ba = b - a;
    return length(pa - ba * saturate(dot(pa, ba) / dot(ba, ba))) - r;
}

// The bowl: a sphere shell of radius r and half-thickness t, kept below height h of its centre.
inline float sd_cut_hollow_sphere(Vec p, float r, float h, float t) {
    const float w = std::sqrt(r * r - h * h), q = length(p.x, p.z);
    return (h * q < w * p.y ? length(q - w, p.y - h) : std::abs(length(q, p.y) - r)) - t;
}

// Union with a fillet about k wide (polynomial smooth minimum; bound).
inline float smooth_min(float a, float b, float k) {
    const float h = std::max(k - std::abs(a - b), 0.0f) / k;
    return std::min(a, b) - h * h * k * 0.25f;
}

} // namespace mw::sample
