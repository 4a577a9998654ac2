#include "inpaint/patch_cost.h"

#include "inpaint/level.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mw::inpaint {
namespace {

template <int Side>
int cost_portable(const std::int16_t* a, const std::int16_t* b, std::ptrdiff_t stride, int limit) {
    int sum = 0;
    for (int row = 0; row < Side && sum <= limit; ++row, a += stride, b += stride) {
        for (int i = 0; i < Side * kGuideChannels; ++i) {
            const int d = a[i] - b[i];
            sum += d * d;
        }
    }
    return sum;
}

#if defined(__x86_64__)

[[gnu::always_inline]] inline int total(__m128i v) {
    v = _mm_add_epi32(v, _mm_shuffle_epi32(v, _MM_SHUFFLE(1, 0, 3, 2)));
    v = _mm_add_epi32(v, _mm_shuffle_epi32(v, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(v);
}

[[gnu::always_inline]] inline __m128i difference(const std::int16_t* a, const std::int16_t* b) {
    return _mm_sub_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(b)));
}

// The end of a row, which is not a whole number of vectors, is a vector that overlaps the one
// before; `keep` leaves only the samples not yet counted, so nothing is read beyond the row.
template <int Side>
int cost_sse2(const std::int16_t* a, const std::int16_t* b, std::ptrdiff_t stride, int limit) {
    constexpr int kLength = Side * kGuideChannels, kBlocks = kLength / 8, kRest = kLength % 8;
    const __m128i lane = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    const __m128i keep = _mm_cmpgt_epi16(lane, _mm_set1_epi16(7 - kRest));
    __m128i sum = _mm_setzero_si128();
    for (int row = 0; row < Side; ++row, a += stride, b += stride) {
        for (int i = 0; i < kBlocks; ++i) {
            const __m128i d = difference(a + 8 * i, b + 8 * i);
            sum = _mm_add_epi32(sum, _mm_madd_epi16(d, d));
        }
        const __m128i d = _mm_and_si128(keep, difference(a + kLength - 8, b + kLength - 8));
        sum = _mm_add_epi32(sum, _mm_madd_epi16(d, d));
        if (row % 3 == 2 && row + 1 < Side && total(sum) > limit) break;
    }
    return total(sum);
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i wide_difference(const std::int16_t* a,
                                                                           const std::int16_t* b) {
    return _mm256_sub_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a)),
                            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b)));
}

template <int Side>
[[gnu::target("avx2")]] int cost_avx2(const std::int16_t* a, const std::int16_t* b,
                                      std::ptrdiff_t stride, int limit) {
    constexpr int kLength = Side * kGuideChannels, kBlocks = kLength / 16, kRest = kLength % 16;
    const __m256i lane = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i keep = _mm256_cmpgt_epi16(lane, _mm256_set1_epi16(15 - kRest));
    __m256i sum = _mm256_setzero_si256();
    __m128i half;
    for (int row = 0; row < Side; ++row, a += stride, b += stride) {
        for (int i = 0; i < kBlocks; ++i) {
            const __m256i d = wide_difference(a + 16 * i, b + 16 * i);
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(d, d));
        }
        const __m256i d =
            _mm256_and_si256(keep, wide_difference(a + kLength - 16, b + kLength - 16));
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(d, d));
        if (row % 3 == 2 && row + 1 < Side) {
            half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
            if (total(half) > limit) break;
        }
    }
    half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    return total(half);
}

#endif

} // namespace

PatchCost patch_cost_portable(int patch_side) {
    switch (patch_side) {
        case 3:
            return cost_portable<3>;
        case 5:
            return cost_portable<5>;
        case 7:
            return cost_portable<7>;
        case 9:
            return cost_portable<9>;
        case 11:
            return cost_portable<11>;
        case 13:
            return cost_portable<13>;
        default:
            return cost_portable<15>;
    }
}

PatchCost patch_cost(int patch_side) {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2");
    switch (patch_side) {
        case 3:
            return cost_sse2<3>; // a row is shorter than a wide vector
        case 5:
            return avx2 ? cost_avx2<5> : cost_sse2<5>;
        case 7:
            return avx2 ? cost_avx2<7> : cost_sse2<7>;
        case 9:
            return avx2 ? cost_avx2<9> : cost_sse2<9>;
        case 11:
            return avx2 ? cost_avx2<11> : cost_sse2<11>;
        case 13:
            return avx2 ? cost_avx2<13> : cost_sse2<13>;
        default:
            return avx2 ? cost_avx2<15> : cost_sse2<15>;
    }
#else
    return patch_cost_portable(patch_side);
#endif
}

} // namespace mw::inpaint
