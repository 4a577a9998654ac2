#include "provider/base64.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define MW_BASE64_AVX2 1
#endif

namespace mw::provider {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    for (auto& v : values)
        v = kNone;
    for (std::uint8_t i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(kAlphabet[i])] = i;
    return values;
}
constexpr auto kValues = make_values();

std::uint32_t value(char c) {
    return kValues[static_cast<unsigned char>(c)];
}

// Whole groups of four without padding, from `text` to `out`; how many characters were taken
// before the end or the first that does not belong.
std::size_t decode_scalar(const char* text, std::size_t size, std::byte* out) {
    std::size_t i = 0;
    for (; i + 4 <= size; i += 4, out += 3) {
        const std::uint32_t a = value(text[i]), b = value(text[i + 1]), c = value(text[i + 2]),
                            d = value(text[i + 3]);
        if (((a | b | c | d) & 0xc0) != 0) break;
        const std::uint32_t all = (a << 18) | (b << 12) | (c << 6) | d;
        out[0] = static_cast<std::byte>(all >> 16);
        out[1] = static_cast<std::byte>(all >> 8);
        out[2] = static_cast<std::byte>(all);
    }
    return i;
}

#ifdef MW_BASE64_AVX2
// 32 characters to 24 bytes a turn, classifying by nibbles: W. Mula and D. Lemire, "Faster Base64
// Encoding and Decoding Using AVX2 Instructions", ACM TWEB 2018. Writes 32 bytes of which 24
// count, so it stops 12 bytes before the end of the room for `size` characters.
__attribute__((target("avx2"))) std::size_t decode_avx2(const char* text, std::size_t size,
                                                        std::byte* out) {
    const __m256i low_table =
        _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A,
                         0x1B, 0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                         0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i high_table =
        _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10,
                         0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
                         0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m256i roll_table =
        _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 19, 4,
                         -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i slash = _mm256_set1_epi8(0x2f);
    const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
                                           2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1);
    std::size_t i = 0;
    for (; i + 48 <= size; i += 32, out += 24) {
        __m256i in = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
        const __m256i high = _mm256_and_si256(_mm256_srli_epi32(in, 4), slash);
        const __m256i low = _mm256_and_si256(in, slash);
        const __m256i bad = _mm256_and_si256(_mm256_shuffle_epi8(low_table, low),
                                             _mm256_shuffle_epi8(high_table, high));
        if (!_mm256_testz_si256(bad, bad)) break;
        const __m256i roll =
            _mm256_shuffle_epi8(roll_table, _mm256_add_epi8(_mm256_cmpeq_epi8(in, slash), high));
        in = _mm256_add_epi8(in, roll);
        const __m256i pairs = _mm256_maddubs_epi16(in, _mm256_set1_epi32(0x01400140));
        __m256i packed = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
        packed = _mm256_shuffle_epi8(packed, order);
        packed = _mm256_permutevar8x32_epi32(packed, join);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), packed);
    }
    return i;
}
#endif

std::size_t decode_groups(const char* text, std::size_t size, std::byte* out) {
    std::size_t i = 0;
#ifdef MW_BASE64_AVX2
    static const bool avx2 = __builtin_cpu_supports("avx2");
    if (avx2) i = decode_avx2(text, size, out);
#endif
    return i + decode_scalar(text + i, size - i, out + i / 4 * 3);
}

} // namespace

bool Base64Decoder::feed(std::string_view text, Bytes& out) {
    if (failed_) return false;
    const auto push = [&](char c) {
        if (padded_ && (c != '=' || pending_ == 0)) return false;
        if (c == '=') {
            if (pending_ < 2) return false;
            padded_ = true;
        } else if (value(c) == kNone) {
            return false;
        }
        quad_[static_cast<std::size_t>(pending_++)] = c;
        if (pending_ < 4) return true;
        pending_ = 0;
        const int filled = quad_[3] != '=' ? 4 : quad_[2] != '=' ? 3 : 2;
        std::uint32_t all = 0;
        for (std::size_t k = 0; k < 4; ++k)
            all = (all << 6) | (quad_[k] == '=' ? 0 : value(quad_[k]));
        if ((filled == 3 && (all & 0xff) != 0) || (filled == 2 && (all & 0xffff) != 0))
            return false;
        for (int k = 0; k < filled - 1; ++k)
            out.push_back(static_cast<std::byte>(all >> (16 - 8 * k)));
        return true;
    };
    std::size_t i = 0;
    while (i < text.size() && !failed_) {
        if (pending_ == 0 && !padded_ && text.size() - i >= 4) {
            const std::size_t before = out.size(), left = text.size() - i;
            out.resize(before + left / 4 * 3);
            const std::size_t taken = decode_groups(text.data() + i, left, out.data() + before);
            out.resize(before + taken / 4 * 3);
            i += taken;
            characters_ += taken;
            if (i == text.size()) break;
        }
        if (!push(text[i])) {
            failed_ = true;
            break;
        }
        ++i;
        ++characters_;
    }
    return !failed_;
}

bool decode_base64(std::string_view text, Bytes& out) {
    Base64Decoder decoder;
    out.reserve(out.size() + text.size() / 4 * 3 + 3);
    return decoder.feed(text, out) && decoder.finish();
}

std::string encode_base64(std::span<const std::byte> bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t all = 0;
        for (std::size_t k = 0; k < 3; ++k)
            all = (all << 8) | (k < n ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= n ? kAlphabet[(all >> (18 - 6 * k)) & 63] : '=';
    }
    return out;
}

} // namespace mw::provider
