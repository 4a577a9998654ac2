#include "codec/encode_mask_png.h"

#include <zlib.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

namespace mw::codec {
namespace {

constexpr int kLongest = 258; // of a repetition
constexpr int kEnd = 256, kFirstLength = 257, kSymbols = 286;

struct Code {
    std::uint16_t bits = 0; // as they are sent, the first one lowest
    std::uint8_t length = 0;
};
// How a repetition of 3 .. 258 bytes is sent: symbol and extra bits together, then the distance 1,
// which is one bit, 0.
struct Repetition {
    std::uint32_t bits = 0;
    std::uint8_t length = 0;
};

struct Tables {
    std::array<std::uint8_t, kSymbols> lengths{};
    std::array<Code, kSymbols> codes{};
    std::array<Repetition, kLongest + 1> repetitions{};
};

std::uint16_t reversed(std::uint32_t code, int length) {
    std::uint32_t out = 0;
    for (int i = 0; i < length; ++i)
        out |= (code >> i & 1) << (length - 1 - i);
    return static_cast<std::uint16_t>(out);
}

// Codes in the order of lengths, RFC 1951, 3.2.2.
template <std::size_t kCount>
std::array<Code, kCount> codes_of(const std::array<std::uint8_t, kCount>& lengths) {
    std::array<Code, kCount> codes{};
    std::uint32_t next = 0;
    for (int length = 1; length < 16; ++length) {
        for (std::size_t s = 0; s < kCount; ++s)
            if (lengths[s] == length)
                codes[s] = {reversed(next++, length), static_cast<std::uint8_t>(length)};
        next <<= 1;
    }
    return codes;
}

const Tables& tables() {
    static const Tables made = [] {
        Tables t;
        // The longest repetition takes one bit, 0 and 255 four, the other repetitions seven; the
        // other values share what is left: 65 codes of ten bits, 190 of eleven make it complete.
        for (std::size_t s = 0; s < kSymbols; ++s)
            t.lengths[s] = s >= kFirstLength ? 7 : s % 4 == 1 || s == 2 ? 10 : 11;
        t.lengths[0] = t.lengths[255] = 4;
        t.lengths[kEnd] = 11;
        t.lengths[kSymbols - 1] = 1;
        t.codes = codes_of(t.lengths);
        int length = 3;
        for (int s = kFirstLength; s < kSymbols - 1; ++s) {
            const int extra = s < kFirstLength + 8 ? 0 : (s - kFirstLength - 4) / 4;
            const Code code = t.codes[static_cast<std::size_t>(s)];
            for (int k = 0; k < 1 << extra && length < kLongest; ++k, ++length)
                t.repetitions[static_cast<std::size_t>(length)] = {
                    code.bits | static_cast<std::uint32_t>(k) << code.length,
                    static_cast<std::uint8_t>(code.length + extra + 1)};
        }
        const Code most = t.codes[kSymbols - 1];
        t.repetitions[kLongest] = {most.bits, static_cast<std::uint8_t>(most.length + 1)};
        return t;
    }();
    return made;
}

// Bits, the first ones lowest, after what is in `out` already.
class BitWriter {
  public:
    explicit BitWriter(Bytes& out) : out_(out), used_(out.size()) {}
    // At most 32 at once.
    void put(std::uint32_t bits, int count) {
        pending_ |= std::uint64_t{bits} << filled_;
        filled_ += count;
        if (filled_ < 32) return;
        if (used_ + 4 > out_.size()) out_.resize(std::max<std::size_t>(2 * used_, 4096));
        for (int i = 0; i < 4; ++i)
            out_[used_++] = static_cast<std::byte>(pending_ >> 8 * i);
        pending_ >>= 32;
        filled_ -= 32;
    }
    void finish() {
        out_.resize(used_);
        for (; filled_ > 0; filled_ -= 8, pending_ >>= 8)
            out_.push_back(static_cast<std::byte>(pending_));
    }

  private:
    Bytes& out_;
    std::size_t used_;
    std::uint64_t pending_ = 0;
    int filled_ = 0;
};

// Bytes from `from` on that are like its first, at most `most`.
std::size_t run_length(const std::uint8_t* from, std::size_t most) {
    if (most == 1 || from[1] != from[0]) return 1;
    const std::uint64_t eight = 0x0101010101010101u * from[0];
    std::size_t n = 1;
    if (n + 8 <= most) { // most are short
        std::uint64_t word;
        std::memcpy(&word, from + n, 8);
        if (word != eight && std::endian::native == std::endian::little)
            return n + static_cast<std::size_t>(std::countr_zero(word ^ eight)) / 8;
    }
    // 64 at a time: the sum of all differences, without branches in between.
    for (; n + 64 <= most; n += 64) {
        std::uint64_t differs = 0;
        for (std::size_t k = 0; k < 64; k += 8) {
            std::uint64_t word;
            std::memcpy(&word, from + n + k, 8);
            differs |= word ^ eight;
        }
        if (differs) break;
    }
    for (; n + 8 <= most; n += 8) {
        std::uint64_t word;
        std::memcpy(&word, from + n, 8);
        if (word == eight) continue;
        if constexpr (std::endian::native == std::endian::little)
            return n + static_cast<std::size_t>(std::countr_zero(word ^ eight)) / 8;
        break;
    }
    while (n < most && from[n] == from[0])
        ++n;
    return n;
}

class Deflater {
  public:
    explicit Deflater(Bytes& out) : bits_(out), t_(tables()) { header(); }

