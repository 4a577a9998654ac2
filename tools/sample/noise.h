#pragma once

#include "random.h"

namespace mw::sample {

// Smooth value noise in [-1, 1], one cell per unit.
float noise(Vec p);

// `octaves` of noise, each twice as fine and half as strong; about [-1, 1].
float fbm(Vec p, int octaves);

// A fixed random number in [0, 1) for integer `key`.
inline float hash01(int key) {
    return static_cast<float>(hash32(static_cast<uint32_t>(key)) >> 8) * (1.0f / 16777216.0f);
}

// Specks: 1 at the centre of a speck, 0 away from all. One candidate a cell of unit size, kept
// with probability `density`; radius about `radius`. After Worley 1996, first distance only.
float specks(Vec p, float density, float radius);

} // namespace mw::sample
