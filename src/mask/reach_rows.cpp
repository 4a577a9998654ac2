#include "mask/reach_rows.h"

#include <algorithm>
#include <cstring>

#include "base/clones.h"
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define MW_HAS_AVX2
#endif

namespace mw::mask {
namespace {

// to[x] = max(from[x], from[x - step] - step, from[x + step] - step), at least 0.
template <class T>
MW_INLINE void widen(const T* __restrict from, T* __restrict to, int n, int step) {
    const auto s = static_cast<T>(step);
    for (int x = 0; x < n; ++x) {
        const T side = std::max(from[x - step], from[x + step]);
        const T less = static_cast<T>(std::max(side, s) - s);
        to[x] = std::max(from[x], less);
    }
}
MW_CLONES void widen_row(const std::uint8_t* from, std::uint8_t* to, int n, int step) {
    widen(from, to, n, step);
}
MW_CLONES void widen_row(const std::uint16_t* from, std::uint16_t* to, int n, int step) {
    widen(from, to, n, step);
}
MW_CLONES void widen_row(const std::uint32_t* from, std::uint32_t* to, int n, int step) {
    widen(from, to, n, step);
}

template <class T>
MW_INLINE void to_bytes(const T* from, std::uint8_t* to, int n) {
    for (int x = 0; x < n; ++x)
        to[x] = from[x] ? std::uint8_t{255} : std::uint8_t{0};
}
MW_CLONES void flags_of(const std::uint8_t* from, std::uint8_t* to, int n) {
    to_bytes(from, to, n);
}
MW_CLONES void flags_of(const std::uint16_t* from, std::uint8_t* to, int n) {
    to_bytes(from, to, n);
}
MW_CLONES void flags_of(const std::uint32_t* from, std::uint8_t* to, int n) {
    to_bytes(from, to, n);
}

// The steps still left at each column: chord + 1, 0 for none. False when all are 0.
template <class T>
bool steps_left(const T* g, int n, const Chords& chords, T* to) {
    constexpr int kEight = 8 / static_cast<int>(sizeof(T));
    const auto reach = static_cast<std::uint32_t>(chords.size());
    bool any = false;
    const auto one = [&](int x) {
        const std::uint32_t d = g[x];
        to[x] = d < reach ? static_cast<T>(chords[d] + 1) : T{0};
        any = any || to[x];
    };
    int x = 0;
    for (; x + kEight <= n; x += kEight) {
        std::uint64_t eight;
        std::memcpy(&eight, g + x, 8);
        if (eight == ~std::uint64_t{0}) { // nothing near
            std::memset(to + x, 0, 8);
            continue;
        }
        for (int i = 0; i < kEight; ++i)
            one(x + i);
    }
    for (; x < n; ++x)
        one(x);
    return any;
}

#ifdef MW_HAS_AVX2
// The same for bytes: a table of 16 entries at a time. Writes whole blocks of 32, reads them too.
__attribute__((target("avx2"))) bool steps_left_avx2(const std::uint8_t* g, int n,
                                                     const Chords& chords, std::uint8_t* to) {
    alignas(16) std::uint8_t table[256] = {};
    const int reach = static_cast<int>(std::min<std::size_t>(chords.size(), 255));
    for (int d = 0; d < reach; ++d)
        table[d] = static_cast<std::uint8_t>(chords[static_cast<std::size_t>(d)] + 1);
    __m256i seen = _mm256_setzero_si256();
    for (int x = 0; x < n; x += 32) {
        const __m256i d = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(g + x));
        __m256i steps = _mm256_setzero_si256();
        for (int t = 0; t < reach; t += 16) {
            const __m256i entries = _mm256_broadcastsi128_si256(
                _mm_load_si128(reinterpret_cast<const __m128i*>(table + t)));
            // Indices of other tables get their top bit set, which selects 0.
            const __m256i index = _mm256_adds_epu8(
                _mm256_sub_epi8(d, _mm256_set1_epi8(static_cast<char>(t))), _mm256_set1_epi8(0x70));
            steps = _mm256_or_si256(steps, _mm256_shuffle_epi8(entries, index));
        }
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + x), steps);
        seen = _mm256_or_si256(seen, steps);
    }
    return !_mm256_testz_si256(seen, seen);
}
#endif

bool steps_of(const std::uint8_t* g, int n, const Chords& chords, std::uint8_t* to) {
#ifdef MW_HAS_AVX2
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    if (has && n % 32 == 0) return steps_left_avx2(g, n, chords, to);
#endif
    return steps_left(g, n, chords, to);
}
template <class T>
bool steps_of(const T* g, int n, const Chords& chords, T* to) {
    return steps_left(g, n, chords, to);
}

} // namespace

// A column that has c steps left gives its neighbours c - 1: by doubling, in steps of 1, 2, 4 ...,
// as each number of steps is a sum of those.
template <class T>
void cover_row(const T* g, int n, const Chords& chords, std::vector<T>& scratch,
               std::uint8_t* out) {
    const int most = chords.empty() ? 0 : chords[0];
    int pad = 32;
    while (pad <= most)
        pad *= 2;
    const auto size = static_cast<std::size_t>(n + 2 * pad);
    scratch.resize(2 * size);
    T *a = scratch.data() + pad, *b = a + size;
    if (!steps_of(g, n, chords, a)) {
        std::memset(out, 0, static_cast<std::size_t>(n));
        return;
    }
    for (T* row : {a, b}) {
        std::fill_n(row - pad, pad, T{0});
        std::fill_n(row + n, pad, T{0});
    }
    for (int step = 1; step <= most; step *= 2) {
        widen_row(a, b, n, step);
        std::swap(a, b);
    }
    flags_of(a, out, n);
}

template void cover_row(const std::uint8_t*, int, const Chords&, std::vector<std::uint8_t>&,
                        std::uint8_t*);
template void cover_row(const std::uint16_t*, int, const Chords&, std::vector<std::uint16_t>&,
                        std::uint8_t*);
template void cover_row(const std::uint32_t*, int, const Chords&, std::vector<std::uint32_t>&,
                        std::uint8_t*);

} // namespace mw::mask
