// The sums over 8-bit samples that everything countable is made of. Private to the room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mw::compare {

struct SampleSums {
    std::int64_t changed = 0;  // samples that differ
    std::uint64_t squares = 0; // of the differences of colour samples
    std::uint32_t most = 0;    // the largest difference
};

// `rows` rows of `count` samples of pixels of `channels`, the strides in bytes. Whole numbers: the
// same sums with and without AVX2.
void add_sums(const std::uint8_t* a, std::ptrdiff_t stride_a, const std::uint8_t* b,
              std::ptrdiff_t stride_b, int count, int rows, int channels, SampleSums& out);

} // namespace mw::compare
