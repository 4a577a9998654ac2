#include "codec/encode_mask_png.h"

#include <zlib.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/clones.h"
#include "codec/byte_runs.h"
#include "codec/huffman.h"

namespace mw::codec {
namespace {

constexpr std::size_t kEnd = 256, kFirstLength = 257, kSymbols = 286;
// Four literals and what waits for its byte fit 64 bits.
constexpr int kLongestWord = 13;
constexpr int kLongestRepeated = kLongestWord + 5 + 1; // with its extra bits and its distance
constexpr int kBlock = 64;
// Rows looked at for the code, of the whole picture or one in so many.
constexpr int kSampleStep = 32, kLeastSample = 64;

// Symbol and extra bits of a repetition, RFC 1951, 3.2.5.
struct LengthCode {
    std::uint16_t symbol = 0;
    std::uint8_t extra_bits = 0, extra = 0;
};
constexpr std::array<LengthCode, kLongestRepetition + 1> kLengthCodes = [] {
    std::array<LengthCode, kLongestRepetition + 1> codes{};
    int length = kShortestRepetition;
    for (std::size_t s = kFirstLength; s < kSymbols - 1; ++s) {
        const int extra = s < kFirstLength + 8 ? 0 : static_cast<int>(s - kFirstLength - 4) / 4;
        for (int k = 0; k < 1 << extra && length < kLongestRepetition; ++k, ++length)
            codes[static_cast<std::size_t>(length)] = {static_cast<std::uint16_t>(s),
                                                       static_cast<std::uint8_t>(extra),
                                                       static_cast<std::uint8_t>(k)};
    }
    codes[kLongestRepetition] = {kSymbols - 1, 0, 0};
    return codes;
}();

// How often each symbol comes.
struct Census {
    std::array<std::uint32_t, kSymbols> counts{};
    std::uint64_t extra_bits = 0; // those of lengths and distances

    void literals(const std::uint8_t* p, int n) {
        for (int i = 0; i < n; ++i)
            ++counts[p[i]];
    }
    void expect(std::uint64_t, std::uint64_t) {}
    void repeat(int n) {
        const LengthCode& code = kLengthCodes[static_cast<std::size_t>(n)];
        ++counts[code.symbol];
        extra_bits += code.extra_bits + 1u;
    }
};

// Bits, the first ones lowest, after what is in `out` already.
class BitWriter {
  public:
    explicit BitWriter(Bytes& out) : out_(out), used_(out.size()) {}

    // So many bits are about to come.
    void expect(std::size_t bits) {
        const std::size_t need = used_ + bits / 8 + 16;
        if (need > out_.size()) out_.resize(std::max(2 * out_.size(), need + 4096));
    }
    // At most 56 between two flushes, within what was expected.
    void put(std::uint64_t bits, int count) {
        pending_ |= bits << filled_;
        filled_ += count;
    }
    void flush() {
        if constexpr (std::endian::native == std::endian::little)
            std::memcpy(out_.data() + used_, &pending_, 8);
        else
            for (std::size_t i = 0; i < 8; ++i)
                out_[used_ + i] = static_cast<std::byte>(pending_ >> 8 * i);
        used_ += static_cast<std::size_t>(filled_ >> 3);
        pending_ >>= filled_ & ~7;
        filled_ &= 7;
    }
    // The last bits; the bytes end with them.
    void finish() {
        expect(64);
        flush();
        if (filled_ > 0) ++used_;
        out_.resize(used_);
    }

  private:
    Bytes& out_;
    std::size_t used_;
    std::uint64_t pending_ = 0;
    int filled_ = 0; // below 8 after a flush
};

// Literals and repetitions by one code.
class CodeWriter {
  public:
    CodeWriter(Bytes& out, const std::vector<std::uint8_t>& lengths) : bits_(out) {
        const std::vector<HuffmanWord> words = huffman_words(lengths);
        for (std::size_t s = 0; s < 256; ++s)
            literals_[s] = {words[s].bits, words[s].length};
        for (std::size_t n = kShortestRepetition; n <= kLongestRepetition; ++n) {
            const LengthCode& code = kLengthCodes[n];
            const HuffmanWord& word = words[code.symbol];
            // The distance 1 is one bit, 0, behind.
            repetitions_[n] = {word.bits | std::uint32_t{code.extra} << word.length,
                               static_cast<std::uint32_t>(word.length + code.extra_bits + 1)};
        }
        end_ = {words[kEnd].bits, words[kEnd].length};
    }
    BitWriter& bits() { return bits_; }

