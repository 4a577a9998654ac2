// Numbers out of untrusted bytes. Reading past the end gives zeros and is remembered, so that a
// parser may read a whole header and ask once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace mw::codec {

using ByteSpan = std::span<const std::byte>;

class ByteReader {
  public:
    explicit ByteReader(ByteSpan bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}

    bool ok() const { return ok_; }
    std::size_t at() const { return at_; }
    std::size_t left() const { return at_ < bytes_.size() ? bytes_.size() - at_ : 0; }
    void seek(std::size_t at) { at_ = at; }
    // Past the end is allowed here; the next read tells.
    void skip(std::size_t n) { at_ = n > SIZE_MAX - at_ ? SIZE_MAX : at_ + n; }

    // The next n bytes, or none of them.
    ByteSpan take(std::size_t n) {
        if (n > left()) {
            ok_ = false;
            return {};
        }
        at_ += n;
        return bytes_.subspan(at_ - n, n);
    }
    std::uint8_t u8() { return static_cast<std::uint8_t>(big(1)); }
    std::uint16_t be16() { return static_cast<std::uint16_t>(big(2)); }
    std::uint32_t be32() { return big(4); }
    std::uint16_t le16() {
        const unsigned low = u8();
        return static_cast<std::uint16_t>(low | unsigned{u8()} << 8);
    }
    std::uint32_t le32() {
        const std::uint32_t low = le16();
        return low | std::uint32_t{le16()} << 16;
    }

  private:
    std::uint32_t big(std::size_t n) {
        std::uint32_t value = 0;
        for (const std::byte b : take(n))
            value = value << 8 | std::to_integer<std::uint32_t>(b);
        return value;
    }

    ByteSpan bytes_;
    std::size_t at_;
    bool ok_ = true;
};

inline bool starts_with(ByteSpan bytes, std::string_view prefix) {
    return bytes.size() >= prefix.size() &&
           std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

inline const unsigned char* chars(ByteSpan bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

} // namespace mw::codec
