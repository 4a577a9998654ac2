#include "mask/capsule_rows.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "mask/mask.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace mw::mask {
namespace {

// The coverage of `n` pixels, a multiple of kRunBlock, in 0 .. 255.
template <bool kTapers>
MW_INLINE void coverage(const RunParams& q, int n, std::int32_t* to) {
    for (int i = 0; i < n; ++i) {
        const float x = static_cast<float>(i);
        const float along = q.along + x * q.along_x;
        const float across = std::abs(q.across + x * q.across_x);
        // Where along the piece the best disc sits: of a cone, not straight across.
        float at = kTapers ? along + across * q.shear : along;
        at = std::min(std::max(at, 0.0f), q.length);
        const float beyond = along - at;
        const float d = std::sqrt(beyond * beyond + across * across);
        float s, smooth, peak;
        if constexpr (kTapers) {
            const float r = q.radius + q.taper * at, soft = (1 - q.hardness) * r;
            const float width = std::max(soft, 1.0f);
            s = (0.5f * (1 + q.hardness) * r + 0.5f * width - d) / width;
            smooth = std::min(std::max(soft - 1, 0.0f), 1.0f);
            peak = std::min(1.0f, 2 * r);
        } else {
            s = (q.outer - d) * q.inverse_width;
            smooth = q.smooth;
            peak = q.peak;
        }
        s = std::min(std::max(s, 0.0f), peak);
        s += smooth * (s * s * (3 - 2 * s) - s);
        to[i] = static_cast<std::int32_t>(s * q.scale + 0.5f);
    }
}

MW_INLINE void combine(std::uint8_t* to, const std::int32_t* stroke, int n, bool erase) {
    for (int i = 0; i < n; ++i) {
        const auto v = static_cast<std::uint8_t>(stroke[i]);
        to[i] = erase ? std::min(to[i], static_cast<std::uint8_t>(255 - v)) : std::max(to[i], v);
    }
}

// kRunBlock pixels; compilers do not find the packing by themselves.
MW_INLINE void combine_block(std::uint8_t* to, const std::int32_t* stroke, bool erase) {
#if defined(__SSE2__)
    const auto* v = reinterpret_cast<const __m128i*>(stroke);
    const __m128i low = _mm_packs_epi32(_mm_load_si128(v), _mm_load_si128(v + 1));
    const __m128i high = _mm_packs_epi32(_mm_load_si128(v + 2), _mm_load_si128(v + 3));
    const __m128i bytes = _mm_packus_epi16(low, high);
    auto* place = reinterpret_cast<__m128i*>(to);
    const __m128i old = _mm_loadu_si128(place);
    _mm_storeu_si128(place, erase ? _mm_min_epu8(old, _mm_xor_si128(bytes, _mm_set1_epi8(-1)))
                                  : _mm_max_epu8(old, bytes));
#else
    combine(to, stroke, kRunBlock, erase);
#endif
}

template <bool kTapers>
MW_INLINE void run(const RunParams& q, std::uint8_t* to, int n, bool erase) {
    alignas(32) std::int32_t stroke[kTileSide];
    coverage<kTapers>(q, (n + kRunBlock - 1) / kRunBlock * kRunBlock, stroke);
    int i = 0;
    for (; i + kRunBlock <= n; i += kRunBlock)
        combine_block(to + i, stroke + i, erase);
    combine(to + i, stroke + i, n - i, erase);
}

} // namespace

MW_CLONES void paint_run(const RunParams& params, std::uint8_t* to, int n, bool erase) {
    run<false>(params, to, n, erase);
}

MW_CLONES void paint_tapered_run(const RunParams& params, std::uint8_t* to, int n, bool erase) {
    run<true>(params, to, n, erase);
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

} // namespace mw::mask
