// Photoshop documents (Adobe's file format specification): the merged picture, grey, RGB and
// palette, 8 and 16 bit.
#include <fmt/format.h>
#include <algorithm>

#include "codec/decoder.h"
#include "codec/input_pages.h"
#include "codec/psd_white.h"

namespace mw::codec {
namespace {

constexpr const char* kModes[] = {"bitmap", "greyscale", "palette",      "RGB",     "CMYK",
                                  "mode 5", "mode 6",    "multichannel", "duotone", "Lab"};

struct Header {
    int channels = 0;
    std::uint32_t width = 0, height = 0;
    int depth = 0, mode = 0;
};

Result<Header> read_header(ByteReader& r) {
    Header h;
    const int version = r.be16();
    if (version == 2)
        return fail(ErrorCode::unsupported,
                    "is a large Photoshop document (PSB), which is not supported yet; export it as "
                    "16-bit PNG");
    r.take(6);
    h.channels = r.be16();
    h.height = r.be32();
    h.width = r.be32();
    h.depth = r.be16();
    h.mode = r.be16();
    if (!r.ok() || version != 1 || h.channels < 1 || h.channels > 56 || h.mode > 9)
        return damaged("is a damaged Photoshop document: its header makes no sense");
    if (h.mode != 1 && h.mode != 2 && h.mode != 3)
        return fail(ErrorCode::unsupported,
                    fmt::format("is a Photoshop document in {} mode, which is not supported yet; "
                                "convert it to RGB (Image > Mode > RGB) and save it again",
                                kModes[h.mode]));
    if ((h.depth != 8 && h.depth != 16) || (h.mode == 2 && h.depth != 8))
        return fail(ErrorCode::unsupported,
                    fmt::format("is a Photoshop document with {} bits a channel, only 8 and 16 are "
                                "supported; convert it (Image > Mode > 16 Bits) and save it again",
                                h.depth));
    if (h.channels < (h.mode == 3 ? 3 : 1))
        return damaged("is a damaged Photoshop document: colour channels are missing");
    return h;
}

// Image resources: what we carry along, and whether there is a merged picture at all.
bool read_resources(ByteSpan resources, int color_channels, Decoded& out) {
    bool merged = true;
    ByteReader r(resources);
    while (r.left() >= 12) {
        if (!starts_with(resources.subspan(r.at()), "8BIM")) break;
        r.take(4);
        const int id = r.be16();
        const int name = r.u8();
        r.take(static_cast<std::size_t>(name | 1)); // with its length, even
        const std::uint32_t size = r.be32();
        const ByteSpan data = r.take(size);
        if (!r.ok()) break;
        if (size & 1) r.skip(1);
        ByteReader d(data);
        switch (id) {
            case 1005:
                if (const std::uint32_t dpi = d.be32(); dpi > 0)
                    out.metadata.dots_per_inch = dpi / 65536.0;
                break;
            case 1039:
                keep_icc(out, data, color_channels);
                break;
            case 1057:
                d.be32();
                merged = d.u8() != 0 || !d.ok();
                break;
            case 1058:
                keep_exif(out, data); // orientation 1: Photoshop turned the pixels
                break;
            case 1060:
                keep_xmp(out, data);
                break;
            default:
                break;
        }
    }
    return merged;
}

// The first extra channel is the picture's transparency when the layer count is negative; else it
// is a saved selection. The layers of a 16-bit document stand in a block of their own.
bool has_merged_alpha(ByteSpan section) {
    ByteReader r(section);
    const std::uint32_t size = r.be32();
    if (size > 0) {
        const auto count = static_cast<std::int16_t>(r.be16());
        return r.ok() && count < 0;
    }
    r.skip(r.be32()); // the global mask
    while (r.ok() && r.left() >= 12) {
        const ByteSpan head = r.take(8);
        const std::uint32_t length = r.be32();
        if (!starts_with(head, "8BIM") && !starts_with(head, "8B64")) return false;
        if (starts_with(head.subspan(4), "Lr16")) {
            const auto count = static_cast<std::int16_t>(r.be16());
            return r.ok() && count < 0;
        }
        r.skip((std::size_t{length} + 3) / 4 * 4);
    }
    return false;
}

// PackBits: one row from exactly `packed`.
bool unpack(ByteSpan packed, std::span<std::uint8_t> row) {
    ByteReader r(packed);
    std::size_t at = 0;
    while (at < row.size()) {
        const int n = static_cast<std::int8_t>(r.u8());
        if (!r.ok()) return false;
        if (n == -128) continue;
        const std::size_t count =
            n >= 0 ? static_cast<std::size_t>(n) + 1 : static_cast<std::size_t>(1 - n);
        if (count > row.size() - at) return false;
        if (n >= 0) {
            const ByteSpan run = r.take(count);
            if (!r.ok()) return false;
            std::copy_n(chars(run), count, row.data() + at);
        } else
            std::fill_n(row.data() + at, count, r.u8());
        at += count;
    }
    return r.ok();
}

template <class T>
T sample(const std::uint8_t* row, int x) {
    if constexpr (sizeof(T) == 1)
        return row[x];
    else
        return static_cast<T>(row[2 * x] << 8 | row[2 * x + 1]);
}

// One channel's row into place. A palette gives three samples at once.
template <class T>
void place(const std::uint8_t* row, int channel, T* target, int channels, int width,
           const std::uint8_t* palette) {
    for (int x = 0; x < width; ++x, target += channels)
        if (palette)
            for (int c = 0; c < 3; ++c)
                target[c] = static_cast<T>(palette[256 * c + row[x]]);
        else
            target[channel] = sample<T>(row, x);
}

template <class T>
void remove_white(image::ImageSpan image) {
    for (int y = 0; y < image.size.height; ++y)
        off_white(image.row<T>(y), image.size.width, image.format.channels);
}

Status read_planes(ByteReader& r, const Header& h, const std::uint8_t* palette,
                   image::ImageSpan target) {
    const int compression = r.be16();
    if (!r.ok()) return damaged("is cut off before its picture; copy or download it again");
    if (compression > 1)
        return fail(ErrorCode::unsupported,
                    "is a Photoshop document whose merged picture is ZIP-packed, which is not "
                    "supported yet; export it as PNG");
    const int width = target.size.width, height = target.size.height;
    const std::size_t row_bytes =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(h.depth / 8);
    ByteReader lengths(r.take(compression ? std::size_t{2} * static_cast<std::size_t>(h.channels) *
                                                static_cast<std::size_t>(height)
                                          : 0));
    const int planes = palette ? target.format.channels - 2 : target.format.channels;
    std::vector<std::uint8_t> unpacked(row_bytes);
    for (int plane = 0; plane < planes; ++plane)
        for (int y = 0; y < height; ++y) {
            const ByteSpan data = r.take(compression ? lengths.be16() : row_bytes);
            if (!r.ok() || !lengths.ok())
                return damaged("is cut off: pixels are missing; copy or download it again");
            input_went_by(data.size());
            const std::uint8_t* row = chars(data);
            if (compression) {
                if (!unpack(data, unpacked))
                    return damaged(
                        "is a damaged Photoshop document: its pixel data cannot be unpacked");
                row = unpacked.data();
            }
            const bool colors = palette && plane == 0;
            const int channel = palette && plane == 1 ? 3 : plane;
            if (h.depth == 16)
                place(row, channel, target.row<std::uint16_t>(y), target.format.channels, width,
                      nullptr);
            else
                place(row, channel, target.row<std::uint8_t>(y), target.format.channels, width,
                      colors ? palette : nullptr);
        }
    return {};
}

} // namespace

Result<Decoded> decode_psd(ByteSpan file, Canvas& canvas) {
    ByteReader r(file, 4);
    auto header = read_header(r);
    if (!header) return tl::unexpected(header.error());
    const Header& h = *header;
    const int colors = h.mode == 1 ? 1 : 3, color_planes = h.mode == 3 ? 3 : 1;
    image::PixelFormat format{colors,
                              h.depth == 16 ? image::SampleType::u16 : image::SampleType::u8};
    if (Status s = canvas.check(h.width, h.height, format); !s) return tl::unexpected(s.error());
    const ByteSpan mode_data = r.take(r.be32());
    Decoded out;
    out.source_bits = h.depth;
    const bool merged = read_resources(r.take(r.be32()), colors, out);
    const ByteSpan layers = r.take(r.be32());
    if (!r.ok() || (h.mode == 2 && mode_data.size() < 768))
        return damaged("is cut off or damaged: its sections are longer than the file");
    if (!merged)
        return fail(ErrorCode::unsupported,
                    "is a Photoshop document saved without a merged picture; save it again with "
                    "\"Maximise compatibility\", or export a PNG");
    const bool alpha = h.channels > color_planes && has_merged_alpha(layers);
    if (alpha) ++format.channels;
    auto target = canvas.create(h.width, h.height, format);
    if (!target) return tl::unexpected(target.error());
    if (Status s = read_planes(r, h, h.mode == 2 ? chars(mode_data) : nullptr, *target); !s)
        return tl::unexpected(s.error());
    if (alpha && h.depth == 16) remove_white<std::uint16_t>(*target);
    if (alpha && h.depth == 8) remove_white<std::uint8_t>(*target);
    if (!layers.empty())
        out.warnings.emplace_back(
            "A Photoshop document; its merged picture is shown, layers are not kept.");
    return out;
}

} // namespace mw::codec
