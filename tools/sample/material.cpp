#include "material.h"

#include "label.h"
#include "noise.h"

namespace mw::sample {
namespace {

// Gradient of `field` by four probes on a tetrahedron (Quilez, "Normals for an SDF").
template <class Field>
Vec gradient_direction(Vec p, float e, Field field) {
    Vec n;
    for (Vec k : {Vec{1, -1, -1}, Vec{-1, -1, 1}, Vec{-1, 1, -1}, Vec{1, 1, 1}}) {
        n = n + k * field(p + k * e);
    }
    return normalize(n);
}

// Fine relief, added to the distance field for shading only.
float relief(Part part, Vec q) {
    switch (part) {
        case Part::LemonA:
        case Part::LemonB:
            return 0.022f * noise(q * 5) + 0.05f * noise(q * 1.1f);
        case Part::Pear:
            return 0.006f * noise(q * 7) + 0.06f * noise(q * 0.7f);
        case Part::Apple:
            return 0.02f * noise(q * 0.9f);
        case Part::Bowl:
        case Part::Cup:
            return 0.012f * noise(q * Vec{1, 2.4f, 1}) + 0.0015f * noise(q * 6);
        default:
            return 0;
    }
}

Vec detailed_normal(Part part, Vec p) {
    return gradient_direction(p, 0.02f, [&](Vec at) {
        return distance_to(part, at) - relief(part, local_point(part, at));
    });
}

// Flat-sawn boards: rings of a far-off pith cut by the table, fibres and pores along x.
struct Wood {
    Vec colour;
    float height;
    float polish;
};

Wood wood(float x, float z) {
    constexpr float kBoard = 12.5f;
    const float across = (z + 5.4f) / kBoard;
    const int id = static_cast<int>(std::floor(across));
    const float in_board = (across - static_cast<float>(id)) * kBoard;
    const float tone = hash01(id * 7 + 3), pith_z = (hash01(id * 7 + 1) - 0.5f) * 16 + 6;
    const float pith_y = 5 + 7 * hash01(id * 7 + 2), shift = 311 * hash01(id * 7 + 5);
    const float xs = x + shift;
    const float wander =
        1.3f * noise({xs * 0.035f, 0, shift}) + 0.3f * fbm({xs * 0.06f, z * 0.2f, shift}, 2);
    const float r = length(in_board - pith_z + wander, pith_y + 0.03f * xs - 0.02f * shift);
    const float ring = r * 1.15f + 0.10f * fbm({xs * 0.07f, z * 0.9f, shift}, 3);
    const float f = ring - std::floor(ring);
    const float late = smoothstep(0.15f, 0.86f, f) * (1 - smoothstep(0.9f, 1.0f, f));
    const float strong = 0.45f + 0.4f * hash01(static_cast<int>(std::floor(ring)) * 13 + id);
    const float fibre = fbm({xs * 0.22f, z * 8, shift}, 3);
    const float fine = noise({xs * 0.9f, z * 34, shift});
    const float pore =
        smoothstep(0.42f, 0.75f, noise({xs * 0.55f, z * 17, shift + 9})) * (0.35f + 0.65f * late);
    Vec c = mix(Vec{0.47f, 0.30f, 0.17f}, Vec{0.26f, 0.14f, 0.07f}, strong * late);
    c = c * (0.82f + 0.34f * tone) * (1 + 0.22f * fibre + 0.09f * fine) * (1 - 0.46f * pore);
    c = c * (1 + 0.10f * noise({x * 0.06f, z * 0.08f, 2}));
    const float edge = std::min(in_board, kBoard - in_board);
    const float groove = 1 - smoothstep(0.02f, 0.1f, edge);
    c = c * (1 - 0.78f * groove);
    const float h = 0.006f * fibre - 0.012f * pore - 0.06f * (1 - smoothstep(0.0f, 0.22f, edge));
    return {c, h, 1 - 0.5f * pore - groove};
}

Surface table(Vec p) {
    const float e = 0.03f;
    const Wood w = wood(p.x, p.z);
    Surface s;
    s.albedo = w.colour;
    // The grain runs along x, so relief along it is too flat to show.
    s.normal = normalize({0, 1, -(wood(p.x, p.z + e).height - w.height) / e});
    s.alpha = 0.26f + 0.08f * noise({p.x * 0.11f, p.z * 0.3f, 5});
    s.coat = 0.75f * saturate(w.polish);
    return s;
}

Surface wall(Vec p) {
    // Trowelled plaster: broad swells, drag marks, a fine tooth.
    auto height = [](float x, float y) {
        const float warp = noise({x * 0.15f, y * 0.15f, 1});
        return 0.085f * fbm({x * 0.22f + warp, y * 0.3f, 4}, 4) +
               0.02f * noise({x * 2.6f, y * 2.6f, 8}) +
               0.03f * fbm({x * 0.5f + y * 0.35f, y * 1.5f - x * 0.5f, 12}, 2);
    };
    const float e = 0.06f, h = height(p.x, p.y);
    const float mottle = fbm({p.x * 0.05f, p.y * 0.06f, 3}, 4),
                cloud = fbm({p.x * 0.3f, p.y * 0.25f, 7}, 3);
    Surface s;
    s.albedo =
        mix(Vec{0.27f, 0.285f, 0.26f}, Vec{0.35f, 0.335f, 0.29f}, saturate(0.5f + 0.9f * mottle)) *
        (1 + 0.14f * cloud);
    s.normal = normalize({-(height(p.x + e, p.y) - h) / e, -(height(p.x, p.y + e) - h) / e, 1});
    s.coat = 0;
    return s;
}

Surface plain(Vec albedo, Vec normal) {
    Surface s;
    s.albedo = albedo;
    s.normal = normal;
    s.coat = 0;
    return s;
}

Surface glazed(const Hit& hit, Vec q) {
    Surface s;
    s.normal = detailed_normal(hit.part, hit.p);
    const bool is_bowl = hit.part == Part::Bowl;
    const float rim = is_bowl ? 6.1f : 7.9f;
    const float speck = specks(q * 2.2f, 0.28f, 0.13f) + 0.7f * specks(q * 5, 0.15f, 0.15f);
    Vec glaze = is_bowl ? Vec{0.66f, 0.61f, 0.51f} : Vec{0.115f, 0.155f, 0.135f};
    glaze = glaze * (1 + 0.09f * fbm(q * 0.8f, 3));
    const Vec clay = Vec{0.33f, 0.21f, 0.13f} * (1 + 0.2f * noise(q * 6));
    s.albedo = mix(glaze, is_bowl ? Vec{0.19f, 0.11f, 0.06f} : Vec{0.32f, 0.3f, 0.23f},
                   0.75f * saturate(speck));
    // Glaze runs thin over the rim, and stops in an uneven line above the bare foot.
    const float thin = smoothstep(rim - 0.35f, rim + 0.1f, q.y + 0.08f * noise(q * 1.3f));
    s.albedo = mix(s.albedo, clay * 1.1f, 0.7f * thin);
    const float line = (is_bowl ? 0.95f : 1.7f) + 0.14f * noise(q * 0.8f);
    const float bare = 1 - smoothstep(line - 0.04f, line + 0.04f, q.y);
    s.albedo = mix(s.albedo, clay, bare);
    s.coat = 1 - bare;
    s.alpha = is_bowl ? 0.09f : 0.12f;
    return s;
}

Surface fruit(const Hit& hit, Vec q) {
    Surface s;
    s.normal = detailed_normal(hit.part, hit.p);
    if (hit.part == Part::Apple) {
        const float a = std::atan2(q.z, q.x), broad = fbm(q * 0.45f, 3);
        const Vec on_ring{std::cos(a), std::sin(a), 0};
        const float streak = noise(on_ring * 9 + Vec{0, 0, q.y * 0.25f}) +
                             0.6f * noise(on_ring * 24 + Vec{0, 0, q.y * 0.4f});
        const float red = saturate(0.62f + 0.75f * broad + 0.22f * streak + 0.2f * q.x / 4);
        s.albedo = mix(Vec{0.58f, 0.36f, 0.09f}, Vec{0.33f, 0.028f, 0.022f}, red);
        s.albedo = mix(s.albedo, {0.6f, 0.45f, 0.25f}, 0.55f * specks(q * 2.3f, 0.3f, 0.11f));
        const float hollow = smoothstep(1.3f, 0.4f, length(q.x, q.z)) * smoothstep(1, 2, q.y);
        s.albedo = mix(s.albedo, {0.36f, 0.27f, 0.08f}, 0.8f * hollow);
        if (q.y > 1.5f && length(q.x - 0.2f * (q.y - 1.4f), q.z) < 0.35f)
            s.albedo = {0.10f, 0.06f, 0.03f};
        s.alpha = 0.11f;
    } else if (hit.part == Part::Pear) {
        const float blush = smoothstep(-0.1f, 0.6f, fbm(q * 0.3f, 2) - 0.1f * q.x - 0.02f);
        s.albedo = mix(Vec{0.43f, 0.43f, 0.085f}, Vec{0.5f, 0.25f, 0.07f}, 0.8f * blush) *
                   (1 + 0.14f * fbm(q, 3));
        s.albedo = mix(s.albedo, {0.19f, 0.14f, 0.05f}, 0.6f * specks(q * 3, 0.5f, 0.12f));
        const float russet = smoothstep(4.9f, 6.2f, q.y + 0.8f * noise(q * 2));
        s.albedo = mix(s.albedo, {0.16f, 0.09f, 0.04f}, 0.75f * russet);
        s.alpha = 0.32f;
    } else {
        s.albedo = mix(Vec{0.78f, 0.52f, 0.035f}, Vec{0.68f, 0.53f, 0.06f},
                       saturate(0.5f + fbm(q * 0.5f, 3)));
        const float ends = smoothstep(3.6f, 4.5f, std::abs(q.x));
        s.albedo = mix(s.albedo, {0.42f, 0.36f, 0.06f}, ends);
        s.alpha = 0.27f;
    }
    return s;
}

Surface jar_or_label(const Hit& hit) {
    Surface s;
    s.normal = smooth_normal(Part::Jar, hit.p);
    float u, v;
    if (on_label(hit.p, u, v)) {
        const float tooth = noise({u * 6, v * 6, 1}) + noise({u * 15, v * 3, 2});
        const Vec paper = Vec{0.74f, 0.67f, 0.53f} *
                          (1 + 0.025f * tooth + 0.05f * fbm({u * 0.5f, v * 0.5f, 3}, 2));
        s.albedo = mix(paper, {0.075f, 0.04f, 0.025f}, 0.93f * label_ink(u, v));
        s.coat = 0;
    }
    s.alpha = 0.02f;
    return s;
}

} // namespace

Vec smooth_normal(Part part, Vec p) {
    return gradient_direction(p, 0.006f, [&](Vec at) { return distance_to(part, at); });
}

Surface surface_at(const Hit& hit, bool fine) {
    const Vec q = local_point(hit.part, hit.p);
    Surface s;
    switch (hit.part) {
        case Part::Table:
            return fine ? table(hit.p) : plain({0.36f, 0.225f, 0.125f}, {0, 1, 0});
        case Part::Wall:
            return fine ? wall(hit.p) : plain({0.31f, 0.31f, 0.285f}, {0, 0, 1});
        case Part::Bowl:
        case Part::Cup:
            return glazed(hit, q);
        case Part::Pear:
        case Part::LemonA:
        case Part::LemonB:
        case Part::Apple:
            return fruit(hit, q);
        case Part::Jar:
            return jar_or_label(hit);
        case Part::Lid:
            s.f0 = {0.83f, 0.61f, 0.30f};
            s.metal = true;
            s.alpha = 0.2f + 0.05f * noise(q * 2);
            break;
        case Part::Coffee:
            s.albedo = {0.022f, 0.011f, 0.006f};
            s.alpha = 0.02f;
            break;
        default: // The toy: clean glossy plastic.
            s.albedo = {0.012f, 0.085f, 0.52f};
            s.alpha = 0.1f;
            break;
    }
    s.normal = smooth_normal(hit.part, hit.p);
    return s;
}

} // namespace mw::sample
