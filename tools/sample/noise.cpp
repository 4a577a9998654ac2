#include "noise.h"

namespace mw::sample {
namespace {

// One hash of a mixed lattice point (Teschner et al. 2003): noise is most of the render time.
uint32_t cell_hash(int x, int y, int z) {
    return hash32(static_cast<uint32_t>(x) * 73856093u ^ static_cast<uint32_t>(y) * 19349663u ^
                  static_cast<uint32_t>(z) * 83492791u);
}

float unit(uint32_t h) {
    return static_cast<float>(h >> 8) * (1.0f / 16777216.0f);
}

// std::floor is a library call on plain x86-64.
int floor_int(float v) {
    const int i = static_cast<int>(v);
    return i - (v < static_cast<float>(i) ? 1 : 0);
}

} // namespace

float noise(Vec p) {
    const int x = floor_int(p.x), y = floor_int(p.y), z = floor_int(p.z);
    auto fade = [](float t) { return t * t * t * (t * (t * 6 - 15) + 10); };
    const float u = fade(p.x - static_cast<float>(x)), v = fade(p.y - static_cast<float>(y)),
                w = fade(p.z - static_cast<float>(z));
    auto row = [&](int dy, int dz) {
        return mix(unit(cell_hash(x, y + dy, z + dz)), unit(cell_hash(x + 1, y + dy, z + dz)), u);
    };
    return 2 * mix(mix(row(0, 0), row(1, 0), v), mix(row(0, 1), row(1, 1), v), w) - 1;
}

float fbm(Vec p, int octaves) {
    float sum = 0, weight = 0.5f;
    for (int i = 0; i < octaves; ++i) {
        sum += weight * noise(p);
        // The odd shift keeps the octaves' lattices from lining up into visible squares.
        p = p * 2.03f + Vec{17.3f, 9.1f, 31.7f};
        weight *= 0.5f;
    }
    return sum;
}

float specks(Vec p, float density, float radius) {
    const int bx = static_cast<int>(std::floor(p.x)), by = static_cast<int>(std::floor(p.y)),
              bz = static_cast<int>(std::floor(p.z));
    float best = 0;
    for (int i = 0; i < 27; ++i) {
        const int x = bx + i % 3 - 1, y = by + i / 3 % 3 - 1, z = bz + i / 9 - 1;
        uint32_t h = cell_hash(x, y, z);
        if (unit(h) >= density) continue;
        Vec c{static_cast<float>(x), static_cast<float>(y), static_cast<float>(z)};
        c = c + Vec{unit(h = hash32(h)), unit(h = hash32(h)), unit(h = hash32(h))};
        const float size = radius * (0.5f + unit(hash32(h)));
        best = std::max(best, 1 - smoothstep(0.6f * size, size, length(p - c)));
    }
    return best;
}

} // namespace mw::sample
