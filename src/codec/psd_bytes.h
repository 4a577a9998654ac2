// Numbers and packed rows as Photoshop has them: big endian, PackBits. Private to the room.
#pragma once

#include <string_view>

#include "base/file.h"
#include "codec/byte_reader.h"

namespace mw::codec {

class PsdBytes {
  public:
    void u8(unsigned v) { bytes_.push_back(std::byte(v & 255)); }
    void u16(unsigned v) {
        u8(v >> 8);
        u8(v);
    }
    void u32(std::uint32_t v) {
        u16(v >> 16);
        u16(v & 0xffff);
    }
    void text(std::string_view s) { raw(std::as_bytes(std::span(s))); }
    void raw(ByteSpan data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
    void pad(std::size_t step) {
        while (bytes_.size() % step)
            u8(0);
    }
    const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_;
};

// Appends `row` packed (TIFF 6.0, section 9); at most 1/128 longer.
void pack_bits(ByteSpan row, Bytes& out);

// A text as UTF-16, at most `most` units, from UTF-8; what is no UTF-8 becomes U+FFFD.
std::u16string utf16_of(std::string_view text, std::size_t most);

} // namespace mw::codec
