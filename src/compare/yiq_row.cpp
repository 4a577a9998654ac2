#include "compare/yiq_row.h"

#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mw::compare {
namespace {

// Luma and the two differences of YIQ, in 32768ths.
constexpr int kForms[3][3] = {{9794, 19222, 3751}, {19529, -8984, -10545}, {6929, -17125, 10196}};
constexpr float kScale = 1.0f / 32768 / 32768;
constexpr float kWeights[3] = {0.5053f * kScale, 0.299f * kScale, 0.1957f * kScale};
// Rec. 709 luma in 256ths, and 26 / 256 for a tenth.
constexpr int kLuma[3] = {54, 183, 19};

bool is_over(const std::uint8_t* a, const std::uint8_t* b, float limit) {
    float sum = 0;
    for (int f = 0; f < 3; ++f) {
        int v = 0;
        for (int c = 0; c < 3; ++c)
            v += kForms[f][c] * (a[c] - b[c]);
        const float x = static_cast<float>(v);
        sum += x * x * kWeights[f];
    }
    return sum > limit;
}

int faint_of(const std::uint8_t* p) {
    const int luma = (kLuma[0] * p[0] + kLuma[1] * p[1] + kLuma[2] * p[2]) >> 8;
    return 230 + (luma * 26 >> 8);
}

#if defined(__x86_64__)
// A byte of 1 for each bit of four.
constexpr std::uint32_t kBytesOf[16] = {
    0x00000000, 0x00000001, 0x00000100, 0x00000101, 0x00010000, 0x00010001, 0x00010100, 0x00010101,
    0x01000000, 0x01000001, 0x01000100, 0x01000101, 0x01010000, 0x01010001, 0x01010100, 0x01010101};

// Four pixels, one in each 32 bits; of three bytes, one more is read.
template <int kChannels>
[[gnu::always_inline]] inline __m128i four_pixels(const std::uint8_t* p) {
    if constexpr (kChannels == 4) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    std::int32_t v[4];
    for (int i = 0; i < 4; ++i)
        std::memcpy(&v[i], p + 3 * i, 4);
    return _mm_setr_epi32(v[0], v[1], v[2], v[3]);
}

// The sums of the products of four 16-bit numbers each, of four pixels.
[[gnu::always_inline]] inline __m128i sums_of(__m128i low, __m128i high, __m128i weights) {
    const __m128 p = _mm_castsi128_ps(_mm_madd_epi16(low, weights));
    const __m128 q = _mm_castsi128_ps(_mm_madd_epi16(high, weights));
    return _mm_add_epi32(_mm_castps_si128(_mm_shuffle_ps(p, q, _MM_SHUFFLE(2, 0, 2, 0))),
                         _mm_castps_si128(_mm_shuffle_ps(p, q, _MM_SHUFFLE(3, 1, 3, 1))));
}

[[gnu::always_inline]] inline __m128i weights_of(const int* w) {
    const auto s = [&](int i) { return static_cast<short>(w[i]); };
    return _mm_setr_epi16(s(0), s(1), s(2), 0, s(0), s(1), s(2), 0);
}

template <int kChannels>
int judge_rest(const std::uint8_t* a, const std::uint8_t* b, int i, int count, float limit,
               std::uint8_t* out) {
    int over = 0;
    for (; i < count; ++i) {
        out[i] = is_over(a + kChannels * i, b + kChannels * i, limit) ? 1 : 0;
        over += out[i];
    }
    return over;
}

template <int kChannels>
int judge_sse2(const std::uint8_t* a, const std::uint8_t* b, int count, float limit,
               std::uint8_t* out) {
    const __m128i zero = _mm_setzero_si128();
    const __m128i forms[3] = {weights_of(kForms[0]), weights_of(kForms[1]), weights_of(kForms[2])};
    const __m128 most = _mm_set1_ps(limit);
    int over = 0, i = 0;
    // One pixel is left for the end: four pixels of three bytes are read as thirteen bytes.
    for (; i + 5 <= count; i += 4) {
        const __m128i p = four_pixels<kChannels>(a + kChannels * i);
        const __m128i q = four_pixels<kChannels>(b + kChannels * i);
        const __m128i low = _mm_sub_epi16(_mm_unpacklo_epi8(p, zero), _mm_unpacklo_epi8(q, zero));
        const __m128i high = _mm_sub_epi16(_mm_unpackhi_epi8(p, zero), _mm_unpackhi_epi8(q, zero));
        __m128 sum = _mm_setzero_ps();
        for (int f = 0; f < 3; ++f) {
            const __m128 x = _mm_cvtepi32_ps(sums_of(low, high, forms[f]));
            sum = _mm_add_ps(sum, _mm_mul_ps(_mm_mul_ps(x, x), _mm_set1_ps(kWeights[f])));
        }
        const int bits = _mm_movemask_ps(_mm_cmpgt_ps(sum, most));
        std::memcpy(out + i, &kBytesOf[bits], 4);
        over += __builtin_popcount(static_cast<unsigned>(bits));
    }
    return over + judge_rest<kChannels>(a, b, i, count, limit, out);
}

// The same, eight pixels at a time.
template <int kChannels>
[[gnu::target("avx2,popcnt")]] int judge_avx2(const std::uint8_t* a, const std::uint8_t* b,
                                              int count, float limit, std::uint8_t* out) {
    const __m256i zero = _mm256_setzero_si256();
    __m256i forms[3];
    for (int f = 0; f < 3; ++f)
        forms[f] = _mm256_broadcastsi128_si256(weights_of(kForms[f]));
    const __m256 most = _mm256_set1_ps(limit);
    int over = 0, i = 0;
    for (; i + 9 <= count; i += 8) {
        const std::uint8_t *pa = a + kChannels * i, *pb = b + kChannels * i;
        const __m256i p = _mm256_set_m128i(four_pixels<kChannels>(pa + 4 * kChannels),
                                           four_pixels<kChannels>(pa));
        const __m256i q = _mm256_set_m128i(four_pixels<kChannels>(pb + 4 * kChannels),
                                           four_pixels<kChannels>(pb));
        const __m256i low =
            _mm256_sub_epi16(_mm256_unpacklo_epi8(p, zero), _mm256_unpacklo_epi8(q, zero));
        const __m256i high =
            _mm256_sub_epi16(_mm256_unpackhi_epi8(p, zero), _mm256_unpackhi_epi8(q, zero));
        __m256 sum = _mm256_setzero_ps();
        for (int f = 0; f < 3; ++f) {
            const __m256 u = _mm256_castsi256_ps(_mm256_madd_epi16(low, forms[f]));
            const __m256 v = _mm256_castsi256_ps(_mm256_madd_epi16(high, forms[f]));
            const __m256i whole = _mm256_add_epi32(
                _mm256_castps_si256(_mm256_shuffle_ps(u, v, _MM_SHUFFLE(2, 0, 2, 0))),
                _mm256_castps_si256(_mm256_shuffle_ps(u, v, _MM_SHUFFLE(3, 1, 3, 1))));
            const __m256 x = _mm256_cvtepi32_ps(whole);
            sum =
                _mm256_add_ps(sum, _mm256_mul_ps(_mm256_mul_ps(x, x), _mm256_set1_ps(kWeights[f])));
        }
        const auto bits =
            static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(sum, most, _CMP_GT_OQ)));
        std::memcpy(out + i, &kBytesOf[bits & 15], 4);
        std::memcpy(out + i + 4, &kBytesOf[bits >> 4], 4);
        over += __builtin_popcount(bits);
    }
    return over + judge_rest<kChannels>(a, b, i, count, limit, out);
}

