// Numbers to bytes, which compilers do not find by themselves.
#pragma once

#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/clones.h"

namespace mw::mask {

inline constexpr int kPackBlock = 16;

#if defined(__SSE2__)
// 16 numbers of 0 .. 255, at a multiple of 16 bytes, as bytes.
MW_INLINE __m128i packed(const std::int32_t* from) {
    const auto* v = reinterpret_cast<const __m128i*>(from);
    const __m128i low = _mm_packs_epi32(_mm_load_si128(v), _mm_load_si128(v + 1));
    const __m128i high = _mm_packs_epi32(_mm_load_si128(v + 2), _mm_load_si128(v + 3));
    return _mm_packus_epi16(low, high);
}
#endif

// kPackBlock numbers of 0 .. 255, at a multiple of 16 bytes.
MW_INLINE void pack_block(const std::int32_t* from, std::uint8_t* to) {
#if defined(__SSE2__)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), packed(from));
#else
    for (int i = 0; i < kPackBlock; ++i)
        to[i] = static_cast<std::uint8_t>(from[i]);
#endif
}

// n numbers, room for whole blocks at `from`.
MW_INLINE void pack(const std::int32_t* from, std::uint8_t* to, int n) {
    int i = 0;
    for (; i + kPackBlock <= n; i += kPackBlock)
        pack_block(from + i, to + i);
    for (; i < n; ++i)
        to[i] = static_cast<std::uint8_t>(from[i]);
}

} // namespace mw::mask
