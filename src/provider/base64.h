// Base64 (RFC 4648, section 4), strict.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"

namespace mw::provider {

// Decodes text that comes in pieces of any size. Strict: only A-Z a-z 0-9 + /, padding only at the
// end and complete, no line breaks, unused bits zero. AVX2 where the processor has it.
class Base64Decoder {
  public:
    // Appends what can be decoded so far to `out`. False at the first character that does not
    // belong; everything before it was decoded.
    bool feed(std::string_view text, Bytes& out);
    // Whether what was fed is complete: a multiple of 4 characters.
    bool finish() const { return !failed_ && pending_ == 0; }
    std::size_t characters() const { return characters_; }

  private:
    std::array<char, 4> quad_{};
    int pending_ = 0;     // characters in quad_
    bool padded_ = false; // '=' was seen: nothing may follow
    bool failed_ = false;
    std::size_t characters_ = 0;
};

// The whole of a text; false when it is not strict base64 (out has what was decoded before).
bool decode_base64(std::string_view text, Bytes& out);
std::string encode_base64(std::span<const std::byte> bytes);

} // namespace mw::provider