template <int kChannels>
int judge(const std::uint8_t* a, const std::uint8_t* b, int count, float limit, std::uint8_t* out) {
    static const bool wide =
        __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("popcnt") != 0;
    return wide ? judge_avx2<kChannels>(a, b, count, limit, out)
                : judge_sse2<kChannels>(a, b, count, limit, out);
}

template <int kChannels>
[[gnu::target("ssse3")]] int faint(const std::uint8_t* a, int count, std::uint8_t* rgb) {
    const __m128i zero = _mm_setzero_si128(), weights = weights_of(kLuma);
    const __m128i spread = _mm_setr_epi8(0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, -1, -1, -1, -1);
    int i = 0;
    for (; i + 6 <= count; i += 4, a += 4 * kChannels, rgb += 12) {
        const __m128i p = four_pixels<kChannels>(a);
        const __m128i luma = _mm_srli_epi32(
            sums_of(_mm_unpacklo_epi8(p, zero), _mm_unpackhi_epi8(p, zero), weights), 8);
        const __m128i tenth = _mm_srli_epi32(_mm_madd_epi16(luma, _mm_set1_epi32(26)), 8);
        const __m128i grey = _mm_add_epi32(tenth, _mm_set1_epi32(230));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(rgb), _mm_shuffle_epi8(grey, spread));
    }
    return i;
}
#endif

} // namespace

int judge_yiq_row(const std::uint8_t* a, const std::uint8_t* b, int channels, int count,
                  float limit, std::uint8_t* out) {
#if defined(__x86_64__)
    return channels == 3 ? judge<3>(a, b, count, limit, out) : judge<4>(a, b, count, limit, out);
#else
    int over = 0;
    for (int i = 0; i < count; ++i, a += channels, b += channels) {
        out[i] = is_over(a, b, limit) ? 1 : 0;
        over += out[i];
    }
    return over;
#endif
}

void faint_rgb_row(const std::uint8_t* a, int channels, int count, std::uint8_t* rgb) {
    int i = 0;
#if defined(__x86_64__)
    static const bool shuffles = __builtin_cpu_supports("ssse3") != 0;
    if (shuffles) i = channels == 3 ? faint<3>(a, count, rgb) : faint<4>(a, count, rgb);
#endif
    for (; i < count; ++i)
        std::memset(rgb + 3 * i, faint_of(a + channels * i), 3);
}

} // namespace mw::compare
