// The sRGB transfer function (IEC 61966-2-1) without branches, so that loops over a row vectorise.
// Private to the room; callers elsewhere use color.h.
#pragma once

#include <bit>
#include <cstdint>

#include "base/clones.h"

namespace mw::image {

// condition ? a : b by bits: a branch on floats would keep the loop from vectorising.
MW_INLINE float select(bool condition, float a, float b) {
    const std::uint32_t mask = 0u - static_cast<std::uint32_t>(condition);
    return std::bit_cast<float>((std::bit_cast<std::uint32_t>(a) & mask) |
                                (std::bit_cast<std::uint32_t>(b) & ~mask));
}

// x^(kUp / kDown) to a relative 2e-7 for normal x > 0. The exponent's share is split off in whole
// numbers: as a float, log2 of a small x would lose three bits.
template <int kUp, int kDown>
MW_INLINE float power(float x) {
    constexpr float p = static_cast<float>(kUp) / static_cast<float>(kDown);
    const std::int32_t bits = std::bit_cast<std::int32_t>(x) - 0x3f3504f3;
    const std::int32_t e = bits >> 23; // mantissa within sqrt(1/2) .. sqrt(2)
    const float m = std::bit_cast<float>((bits & 0x7fffff) + 0x3f3504f3);
    const float t = (m - 1) / (m + 1), t2 = t * t; // log2 by the series of artanh
    const float log2 =
        t * (2.885390082f +
             t2 * (0.961796694f + t2 * (0.577078016f + t2 * (0.412198583f + t2 * 0.320598898f))));
    const float part = p * log2;
    const float whole_part = static_cast<float>(e) * p + part;
    const std::int32_t whole = static_cast<std::int32_t>(whole_part + 512.5f) - 512;
    const float f =
        static_cast<float>(kUp * e - kDown * whole) * (1.0f / static_cast<float>(kDown)) + part;
    const float series =
        1 +
        f * (0.693147181f +
             f * (0.240226507f +
                  f * (0.0555041087f +
                       f * (0.00961812911f +
                            f * (0.00133335581f + f * (0.000154035304f + f * 1.52527338e-5f))))));
    return series * std::bit_cast<float>((whole + 127) << 23);
}

// Odd below 0, on above 1. The limit keeps powers and what is made of them finite: 2^60 is light
// beyond any file's, and NaN is 0.
inline constexpr float kMostLight = 1.152921504606847e18f, kMostEncoded = 3.4e7f;

MW_INLINE float encode_srgb(float linear) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(linear);
    float a = std::bit_cast<float>(bits & 0x7fffffffu);
    a = select(a < kMostLight, a, select(a >= kMostLight, kMostLight, 0));
    const float curve = 1.055f * power<5, 12>(select(a > 1e-3f, a, 1e-3f)) - 0.055f;
    const float v = select(a <= 0.0031308f, a * 12.92f, curve);
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(v) | (bits & 0x80000000u));
}

MW_INLINE float decode_srgb(float encoded) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(encoded);
    float a = std::bit_cast<float>(bits & 0x7fffffffu);
    a = select(a < kMostEncoded, a, select(a >= kMostEncoded, kMostEncoded, 0));
    const float base = (select(a > 0.02f, a, 0.02f) + 0.055f) * (1 / 1.055f);
    const float v = select(a <= 0.04045f, a * (1 / 12.92f), power<12, 5>(base));
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(v) | (bits & 0x80000000u));
}

} // namespace mw::image
