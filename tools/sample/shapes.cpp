#include "shapes.h"

#include "sdf.h"

namespace mw::sample {
namespace {

float bowl(Vec p) {
    // A thrown bowl is never quite round; the wobble keeps the rim from looking machined.
    const float wobble = 0.1f * p.x * p.z / (p.x * p.x + p.z * p.z + 0.1f);
    const float shell = sd_cut_hollow_sphere(p - Vec{0, 11.1f + wobble, 0}, 10.4f, -5, 0.24f);
    const float q = length(p.x, p.z);
    const float foot = sd_segment(q, p.y, 3.9f, 0.3f, 3.9f, 0.9f) - 0.3f;
    return 0.9f * smooth_min(shell, foot, 0.5f);
}

float pear(Vec p) {
    const float body = sd_ellipsoid(p, {3.35f, 3.15f, 3.35f});
    const float neck = sd_ellipsoid(p - Vec{0.15f, 4.1f, 0}, {1.75f, 2.5f, 1.75f});
    const float bent = 0.18f * std::max(p.y - 6, 0.0f) * std::max(p.y - 6, 0.0f);
    const float stem = sd_capsule(p - Vec{bent, 0, 0}, {0.1f, 6, 0}, {0.2f, 8.3f, 0},
                                  0.17f + 0.04f * std::max(p.y - 7.6f, 0.0f));
    return 0.85f * smooth_min(smooth_min(body, neck, 2.4f), stem, 0.35f);
}

float lemon(Vec p) {
    const float body = sd_ellipsoid(p, {3.6f, 2.85f, 2.85f});
    const float tip = sd_ellipsoid(p - Vec{3.7f, 0, 0}, {0.95f, 0.7f, 0.7f});
    const float tail = sd_ellipsoid(p + Vec{3.5f, 0, 0}, {0.55f, 0.6f, 0.6f});
    return 0.9f * smooth_min(smooth_min(body, tip, 1.3f), tail, 0.8f);
}

float apple(Vec p) {
    // A spindle torus has an apple's two hollows; five faint lobes show near the eye.
    const float flat = length(p.x, p.z), c = p.x / std::max(flat, 1e-3f), c2 = c * c;
    const float cos5 = c * (5 + c2 * (16 * c2 - 20)); // Of five times the angle round the core.
    const float q = flat * (1 - 0.045f * p.y) - 0.035f * cos5 * (1 - 0.35f * p.y);
    const float flesh = length(q - 1.45f, p.y * 0.92f) - 2.55f;
    const float stem = sd_capsule(p, {0, 1.4f, 0}, {0.5f, 3.7f, 0.2f}, 0.12f);
    return 0.8f * std::min(flesh, stem);
}

float jar(Vec p) {
    const float body = sd_round_cylinder(p, kJarRadius, 0, 11.4f, 0.9f);
    const float neck = sd_round_cylinder(p, 3.9f, 9, 13.1f, 0.2f);
    return smooth_min(body, neck, 0.7f);
}

float lid(Vec p) {
    const float top = 14.55f - 0.006f * (p.x * p.x + p.z * p.z); // Slightly domed.
    const float plain = sd_round_cylinder(p, 4.2f, 12.35f, top, 0.22f);
    if (plain > 0.2f) return 0.8f * plain;
    // Knurled round its side only.
    const float side = smoothstep(4.0f, 4.1f, length(p.x, p.z));
    return 0.8f * (plain - 0.025f * std::cos(72 * std::atan2(p.z, p.x)) * side);
}

float cup(Vec p) {
    const float q = length(p.x, p.z);
    const float wall = sd_segment(q, p.y, 3.3f, 0.9f, 4.0f, 7.9f) - 0.21f;
    const float base = sd_segment(q, p.y, 0, 0.55f, 2.9f, 0.55f) - 0.3f;
    const float foot = sd_segment(q, p.y, 2.6f, 0.2f, 2.6f, 0.5f) - 0.2f;
    const float body = smooth_min(smooth_min(wall, base, 0.9f), foot, 0.2f);
    const Vec h = p - Vec{4.3f, 4.5f, 0};
    const float ring = length(length(h.x, h.y * 0.9f) - 1.95f, h.z * 0.8f) - 0.36f;
    const float outside = 3.55f + 0.1f * (p.y - 3) - q;
    return 0.85f * smooth_min(body, std::max(ring, outside), 0.55f);
}

float toy(Vec p) {
    const float d = sd_round_box(p - Vec{0, 0.9f, 0}, {2.05f, 0.9f, 1.37f}, 0.08f);
    // Studs 2 by 3: folding space makes one stand for all.
    const float x = std::abs(p.x) < 0.67f ? p.x : std::abs(p.x) - 1.34f;
    const float z = std::abs(p.z) - 0.67f;
    return std::min(d, sd_round_cylinder({x, p.y, z}, 0.43f, 1.6f, 2.17f, 0.06f));
}

} // namespace

float shape(Part part, Vec q) {
    switch (part) {
        case Part::Bowl:
            return bowl(q);
        case Part::Pear:
            return pear(q);
        case Part::LemonA:
        case Part::LemonB:
            return lemon(q);
        case Part::Jar:
            return jar(q);
        case Part::Lid:
            return lid(q);
        case Part::Cup:
            return cup(q);
        case Part::Coffee:
            return sd_round_cylinder(q, 3.75f, 6.2f, 6.7f, 0.02f);
        case Part::Apple:
            return apple(q);
        case Part::Toy:
            return toy(q);
        default:
            return 1e9f;
    }
}

} // namespace mw::sample
