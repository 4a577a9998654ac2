// How strokes are evaluated, for any width of vectors: included by one source for each instruction
// set. The same operations in the same order, so every width gives the same levels.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "mask/capsule_rows.h"

// Each source has its own copy of all this, compiled for its own instruction set.
namespace mw::mask {
namespace {

// Between knots, which have 3 bits of fraction, levels are mixed.
constexpr float kFine = 8;

template <class V>
inline V clamped(V v, V low, V high) {
    return V::min(V::max(v, low), high);
}

template <class V, bool kTapers, bool kBent, bool kSoft>
class Kernel {
  public:
    Kernel(const RunParams& q, float step, float fine)
        : along_x_(V::all(q.along_x * step)),
          across_x_(V::all(q.across_x * step)),
          length_(V::all(q.length)),
          bend_(V::all(q.bend)),
          shear_(V::all(q.shear)),
          radius_(V::all(q.radius)),
          taper_(V::all(q.taper)),
          softness_(V::all(1 - q.hardness)),
          middle_(V::all(0.5f * (1 + q.hardness))),
          outer_(V::all(q.outer)),
          inverse_width_(V::all(q.inverse_width)),
          smooth_(V::all(q.smooth)),
          peak_(V::all(q.peak)),
          scale_(V::all(q.scale * fine)) {}

    // Levels, times `fine`, of the pixels at x steps from a span's first, rounded.
    typename V::Ints levels(V x, V along0, V across0) const {
        const V zero = V::all(0), half = V::all(0.5f), one = V::all(1);
        const V along = along0 + x * along_x_;
        V across = across0 + x * across_x_;
        // Where along the piece the nearest disc sits. Of a cone, not straight across: the best.
        V at = along;
        if constexpr (kBent) {
            // One step of Newton's method towards the foot, from straight across; 1 / (1 + e) as a
            // series, for |e| < 1/2.
            at = clamped(along, zero, length_);
            const V v = across - bend_ * at * (length_ - at);
            const V slope = bend_ * (length_ - at - at);
            const V twice = bend_ * v;
            const V e = slope * slope + twice + twice;
            at = at + (along - at + v * slope) * (one - e + e * e);
            at = clamped(at, zero, length_);
            across = across - bend_ * at * (length_ - at);
        } else {
            if constexpr (kTapers) at = along + V::abs(across) * shear_;
            at = clamped(at, zero, length_);
        }
        const V beyond = along - at;
        const V d = V::sqrt(beyond * beyond + across * across);
        V s, smooth = smooth_, peak = peak_;
        if constexpr (kTapers) {
            const V r = radius_ + taper_ * at, soft = softness_ * r, width = V::max(soft, one);
            s = (middle_ * r + half * width - d) / width;
            smooth = clamped(soft - one, zero, one);
            peak = V::min(one, r + r);
        } else {
            s = (outer_ - d) * inverse_width_;
        }
        s = clamped(s, zero, peak);
        if constexpr (kSoft) s = s + smooth * (s * s * (V::all(3) - s - s) - s);
        return (s * scale_ + half).truncated();
    }

#if defined(__SSE2__)
    // 16 pixels' levels as bytes.
    __m128i bytes(float x0, V along0, V across0) const {
        if constexpr (V::kLanes == 8) {
            const V x = V::ramp() + V::all(x0);
            return V::packed(levels(x, along0, across0), levels(x + V::all(8), along0, across0));
        } else {
            const V x = V::ramp() + V::all(x0);
            return V::packed(levels(x, along0, across0), levels(x + V::all(4), along0, across0),
                             levels(x + V::all(8), along0, across0),
                             levels(x + V::all(12), along0, across0));
        }
    }
    // 8 pixels' levels, in the lower half.
    __m128i half_bytes(float x0, V along0, V across0) const {
        const V x = V::ramp() + V::all(x0);
        if constexpr (V::kLanes == 8)
            return V::packed(levels(x, along0, across0));
        else
            return V::packed(levels(x, along0, across0), levels(x + V::all(4), along0, across0));
    }
    // Of the four blocks of kInnerBlock pixels from x0 on: two bits each, set where its first and
    // its last pixel are that near the chord. Distance to a line segment is convex, so with both
    // all pixels in between are.
    unsigned near(float x0, V along0, V across0, V inner2) const {
        alignas(32) static constexpr float kEnds[8] = {0, 7, 8, 15, 16, 23, 24, 31};
        unsigned bits = 0;
        for (int i = 0; i < 8; i += V::kLanes) {
            const V x = V::from(kEnds + i) + V::all(x0);
            const V along = along0 + x * along_x_, across = across0 + x * across_x_;
            const V beyond = along - clamped(along, V::all(0), length_);
            bits |= V::not_above(beyond * beyond + across * across, inner2) << i;
        }
        return bits;
    }
#endif

