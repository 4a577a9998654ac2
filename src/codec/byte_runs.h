// A stream of bytes as literals and repetitions of the byte before: what DEFLATE needs of
// run-length coding (RFC 1951 with the distance 1 alone).
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>

namespace mw::codec {

inline constexpr int kShortestRepetition = 3, kLongestRepetition = 258;

// Bit i: p[i] is p[i - 1], for 64 bytes.
inline std::uint64_t repeats(const std::uint8_t* p) {
    std::uint64_t mask = 0;
#if defined(__SSE2__)
    for (int k = 0; k < 64; k += 16) {
        const __m128i now = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + k));
        const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + k - 1));
        const auto equal =
            static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(now, before)));
        mask |= std::uint64_t{equal} << k;
    }
#else
    for (int k = 0; k < 64; ++k)
        mask |= std::uint64_t{p[k] == p[k - 1]} << k;
#endif
    return mask;
}

// Sink has literals(const uint8_t*, int n); repeat(int n) with n in kShortestRepetition ..
// kLongestRepetition; and expect(bytes, repetitions): no more of both together come before the next
// call of it.
template <class Sink>
class RunReader {
  public:
    explicit RunReader(Sink& sink) : sink_(sink) {}

    // The next n bytes, 1 .. 64, from where 64 can be read; the byte before the first is the one
    // that came last, or anything that differs at the very beginning.
    void block(const std::uint8_t* p, int n) {
        const std::uint64_t valid = n == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
        const std::uint64_t same = repeats(p) & valid;
        if (same == valid) {
            pending_ += static_cast<std::uint64_t>(n);
            return;
        }
        int i = std::countr_one(same);
        pending_ += static_cast<std::uint64_t>(i);
        sink_.expect(64, 64 / kShortestRepetition);
        end_run(p[i - 1]);
        // Repeats at the block's end may go on in the next one.
        const int open = std::countl_one(same << (64 - n)), end = n - open;
        // Where repetitions that are long enough begin, or go on.
        const std::uint64_t runs = same & same >> 1 & same >> 2;
        while (i < end) {
            const std::uint64_t ahead = runs >> i;
            const int stop = ahead ? std::min(i + std::countr_zero(ahead), end) : end;
            sink_.literals(p + i, stop - i);
            i = stop;
            if (i == end) break;
            const int length = std::countr_one(same >> i);
            sink_.repeat(length);
            i += length;
        }
        pending_ = static_cast<std::uint64_t>(open);
    }
    // After the last block.
    void finish(std::uint8_t last) {
        sink_.expect(64, 64);
        end_run(last);
    }

  private:
    void end_run(std::uint8_t value) {
        std::uint64_t n = pending_;
        pending_ = 0;
        constexpr std::uint64_t kLongest = kLongestRepetition, kShortest = kShortestRepetition;
        if (n > 2 * kLongest) sink_.expect(64, n / kLongest + 64);
        for (; n >= kLongest + kShortest || n == kLongest; n -= kLongest)
            sink_.repeat(kLongestRepetition);
        if (n > kLongest) { // so that no rest is too short for a repetition
            sink_.repeat(static_cast<int>(n - kShortest));
            n = kShortest;
        }
        if (n >= kShortest) return sink_.repeat(static_cast<int>(n));
        const std::uint8_t two[] = {value, value};
        if (n > 0) sink_.literals(two, static_cast<int>(n));
    }

    Sink& sink_;
    std::uint64_t pending_ = 0; // repeats of the last byte that are not told yet
};

} // namespace mw::codec
