// 32 unsigned bytes at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mw::mask {

#if defined(__SSE2__)
struct Bytes32 {
    __m128i low, high;

    static Bytes32 load(const std::uint8_t* p) {
        const auto* v = reinterpret_cast<const __m128i*>(p);
        return {_mm_loadu_si128(v), _mm_loadu_si128(v + 1)};
    }
    static Bytes32 all(std::uint8_t value) {
        const __m128i v = _mm_set1_epi8(static_cast<char>(value));
        return {v, v};
    }
    void store(std::uint8_t* p) const {
        auto* v = reinterpret_cast<__m128i*>(p);
        _mm_storeu_si128(v, low);
        _mm_storeu_si128(v + 1, high);
    }
    bool zero() const {
        const __m128i none = _mm_cmpeq_epi8(_mm_or_si128(low, high), _mm_setzero_si128());
        return _mm_movemask_epi8(none) == 0xffff;
    }
};
inline Bytes32 larger(const Bytes32& a, const Bytes32& b) {
    return {_mm_max_epu8(a.low, b.low), _mm_max_epu8(a.high, b.high)};
}
// a - b, at least 0.
inline Bytes32 less(const Bytes32& a, const Bytes32& b) {
    return {_mm_subs_epu8(a.low, b.low), _mm_subs_epu8(a.high, b.high)};
}
#else
struct Bytes32 {
    std::uint8_t v[32];

    static Bytes32 load(const std::uint8_t* p) {
        Bytes32 r;
        std::memcpy(r.v, p, 32);
        return r;
    }
    static Bytes32 all(std::uint8_t value) {
        Bytes32 r;
        std::memset(r.v, value, 32);
        return r;
    }
    void store(std::uint8_t* p) const { std::memcpy(p, v, 32); }
    bool zero() const {
        return std::all_of(v, v + 32, [](std::uint8_t b) { return b == 0; });
    }
};
inline Bytes32 larger(const Bytes32& a, const Bytes32& b) {
    Bytes32 r;
    for (int i = 0; i < 32; ++i)
        r.v[i] = std::max(a.v[i], b.v[i]);
    return r;
}
// a - b, at least 0.
inline Bytes32 less(const Bytes32& a, const Bytes32& b) {
    Bytes32 r;
    for (int i = 0; i < 32; ++i)
        r.v[i] = static_cast<std::uint8_t>(std::max(a.v[i], b.v[i]) - b.v[i]);
    return r;
}
#endif

} // namespace mw::mask
