// Strokes, eight pixels at a time. Compiled with -mavx2, called where the processor has it.
#include "mask/capsule_avx2.h"

#if defined(__AVX2__)
#include <immintrin.h>

#include "mask/capsule_kernel.h"

namespace mw::mask {
namespace {

struct Eight {
    using Ints = __m256i;
    static constexpr int kLanes = 8;
    __m256 v;

    static Eight all(float f) { return {_mm256_set1_ps(f)}; }
    static Eight ramp() { return {_mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7)}; }
    static Eight from(const float* p) { return {_mm256_load_ps(p)}; }
    static unsigned not_above(Eight a, Eight b) {
        return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)));
    }
    static Eight min(Eight a, Eight b) { return {_mm256_min_ps(a.v, b.v)}; }
    static Eight max(Eight a, Eight b) { return {_mm256_max_ps(a.v, b.v)}; }
    static Eight sqrt(Eight a) { return {_mm256_sqrt_ps(a.v)}; }
    static Eight abs(Eight a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
    Ints truncated() const { return _mm256_cvttps_epi32(v); }
    static void store(std::int32_t* to, Ints i) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), i);
    }
    static __m128i packed(Ints a) {
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
        return _mm_packus_epi16(words, words);
    }
    static __m128i packed(Ints a, Ints b) {
        const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xd8);
        return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    }
    friend Eight operator+(Eight a, Eight b) { return {_mm256_add_ps(a.v, b.v)}; }
    friend Eight operator-(Eight a, Eight b) { return {_mm256_sub_ps(a.v, b.v)}; }
    friend Eight operator*(Eight a, Eight b) { return {_mm256_mul_ps(a.v, b.v)}; }
    friend Eight operator/(Eight a, Eight b) { return {_mm256_div_ps(a.v, b.v)}; }
};

} // namespace

void paint_spans_avx2(const RunParams& params, const RunSpan* spans, std::size_t count,
                      bool erase) {
    paint_all<Eight>(params, spans, count, erase);
    _mm256_zeroupper();
}

} // namespace mw::mask
#endif
