#pragma once

#include <cstdint>

#include "vec.h"

namespace mw::sample {

// PCG-RXS-M-XS 32 as a hash (O'Neill 2014; Jarzynski and Olano 2020).
inline uint32_t hash32(uint32_t v) {
    const uint32_t s = v * 747796405u + 2891336453u;
    const uint32_t w = ((s >> ((s >> 28) + 4)) ^ s) * 277803737u;
    return (w >> 22) ^ w;
}

// PCG-XSH-RR 32 (O'Neill 2014). One generator per pixel, so the picture does not depend on
// how rows are shared among threads.
class Rng {
  public:
    explicit Rng(uint64_t seed) : state_(seed * 6364136223846793005ull + 1442695040888963407ull) {
        next();
    }
    uint32_t next() {
        const uint64_t s = state_;
        state_ = s * 6364136223846793005ull + 1442695040888963407ull;
        const auto x = static_cast<uint32_t>(((s >> 18) ^ s) >> 27);
        const auto r = static_cast<uint32_t>(s >> 59);
        return (x >> r) | (x << ((32 - r) & 31));
    }
    // Uniform in [0, 1).
    float uniform() { return static_cast<float>(next() >> 8) * (1.0f / 16777216.0f); }

  private:
    uint64_t state_;
};

struct Pair {
    float u, v;
};

// Point `i` of the R2 sequence (Roberts 2018), shifted on the torus by `shift`.
inline Pair r2_point(uint32_t i, Pair shift) {
    // 2^32 / plastic number and its square: integer steps keep every digit at any index.
    const uint32_t a = 3242174889u * i, b = 2447445414u * i;
    float u = static_cast<float>(a >> 8) * (1.0f / 16777216.0f) + shift.u;
    float v = static_cast<float>(b >> 8) * (1.0f / 16777216.0f) + shift.v;
    return {u - std::floor(u), v - std::floor(v)};
}

// Direction about unit `n` with density cos/pi.
inline Vec cosine_direction(Vec n, Pair r) {
    const float rad = std::sqrt(r.u), a = 2 * kPi * r.v;
    return to_world({rad * std::cos(a), rad * std::sin(a), std::sqrt(std::max(0.0f, 1 - r.u))}, n);
}

// Half vector about unit `n` with the GGX density (Walter et al. 2007), width `alpha`.
inline Vec ggx_half_vector(Vec n, float alpha, Pair r) {
    const float c2 = (1 - r.u) / (1 + (alpha * alpha - 1) * r.u), a = 2 * kPi * r.v;
    const float s = std::sqrt(std::max(0.0f, 1 - c2));
    return to_world({s * std::cos(a), s * std::sin(a), std::sqrt(c2)}, n);
}

} // namespace mw::sample
