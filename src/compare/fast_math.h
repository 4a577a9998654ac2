// Elementary functions without branches, so that loops over a row vectorise. Private to the room.
#pragma once

#include <bit>
#include <cstdint>

#include "base/clones.h"

namespace mw::compare {

// condition ? a : b by bits: a branch on floats would keep the loop from vectorising, since the
// compiler has to respect floating-point traps.
MW_INLINE float select(bool condition, float a, float b) {
    const std::uint32_t mask = 0u - static_cast<std::uint32_t>(condition);
    return std::bit_cast<float>((std::bit_cast<std::uint32_t>(a) & mask) |
                                (std::bit_cast<std::uint32_t>(b) & ~mask));
}

// Cube root to a relative 1e-6 for x >= 0.
MW_INLINE float cube_root(float x) {
    float r = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) / 3 + 709921077u);
    for (int i = 0; i < 2; ++i) { // Halley
        const float cube = r * r * r;
        r *= (cube + x + x) / (cube + cube + x + 1e-38f);
    }
    return r;
}

// x^p to a relative 1e-5 for x >= 0 and 0 <= p <= 1; a tiny number in place of 0.
MW_INLINE float power(float x, float p) {
    // log2: mantissa within sqrt(1/2) .. sqrt(2), then the series of artanh.
    const std::int32_t bits = std::bit_cast<std::int32_t>(x) - 0x3f3504f3;
    const float exponent = static_cast<float>(bits >> 23);
    const float m = std::bit_cast<float>((bits & 0x7fffff) + 0x3f3504f3);
    const float t = (m - 1) / (m + 1), t2 = t * t;
    const float log2 =
        exponent +
        t * (2.885390082f + t2 * (0.961796694f + t2 * (0.577078016f + t2 * 0.412198583f)));
    // exp2: whole part into the exponent, the rest (-1/2 .. 1/2) by its series.
    float y = p * log2;
    y = select(y < -120, -120.0f, y);
    y = select(y > 120, 120.0f, y);
    const std::int32_t whole = static_cast<std::int32_t>(y + 1024.5f) - 1024;
    const float f = y - static_cast<float>(whole);
    const float series =
        1 + f * (0.6931472f +
                 f * (0.2402265f +
                      f * (0.0555041f + f * (0.0096181f + f * (0.0013333f + f * 0.000154f)))));
    return series * std::bit_cast<float>((whole + 127) << 23);
}

} // namespace mw::compare
