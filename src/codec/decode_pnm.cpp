// Netpbm (PBM, PGM, PPM, plain and raw, 8 and 16 bit) and PFM.
#include <fmt/format.h>
#include <bit>
#include <cmath>
#include <string>

#include "codec/decoder.h"
#include "codec/linear_space.h"

namespace mw::codec {
namespace {

// White space and comments, then what stands before the next white space.
std::string token(ByteReader& r, bool one_digit = false) {
    std::string text;
    while (r.left() > 0) {
        const char c = static_cast<char>(r.u8());
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (space && !text.empty()) break;
        if (space) continue;
        if (c == '#') {
            while (r.left() > 0 && r.u8() != '\n') {
            }
            if (!text.empty()) break;
            continue;
        }
        text += c;
        if (one_digit || text.size() > 15) break;
    }
    return text;
}

// -1 when it is no number of at most nine digits.
std::int64_t number(ByteReader& r, bool one_digit = false) {
    const std::string text = token(r, one_digit);
    if (text.empty() || text.size() > 10) return -1;
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

tl::unexpected<Error> cut_off() {
    return damaged("is cut off: pixels are missing; copy or download it again");
}

Result<Decoded> decode_pfm(ByteReader& r, bool color, Canvas& canvas) {
    const std::int64_t width = number(r), height = number(r);
    const double scale = std::strtod(token(r).c_str(), nullptr);
    if (width < 0 || height < 0 || scale == 0 || !std::isfinite(scale))
        return damaged("is a damaged PFM: its header makes no sense");
    auto target = canvas.create(width, height, color ? image::kRgbF : image::kGrayF);
    if (!target) return tl::unexpected(target.error());
    const auto samples = static_cast<std::size_t>(target->size.width) * (color ? 3 : 1);
    if (r.left() / 4 < samples * static_cast<std::size_t>(height)) return cut_off();
    for (int y = target->size.height - 1; y >= 0; --y) { // bottom to top
        float* row = target->row<float>(y);
        for (std::size_t i = 0; i < samples; ++i)
            row[i] = std::bit_cast<float>(scale < 0 ? r.le32() : r.be32());
    }
    Decoded out;
    out.source_bits = 32;
    out.color = linear_rec709();
    return out;
}

} // namespace

Result<Decoded> decode_pnm(ByteSpan file, Canvas& canvas) {
    ByteReader r(file, 1);
    const char kind = static_cast<char>(r.u8());
    if (kind == 'f' || kind == 'F') return decode_pfm(r, kind == 'F', canvas);
    const bool plain = kind <= '3', bitmap = kind == '1' || kind == '4',
               color = kind == '3' || kind == '6';
    const std::int64_t width = number(r), height = number(r), top = bitmap ? 1 : number(r);
    if (width < 0 || height < 0 || top < 1 || top > 65535)
        return damaged("is a damaged PNM: its header makes no sense");
    const bool wide = top > 255;
    const image::PixelFormat format{color ? 3 : 1,
                                    wide ? image::SampleType::u16 : image::SampleType::u8};
    if (Status s = canvas.check(width, height, format); !s) return tl::unexpected(s.error());
    const auto samples = static_cast<std::size_t>(width) * (color ? 3 : 1);
    const std::size_t row_bytes = bitmap ? (samples + 7) / 8 : samples * (wide ? 2 : 1);
    // Before memory is asked for: a plain sample takes a byte at least.
    if (r.left() < (plain ? samples : row_bytes) * static_cast<std::size_t>(height))
        return cut_off();
    auto target = canvas.create(width, height, format);
    if (!target) return tl::unexpected(target.error());
    const auto full = static_cast<std::uint64_t>(wide ? 65535 : 255),
               maximum = static_cast<std::uint64_t>(top);
    bool over = false;
    for (int y = 0; y < target->size.height; ++y) {
        unsigned bits = 0;
        for (std::size_t i = 0; i < samples; ++i) {
            std::int64_t value = 0;
            if (plain)
                value = number(r, bitmap);
            else if (bitmap) {
                bits = i % 8 == 0 ? r.u8() : bits << 1;
                value = bits >> 7 & 1;
            } else
                value = wide ? r.be16() : r.u8();
            if (value < 0)
                return damaged("is a damaged PNM: a sample is no number, or samples are missing");
            if (bitmap) value = 1 - std::min<std::int64_t>(value, 1); // 1 is black
            if (value > top) {
                over = true;
                value = top;
            }
            const auto scaled = (static_cast<std::uint64_t>(value) * full + maximum / 2) / maximum;
            if (wide)
                target->row<std::uint16_t>(y)[i] = static_cast<std::uint16_t>(scaled);
            else
                target->row<std::uint8_t>(y)[i] = static_cast<std::uint8_t>(scaled);
        }
    }
    Decoded out;
    out.source_bits = static_cast<int>(std::bit_width(maximum));
    if (over)
        out.warnings.emplace_back(
            "Some samples are above the maximum that the header names; they were clipped.");
    return out;
}

} // namespace mw::codec
