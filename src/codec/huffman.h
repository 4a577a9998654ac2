// Huffman codes as DEFLATE has them (RFC 1951, 3.2.2).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mw::codec {

// The lengths, 1 .. longest, of a complete code in which frequent symbols are short. Every count is
// at least 1; 2 <= counts.size() <= 2^longest, longest <= 15. Where the limit does not bind the
// code is the best there is.
std::vector<std::uint8_t> huffman_lengths(std::span<const std::uint32_t> counts, int longest);

struct HuffmanWord {
    std::uint16_t bits = 0; // as they are sent, the first one lowest
    std::uint8_t length = 0;
};
// The canonical code of these lengths; 0: a symbol without one.
std::vector<HuffmanWord> huffman_words(std::span<const std::uint8_t> lengths);

} // namespace mw::codec