    void expect(std::uint64_t bytes, std::uint64_t repetitions) {
        bits_.expect(bytes * kLongestWord + repetitions * kLongestRepeated);
    }
    void literals(const std::uint8_t* p, int n) {
        for (; n >= 4; n -= 4, p += 4) {
            for (int k = 0; k < 4; ++k)
                put(literals_[p[k]]);
            bits_.flush();
        }
        for (int k = 0; k < n; ++k)
            put(literals_[p[k]]);
        bits_.flush();
    }
    void repeat(int n) {
        put(repetitions_[static_cast<std::size_t>(n)]);
        bits_.flush();
    }
    void finish() {
        bits_.expect(64);
        put(end_);
        bits_.finish();
    }

  private:
    struct Word {
        std::uint32_t bits = 0, length = 0;
    };
    void put(const Word& word) { bits_.put(word.bits, static_cast<int>(word.length)); }

    BitWriter bits_;
    std::array<Word, 256> literals_;
    std::array<Word, kLongestRepetition + 1> repetitions_;
    Word end_;
};

// Adler-32, RFC 1950: a is 1 and the sum of all bytes, b the sum of all a on the way. 64 bits hold
// many rows before the remainders have to be taken.
struct Adler {
    std::uint64_t a = 1, b = 0;
    std::uint32_t value() {
        reduce();
        return static_cast<std::uint32_t>(b << 16 | a);
    }
    void reduce() {
        a %= 65521;
        b %= 65521;
    }
};

constexpr std::array<std::int16_t, kBlock> kWeights = [] {
    std::array<std::int16_t, kBlock> weights{};
    for (int i = 0; i < kBlock; ++i)
        weights[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(kBlock - i);
    return weights;
}();

// n bytes, with zeros up to a whole block behind them.
MW_CLONES void add_to(Adler& adler, const std::uint8_t* p, int n) {
    std::uint64_t a = adler.a, b = adler.b;
    int left = n;
    for (; left > 0; left -= kBlock, p += kBlock) {
        std::int32_t sum = 0, weighted = 0;
        for (std::size_t i = 0; i < kBlock; ++i)
            sum += p[i];
        for (std::size_t i = 0; i < kBlock; ++i)
            weighted += std::int16_t{p[i]} * kWeights[i];
        b += kBlock * a + static_cast<std::uint64_t>(weighted);
        a += static_cast<std::uint64_t>(sum);
    }
    adler.a = a;
    adler.b = b - static_cast<std::uint64_t>(-left) * a; // the zeros are not part of it
}

MW_CLONES void subtract(const std::uint8_t* row, const std::uint8_t* above, int n,
                        std::uint8_t* out) {
    for (int i = 0; i < n; ++i)
        out[i] = static_cast<std::uint8_t>(row[i] - above[i]);
}

// One row as it is sent: its filter, then the filtered bytes. Room for whole blocks behind and the
// byte before in front.
class FilteredRow {
  public:
    explicit FilteredRow(int width)
        : width_(width), bytes_(static_cast<std::size_t>(width) + 2 + kBlock) {}

    int size() const { return width_ + 1; }
    const std::uint8_t* data() const { return bytes_.data() + 1; }
    std::uint8_t last() const { return bytes_[static_cast<std::size_t>(size())]; }

    // `before`: what came before this row.
    void make(image::ImageView picture, int y, bool up, std::uint8_t before) {
        bytes_[0] = before;
        bytes_[1] = up ? 2 : 0;
        const auto* row = picture.row<std::uint8_t>(y);
        if (up && y > 0)
            subtract(row, picture.row<std::uint8_t>(y - 1), width_, bytes_.data() + 2);
        else
            std::memcpy(bytes_.data() + 2, row, static_cast<std::size_t>(width_));
        std::memset(bytes_.data() + 2 + width_, 0, kBlock);
    }

  private:
    int width_;
    std::vector<std::uint8_t> bytes_;
};

template <class Reader>
void read_row(Reader& reader, const FilteredRow& row) {
    for (int x = 0; x < row.size(); x += kBlock)
        reader.block(row.data() + x, std::min(kBlock, row.size() - x));
}

Census census_of(image::ImageView picture, bool up) {
    Census census;
    RunReader reader(census);
    FilteredRow row(picture.size.width);
    const int step = picture.size.height >= kLeastSample * kSampleStep
                         ? kSampleStep
                         : std::max(1, picture.size.height / kLeastSample);
    std::uint8_t before = 1; // no filter byte
    for (int y = step / 2; y < picture.size.height; y += step) {
        row.make(picture, y, up, before);
        read_row(reader, row);
        before = row.last();
    }
    reader.finish(before);
    // What was not seen may come all the same.
    for (std::uint32_t& count : census.counts)
        count = 16 * count + 1;
    return census;
}

// What the sample would take, in bits.
std::uint64_t cost(const Census& census, const std::vector<std::uint8_t>& lengths) {
    std::uint64_t bits = 16 * census.extra_bits;
    for (std::size_t s = 0; s < kSymbols; ++s)
        bits += std::uint64_t{census.counts[s]} * lengths[s];
    return bits;
}

// One final block, and its code by the lengths, RFC 1951, 3.2.7.
void send_code(BitWriter& bits, const std::vector<std::uint8_t>& lengths) {
    bits.expect(4096 + kSymbols * 16);
    const auto send = [&](std::uint32_t value, int count) {
        bits.put(value, count);
        bits.flush();
    };
    send(0x0178, 16); // zlib: 32 KiB window, the quickest method
    send(1, 1);
    send(2, 2);
    send(kSymbols - 257, 5);
    send(0, 5); // one distance
    std::array<std::uint32_t, 19> counts;
    counts.fill(1);
    for (const std::uint8_t length : lengths)
        counts[length] += 16;
    const std::vector<std::uint8_t> meta = huffman_lengths(counts, 7);
    constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                     11, 4,  12, 3, 13, 2, 14, 1, 15};
    send(19 - 4, 4);
    for (const std::uint8_t length : kOrder)
        send(meta[length], 3);
    const std::vector<HuffmanWord> words = huffman_words(meta);
    for (const std::uint8_t length : lengths)
        send(words[length].bits, words[length].length);
    send(words[1].bits, words[1].length); // of the distance 1
}

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

// The zlib stream of all rows.
void append_pixels(Bytes& out, image::ImageView picture) {
    const Census plain = census_of(picture, false), upwards = census_of(picture, true);
    const auto plain_lengths = huffman_lengths(plain.counts, kLongestWord);
    const auto up_lengths = huffman_lengths(upwards.counts, kLongestWord);
    const bool up = cost(upwards, up_lengths) <= cost(plain, plain_lengths);
    const std::vector<std::uint8_t>& lengths = up ? up_lengths : plain_lengths;

    CodeWriter writer(out, lengths);
    send_code(writer.bits(), lengths);
    RunReader reader(writer);
    FilteredRow row(picture.size.width);
    Adler adler;
    std::uint8_t before = 255; // no filter byte
    for (int y = 0; y < picture.size.height; ++y) {
        row.make(picture, y, up, before);
        read_row(reader, row);
        add_to(adler, row.data(), row.size());
        adler.reduce(); // a row of 2^20 pixels stays below 2^50
        before = row.last();
    }
    reader.finish(before);
    writer.finish();
    append_number(out, adler.value());
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
    append_pixels(out, coverage);
    close_chunk(out, start);
    append(out, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
    return out;
}

} // namespace mw::codec
