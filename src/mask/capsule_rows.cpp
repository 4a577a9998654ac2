#include "mask/capsule_rows.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "mask/capsule_avx2.h"
#include "mask/capsule_kernel.h"

namespace mw::mask {
namespace {

#if defined(__SSE2__)
struct Lanes {
    using Ints = __m128i;
    static constexpr int kLanes = 4;
    __m128 v;

    static Lanes all(float f) { return {_mm_set1_ps(f)}; }
    static Lanes ramp() { return {_mm_setr_ps(0, 1, 2, 3)}; }
    static Lanes from(const float* p) { return {_mm_load_ps(p)}; }
    static unsigned not_above(Lanes a, Lanes b) {
        return static_cast<unsigned>(_mm_movemask_ps(_mm_cmple_ps(a.v, b.v)));
    }
    static Lanes min(Lanes a, Lanes b) { return {_mm_min_ps(a.v, b.v)}; }
    static Lanes max(Lanes a, Lanes b) { return {_mm_max_ps(a.v, b.v)}; }
    static Lanes sqrt(Lanes a) { return {_mm_sqrt_ps(a.v)}; }
    static Lanes abs(Lanes a) { return {_mm_andnot_ps(_mm_set1_ps(-0.0f), a.v)}; }
    Ints truncated() const { return _mm_cvttps_epi32(v); }
    static void store(std::int32_t* to, Ints i) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), i);
    }
    static __m128i packed(Ints a, Ints b) {
        const __m128i words = _mm_packs_epi32(a, b);
        return _mm_packus_epi16(words, words);
    }
    static __m128i packed(Ints a, Ints b, Ints c, Ints d) {
        return _mm_packus_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
    }
    friend Lanes operator+(Lanes a, Lanes b) { return {_mm_add_ps(a.v, b.v)}; }
    friend Lanes operator-(Lanes a, Lanes b) { return {_mm_sub_ps(a.v, b.v)}; }
    friend Lanes operator*(Lanes a, Lanes b) { return {_mm_mul_ps(a.v, b.v)}; }
    friend Lanes operator/(Lanes a, Lanes b) { return {_mm_div_ps(a.v, b.v)}; }
};
#else
struct Lanes {
    using Ints = std::int32_t;
    float v;

    static Lanes all(float f) { return {f}; }
    static Lanes min(Lanes a, Lanes b) { return {a.v < b.v ? a.v : b.v}; }
    static Lanes max(Lanes a, Lanes b) { return {a.v > b.v ? a.v : b.v}; }
    static Lanes sqrt(Lanes a) { return {std::sqrt(a.v)}; }
    static Lanes abs(Lanes a) { return {std::abs(a.v)}; }
    Ints truncated() const { return static_cast<Ints>(v); }
    friend Lanes operator+(Lanes a, Lanes b) { return {a.v + b.v}; }
    friend Lanes operator-(Lanes a, Lanes b) { return {a.v - b.v}; }
    friend Lanes operator*(Lanes a, Lanes b) { return {a.v * b.v}; }
    friend Lanes operator/(Lanes a, Lanes b) { return {a.v / b.v}; }
};
#endif

} // namespace

void paint_spans(const RunParams& params, const RunSpan* spans, std::size_t count, bool erase) {
#ifdef MW_MASK_AVX2
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    if (has) return paint_spans_avx2(params, spans, count, erase);
#endif
    paint_all<Lanes>(params, spans, count, erase);
}

MW_CLONES void combine_limited(std::uint8_t* to, const std::uint8_t* stroke,
                               const std::uint8_t* limit, int n, bool erase) {
    for (int i = 0; i < n; ++i) {
        const std::uint8_t v = std::min(stroke[i], limit[i]);
        to[i] = erase ? std::min(to[i], static_cast<std::uint8_t>(255 - v)) : std::max(to[i], v);
    }
}

MW_CLONES void combine_value(std::uint8_t* to, std::uint8_t stroke, int n, bool erase) {
    if (erase) {
        const auto keep = static_cast<std::uint8_t>(255 - stroke);
        for (int i = 0; i < n; ++i)
            to[i] = std::min(to[i], keep);
    } else {
        for (int i = 0; i < n; ++i)
            to[i] = std::max(to[i], stroke);
    }
}

// The left end of a row is the least, over the discs along the segment, of the disc's left end: a
// convex function of the place, whose minimum is where the straight side is met, or at an end.
MW_CLONES void capsule_rows(PointF a, PointF b, double radius, int top, int count, int width,
                            int* begin, int* end) {
    const double run = b.x - a.x, drop = b.y - a.y, length = std::hypot(run, drop);
    const bool level = !(std::abs(drop) > 1e-9 * length);
    // Share of the way at row y: (y - offset) * per_row, for the left and for the right side. On a
    // level segment the ends decide.
    double per_row = 0, left_offset = 0, right_offset = 0;
    double left_bias = 0, right_bias = 1;
    if (level) {
        if (run < 0) std::swap(left_bias, right_bias);
    } else {
        per_row = 1 / drop;
        // The normals point left and right.
        const double ny = (drop > 0 ? run : -run) / length;
        left_offset = a.y + radius * ny;
        right_offset = a.y - radius * ny;
        right_bias = 0;
    }
    const double r2 = radius * radius, limit = width;
    for (int i = 0; i < count; ++i) {
        const double y = top + i + 0.5;
        const double tl = std::min(std::max((y - left_offset) * per_row + left_bias, 0.0), 1.0);
        const double tr = std::min(std::max((y - right_offset) * per_row + right_bias, 0.0), 1.0);
        const double el = y - (a.y + tl * drop), er = y - (a.y + tr * drop);
        const double hl = r2 - el * el, hr = r2 - er * er;
        const double left = a.x + tl * run - std::sqrt(std::max(hl, 0.0));
        const double right = a.x + tr * run + std::sqrt(std::max(hr, 0.0));
        // Not negative, so that truncation is the floor.
        const double l = std::min(std::max(left - 0.5, 0.0), limit);
        const double r = std::min(std::max(right - 0.5, -1.0), limit - 1) + 1;
        const int first = static_cast<int>(l), last = static_cast<int>(r);
        begin[i] = first + (l > first);
        end[i] = hl < 0 || hr < 0 ? begin[i] : last; // nothing where the row is out of reach
    }
}

MW_CLONES void strip_rows(const StripLines& q, int top, int count, int width, int* begin,
                          int* end) {
    const double limit = width, l0 = q.left[0], l1 = q.left[1], r0 = q.right[0], r1 = q.right[1];
    const double ls0 = q.left_slope[0], ls1 = q.left_slope[1], rs0 = q.right_slope[0],
                 rs1 = q.right_slope[1];
    for (int i = 0; i < count; ++i) {
        const double y = top + i + 0.5;
        const double left = std::max(l0 + y * ls0, l1 + y * ls1);
        const double right = std::min(r0 + y * rs0, r1 + y * rs1);
        // Centres at halves; not negative, so that truncation is the floor.
        const double l = std::min(std::max(left - 0.5, -1.0), limit) + 1;
        const double r = std::min(std::max(right - 0.5, -1.0), limit - 1) + 1;
        begin[i] = static_cast<int>(l);
        end[i] = static_cast<int>(r);
    }
}

} // namespace mw::mask