    // n >= 1 bytes of one value.
    void run(std::uint8_t value, std::size_t n) {
        checksum(value, n);
        if (value != last_) {
            literal(value);
            last_ = value;
            --n;
        }
        const Repetition most = t_.repetitions[kLongest];
        for (; n >= std::size_t{kLongest} + 3 || n == kLongest; n -= kLongest)
            bits_.put(most.bits, most.length);
        if (n > kLongest) { // so that no rest is too short for a repetition
            repeat(n - 3);
            n = 3;
        }
        if (n >= 3) {
            repeat(n);
            return;
        }
        for (; n > 0; --n)
            literal(value);
    }

    // Adler-32 of what came; ends the stream.
    std::uint32_t finish() {
        const Code end = t_.codes[kEnd];
        bits_.put(end.bits, end.length);
        bits_.finish();
        remainders();
        return static_cast<std::uint32_t>(b_ << 16 | a_);
    }

  private:
    void literal(std::uint8_t value) { bits_.put(t_.codes[value].bits, t_.codes[value].length); }
    void repeat(std::size_t n) { bits_.put(t_.repetitions[n].bits, t_.repetitions[n].length); }

    // Adler-32 of n bytes at once: a grows by their sum, b by the sum of all a on the way. Up to
    // kPart bytes fit 64 bits before the remainders have to be taken.
    static constexpr std::size_t kPart = 1u << 20;
    void checksum(std::uint64_t value, std::size_t n) {
        while (n > 0) {
            const std::uint64_t part = std::min(n, kPart - since_);
            b_ += part * a_ + value * (part * (part + 1) / 2);
            a_ += part * value;
            n -= part;
            since_ += part;
            if (since_ < kPart) continue;
            remainders();
        }
    }
    void remainders() {
        a_ %= 65521;
        b_ %= 65521;
        since_ = 0;
    }

    // One final block, and its code by the lengths, RFC 1951, 3.2.7.
    void header() {
        bits_.put(0x0178, 16); // zlib: 32 KiB window, the quickest method
        bits_.put(1, 1);
        bits_.put(2, 2);
        bits_.put(kSymbols - 257, 5);
        bits_.put(0, 5); // one distance
        constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                         11, 4,  12, 3, 13, 2, 14, 1, 15};
        std::array<std::uint8_t, 19> lengths{};
        lengths[11] = 1;
        lengths[10] = 2;
        lengths[7] = 3;
        lengths[1] = lengths[4] = 4;
        constexpr int kSent = 18;
        bits_.put(kSent - 4, 4);
        for (int i = 0; i < kSent; ++i)
            bits_.put(lengths[kOrder[static_cast<std::size_t>(i)]], 3);
        const auto codes = codes_of(lengths);
        const auto send = [&](std::uint8_t length) {
            bits_.put(codes[length].bits, codes[length].length);
        };
        for (const std::uint8_t length : t_.lengths)
            send(length);
        send(1); // of the distance 1
    }

    BitWriter bits_;
    const Tables& t_;
    int last_ = -1;
    std::uint64_t a_ = 1, b_ = 0;
    std::size_t since_ = 0; // bytes since the remainders were taken
};

void put_number(Bytes& out, std::size_t at, std::uint32_t v) {
    for (int i = 0; i < 4; ++i)
        out[at + static_cast<std::size_t>(i)] = static_cast<std::byte>(v >> (24 - 8 * i));
}
void append_number(Bytes& out, std::uint32_t v) {
    out.resize(out.size() + 4);
    put_number(out, out.size() - 4, v);
}
void append(Bytes& out, const char* text, std::size_t n) {
    const auto* bytes = reinterpret_cast<const std::byte*>(text);
    out.insert(out.end(), bytes, bytes + n);
}
// A chunk whose length field is at `start` and whose data has just been written.
void close_chunk(Bytes& out, std::size_t start) {
    const std::size_t length = out.size() - start - 8;
    put_number(out, start, static_cast<std::uint32_t>(length));
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(out.data()) + start + 4, length + 4);
    append_number(out, static_cast<std::uint32_t>(crc));
}

} // namespace

Bytes encode_mask_png(image::ImageView coverage) {
    assert(!coverage.empty() && coverage.format == image::kGray8);
    Bytes out;
    append(out, "\x89PNG\r\n\x1a\n", 8);
    append(out, "\0\0\0\0IHDR", 8);
    append_number(out, static_cast<std::uint32_t>(coverage.size.width));
    append_number(out, static_cast<std::uint32_t>(coverage.size.height));
    append(out, "\x08\0\0\0\0", 5); // 8 bits, grey, the only methods there are, not interlaced
    close_chunk(out, 8);
    const std::size_t start = out.size();
    append(out, "\0\0\0\0IDAT", 8);
    Deflater deflater(out);
    // Runs go on over the ends of rows; each row begins with its filter, 0 for none.
    std::uint8_t value = 0;
    std::size_t length = 0;
    const auto add = [&](std::uint8_t v, std::size_t n) {
        if (v != value && length > 0) {
            deflater.run(value, length);
            length = 0;
        }
        value = v;
        length += n;
    };
    const auto width = static_cast<std::size_t>(coverage.size.width);
    for (int y = 0; y < coverage.size.height; ++y) {
        add(0, 1);
        const auto* row = coverage.row<std::uint8_t>(y);
        for (std::size_t x = 0; x < width;) {
            const std::size_t n = run_length(row + x, width - x);
            add(row[x], n);
            x += n;
        }
    }
    deflater.run(value, length);
    append_number(out, deflater.finish());
    close_chunk(out, start);
    append(out, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
    return out;
}

} // namespace mw::codec