  private:
    V along_x_, across_x_, length_, bend_, shear_, radius_, taper_, softness_, middle_, outer_,
        inverse_width_, smooth_, peak_, scale_;
};

#if defined(__SSE2__)
inline void combine_block(std::uint8_t* to, __m128i bytes, int n, bool erase) {
    if (n >= kRunBlock) {
        auto* place = reinterpret_cast<__m128i*>(to);
        const __m128i old = _mm_loadu_si128(place);
        _mm_storeu_si128(place, erase ? _mm_min_epu8(old, _mm_xor_si128(bytes, _mm_set1_epi8(-1)))
                                      : _mm_max_epu8(old, bytes));
        return;
    }
    alignas(16) std::uint8_t some[kRunBlock];
    _mm_store_si128(reinterpret_cast<__m128i*>(some), bytes);
    for (int i = 0; i < n; ++i) {
        const auto v = static_cast<std::uint8_t>(erase ? 255 - some[i] : some[i]);
        if (erase ? v < to[i] : v > to[i]) to[i] = v;
    }
}

inline void combine_half_block(std::uint8_t* to, __m128i bytes, int n, bool erase) {
    if (n < kInnerBlock) return combine_block(to, bytes, n, erase);
    auto* place = reinterpret_cast<__m128i*>(to);
    const __m128i old = _mm_loadl_epi64(place);
    _mm_storel_epi64(place, erase ? _mm_min_epu8(old, _mm_xor_si128(bytes, _mm_set1_epi8(-1)))
                                  : _mm_max_epu8(old, bytes));
}

// Knots kKnot (8 or 16) pixels apart, ready for mixing: kKnot times each, rounding added, and what
// the next one has more.
struct Slopes {
    alignas(16) std::int16_t start[32], more[32];
};
inline void prepare(const std::int32_t* knots, int count, int knot, Slopes& to) {
    const int rounding = knot == 8 ? 32 : 64;
    for (int i = 0; i < count; ++i) {
        to.start[i] = static_cast<std::int16_t>(knots[i] * knot + rounding);
        to.more[i] = static_cast<std::int16_t>(knots[i + 1] - knots[i]);
    }
}
inline __m128i mixed8(const Slopes& s, int i) {
    const __m128i ramp = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    const auto eight = [&](int k) {
        return _mm_srli_epi16(_mm_add_epi16(_mm_set1_epi16(s.start[k]),
                                            _mm_mullo_epi16(ramp, _mm_set1_epi16(s.more[k]))),
                              6);
    };
    return _mm_packus_epi16(eight(i), eight(i + 1));
}
inline __m128i mixed16(const Slopes& s, int i) {
    const __m128i ramp = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    const __m128i more = _mm_set1_epi16(s.more[i]);
    const __m128i low = _mm_add_epi16(_mm_set1_epi16(s.start[i]), _mm_mullo_epi16(ramp, more));
    const __m128i high = _mm_add_epi16(low, _mm_slli_epi16(more, 3));
    return _mm_packus_epi16(_mm_srli_epi16(low, 7), _mm_srli_epi16(high, 7));
}

template <class V, bool kTapers, bool kBent, bool kSoft>
void paint_each(const RunParams& q, const RunSpan* spans, std::size_t count, bool erase) {
    if (q.knot == 1) {
        const Kernel<V, kTapers, kBent, kSoft> kernel(q, 1, 1);
        if (q.inner2 >= 0) {
            const V inner2 = V::all(q.inner2);
            const __m128i full =
                _mm_set1_epi8(static_cast<char>(static_cast<int>(q.peak * q.scale + 0.5f)));
            for (const RunSpan* s = spans; s != spans + count; ++s) {
                const V along = V::all(s->along), across = V::all(s->across);
                unsigned near = 0;
                for (int i = 0; i < s->n; i += kInnerBlock, near >>= 2) {
                    const auto x = static_cast<float>(i);
                    if (i % (4 * kInnerBlock) == 0) near = kernel.near(x, along, across, inner2);
                    combine_half_block(s->to + i,
                                       (near & 3) == 3 ? full : kernel.half_bytes(x, along, across),
                                       s->n - i, erase);
                }
            }
            return;
        }
        for (const RunSpan* s = spans; s != spans + count; ++s) {
            const V along = V::all(s->along), across = V::all(s->across);
            for (int i = 0; i < s->n; i += kRunBlock)
                combine_block(s->to + i, kernel.bytes(static_cast<float>(i), along, across),
                              s->n - i, erase);
        }
        return;
    }
    const Kernel<V, kTapers, kBent, kSoft> kernel(q, static_cast<float>(q.knot), kFine);
    std::int32_t knots[32];
    Slopes slopes;
    for (const RunSpan* s = spans; s != spans + count; ++s) {
        const V along = V::all(s->along), across = V::all(s->across);
        const int needed = (s->n + kRunBlock - 1) / kRunBlock * kRunBlock / q.knot + 1;
        for (int i = 0; i < needed; i += V::kLanes)
            V::store(knots + i,
                     kernel.levels(V::ramp() + V::all(static_cast<float>(i)), along, across));
        prepare(knots, needed - 1, q.knot, slopes);
        if (q.knot == 8)
            for (int i = 0; i < s->n; i += kRunBlock)
                combine_block(s->to + i, mixed8(slopes, i / 8), s->n - i, erase);
        else
            for (int i = 0; i < s->n; i += kRunBlock)
                combine_block(s->to + i, mixed16(slopes, i / 16), s->n - i, erase);
    }
}
#else
// One pixel at a time, knots or not.
template <class V, bool kTapers, bool kBent, bool kSoft>
void paint_each(const RunParams& q, const RunSpan* spans, std::size_t count, bool erase) {
    const Kernel<V, kTapers, kBent, kSoft> kernel(q, 1, 1);
    for (const RunSpan* s = spans; s != spans + count; ++s)
        for (int i = 0; i < s->n; ++i) {
            const auto level = static_cast<std::uint8_t>(
                kernel.levels(V::all(static_cast<float>(i)), V::all(s->along), V::all(s->across)));
            const auto v = static_cast<std::uint8_t>(erase ? 255 - level : level);
            if (erase ? v < s->to[i] : v > s->to[i]) s->to[i] = v;
        }
}
#endif

template <class V>
void paint_all(const RunParams& q, const RunSpan* spans, std::size_t count, bool erase) {
    const bool soft = q.smooth > 0;
    if (q.tapers)
        paint_each<V, true, false, true>(q, spans, count, erase);
    else if (q.bend != 0)
        soft ? paint_each<V, false, true, true>(q, spans, count, erase)
             : paint_each<V, false, true, false>(q, spans, count, erase);
    else
        soft ? paint_each<V, false, false, true>(q, spans, count, erase)
             : paint_each<V, false, false, false>(q, spans, count, erase);
}

} // namespace
} // namespace mw::mask
