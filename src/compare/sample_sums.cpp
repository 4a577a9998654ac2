#include "compare/sample_sums.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mw::compare {
namespace {

bool is_alpha(int sample, int channels) {
    return (channels == 2 || channels == 4) && sample % channels == channels - 1;
}

void add_one(const std::uint8_t* a, const std::uint8_t* b, int at, int channels, SampleSums& out) {
    const int d = a[at] > b[at] ? a[at] - b[at] : b[at] - a[at];
    out.changed += d != 0;
    out.most = std::max(out.most, static_cast<std::uint32_t>(d));
    if (!is_alpha(at, channels)) out.squares += static_cast<std::uint64_t>(d * d);
}

#if defined(__x86_64__)
// So many steps until 32 bits of four squares of 255 a step could run over.
constexpr int kMostSteps = 8000;

struct Lanes128 {
    using V = __m128i;
    static constexpr int kBytes = 16;
    V squares = _mm_setzero_si128(), equal = squares, most = squares;

    void add(const std::uint8_t* a, const std::uint8_t* b, V colors) {
        const V zero = _mm_setzero_si128();
        const V p = _mm_loadu_si128(reinterpret_cast<const V*>(a));
        const V q = _mm_loadu_si128(reinterpret_cast<const V*>(b));
        const V d = _mm_or_si128(_mm_subs_epu8(p, q), _mm_subs_epu8(q, p));
        most = _mm_max_epu8(most, d);
        const V same = _mm_and_si128(_mm_cmpeq_epi8(d, zero), _mm_set1_epi8(1));
        equal = _mm_add_epi64(equal, _mm_sad_epu8(same, zero));
        const V c = _mm_and_si128(d, colors);
        const V low = _mm_unpacklo_epi8(c, zero), high = _mm_unpackhi_epi8(c, zero);
        squares = _mm_add_epi32(
            squares, _mm_add_epi32(_mm_madd_epi16(low, low), _mm_madd_epi16(high, high)));
    }
    static V load(const std::uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const V*>(p)); }
};

template <class V>
[[gnu::always_inline]] inline void finish(const V& squares, const V& equal, const V& most,
                                          std::int64_t steps, SampleSums& out) {
    alignas(32) std::uint32_t s[sizeof(V) / 4];
    alignas(32) std::uint64_t e[sizeof(V) / 8];
    alignas(32) std::uint8_t m[sizeof(V)];
    std::memcpy(s, &squares, sizeof s);
    std::memcpy(e, &equal, sizeof e);
    std::memcpy(m, &most, sizeof m);
    for (const std::uint32_t v : s)
        out.squares += v;
    std::int64_t same = 0;
    for (const std::uint64_t v : e)
        same += static_cast<std::int64_t>(v);
    out.changed += steps * static_cast<std::int64_t>(sizeof(V)) - same;
    for (const std::uint8_t v : m)
        out.most = std::max<std::uint32_t>(out.most, v);
}

// 255 where a sample is colour; the pattern of pixels is that of the samples.
struct ColorBytes {
    alignas(32) std::uint8_t bytes[32];
    explicit ColorBytes(int channels) {
        for (int i = 0; i < 32; ++i)
            bytes[i] = is_alpha(i, channels) ? 0 : 255;
    }
};

void add_sse2(const std::uint8_t* a, std::ptrdiff_t stride_a, const std::uint8_t* b,
              std::ptrdiff_t stride_b, int count, int rows, int channels, SampleSums& out) {
    const __m128i colors = Lanes128::load(ColorBytes(channels).bytes);
    for (int y = 0; y < rows; ++y, a += stride_a, b += stride_b) {
        int i = 0;
        while (i + 16 <= count) {
            Lanes128 lanes;
            const int steps = std::min((count - i) / 16, kMostSteps);
            for (int k = 0; k < steps; ++k, i += 16)
                lanes.add(a + i, b + i, colors);
            finish(lanes.squares, lanes.equal, lanes.most, steps, out);
        }
        for (; i < count; ++i)
            add_one(a, b, i, channels, out);
    }
}

[[gnu::target("avx2")]] void add_avx2(const std::uint8_t* a, std::ptrdiff_t stride_a,
                                      const std::uint8_t* b, std::ptrdiff_t stride_b, int count,
                                      int rows, int channels, SampleSums& out) {
    const ColorBytes pattern(channels);
    const __m256i colors = _mm256_load_si256(reinterpret_cast<const __m256i*>(pattern.bytes));
    const __m256i zero = _mm256_setzero_si256(), one = _mm256_set1_epi8(1);
    __m256i squares = zero, equal = zero, most = zero;
    std::int64_t steps = 0;
    int until_full = kMostSteps;
    for (int y = 0; y < rows; ++y, a += stride_a, b += stride_b) {
        int i = 0;
        for (; i + 32 <= count; i += 32) {
            const __m256i p = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + i));
            const __m256i q = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i));
            const __m256i d = _mm256_or_si256(_mm256_subs_epu8(p, q), _mm256_subs_epu8(q, p));
            most = _mm256_max_epu8(most, d);
            const __m256i same = _mm256_and_si256(_mm256_cmpeq_epi8(d, zero), one);
            equal = _mm256_add_epi64(equal, _mm256_sad_epu8(same, zero));
            const __m256i c = _mm256_and_si256(d, colors);
            const __m256i low = _mm256_unpacklo_epi8(c, zero), high = _mm256_unpackhi_epi8(c, zero);
            squares = _mm256_add_epi32(squares, _mm256_add_epi32(_mm256_madd_epi16(low, low),
                                                                 _mm256_madd_epi16(high, high)));
            ++steps;
            if (--until_full == 0) {
                finish(squares, equal, most, steps, out);
                squares = equal = zero;
                steps = 0, until_full = kMostSteps;
            }
        }
        for (; i < count; ++i)
            add_one(a, b, i, channels, out);
    }
    finish(squares, equal, most, steps, out);
}
#endif

} // namespace

void add_sums(const std::uint8_t* a, std::ptrdiff_t stride_a, const std::uint8_t* b,
              std::ptrdiff_t stride_b, int count, int rows, int channels, SampleSums& out) {
#if defined(__x86_64__)
    static const bool wide = __builtin_cpu_supports("avx2") != 0;
    if (wide) return add_avx2(a, stride_a, b, stride_b, count, rows, channels, out);
    return add_sse2(a, stride_a, b, stride_b, count, rows, channels, out);
#else
    for (int y = 0; y < rows; ++y, a += stride_a, b += stride_b)
        for (int i = 0; i < count; ++i)
            add_one(a, b, i, channels, out);
#endif
}

} // namespace mw::compare
