// TIFF by libtiff: 8, 16 bit and float, grey to RGBA, deflate with predictor; BigTIFF when a TIFF's
// 4 GB could be too few.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "codec/encoders.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"
#include "codec/tiff_strips.h"

namespace mw::codec {
namespace {

constexpr int kDeflateLevel = 5;
constexpr int kStripsAtOnce = 256; // packed in parallel before they are written
constexpr std::uint64_t kStripBytes = 256u << 10;
// Deflate and predictor may make noise larger, by less than this.
constexpr std::uint64_t kTiffEnd = 0xf000'0000;

constexpr TIFFFieldInfo kXpTexts[] = {
    {40091, -1, -3, TIFF_BYTE, FIELD_CUSTOM, 1, 1, const_cast<char*>("XPTitle")},
    {40092, -1, -3, TIFF_BYTE, FIELD_CUSTOM, 1, 1, const_cast<char*>("XPComment")},
    {40093, -1, -3, TIFF_BYTE, FIELD_CUSTOM, 1, 1, const_cast<char*>("XPAuthor")},
    {40094, -1, -3, TIFF_BYTE, FIELD_CUSTOM, 1, 1, const_cast<char*>("XPKeywords")},
    {40095, -1, -3, TIFF_BYTE, FIELD_CUSTOM, 1, 1, const_cast<char*>("XPSubject")},
};

bool set_layout(TIFF* tiff, image::PixelFormat format, Size size) {
    const bool floating = format.type == image::SampleType::f32;
    const int predictor = floating ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL;
    const std::uint16_t unassociated = EXTRASAMPLE_UNASSALPHA;
    const auto row =
        static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(format.bytes());
    const auto rows =
        std::clamp<std::uint64_t>(kStripBytes / row, 1, static_cast<std::uint64_t>(size.height));
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(size.width)) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(size.height)) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8 * image::sample_bytes(format.type)) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, format.channels) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                        floating ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                        format.color_channels() == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE) &&
           TIFFSetField(tiff, TIFFTAG_PREDICTOR, predictor) &&
           TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(rows)) &&
           (!format.has_alpha() || TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &unassociated));
}

// Texts, IPTC and Windows' texts out of EXIF's first directory.
void set_description(TIFF* tiff, const TiffStructure& exif, const TiffDirectory& first) {
    TIFFMergeFieldInfo(tiff, kXpTexts, std::size(kXpTexts));
    for (const TiffEntry& e : first.entries) {
        if (std::ranges::binary_search(descriptive_texts(), e.tag) && e.type == kTiffAscii) {
            const std::string text(reinterpret_cast<const char*>(e.value.data()), e.value.size());
            TIFFSetField(tiff, e.tag, text.c_str());
        } else if (e.tag >= 40091 && e.tag <= 40095 && e.type == kTiffByte) {
            TIFFSetField(tiff, e.tag, static_cast<int>(e.value.size()), e.value.data());
        } else if (e.tag == TIFFTAG_RICHTIFFIPTC) {
            std::vector<std::uint32_t> words; // libtiff has it as numbers, as Photoshop did
            Bytes padded(e.value.begin(), e.value.end());
            padded.resize((padded.size() + 3) / 4 * 4);
            ByteReader r(padded);
            while (r.left() > 0)
                words.push_back(exif.big_endian() ? r.be32() : r.le32());
            TIFFSetField(tiff, e.tag, static_cast<std::uint32_t>(words.size()), words.data());
        }
    }
}

// EXIF and GPS stand before the pixels, where their place is known.
void append_exif(TIFF* tiff, Bytes& out, const TiffStructure& exif, const TiffDirectory& first,
                 bool big_tiff) {
    for (const std::uint16_t pointer : {kExifPointer, kGpsPointer}) {
        if (out.size() % 2) out.push_back({});
        const std::uint64_t offset = out.size();
        const Bytes directory = directory_bytes(exif, first, pointer, offset, big_tiff);
        if (directory.empty()) continue;
        out.insert(out.end(), directory.begin(), directory.end());
        TIFFSetField(tiff, pointer, offset);
    }
}

bool set_metadata(TIFF* tiff, const Metadata& metadata, int color_channels) {
    bool ok = true;
    if (profile_fits(metadata.icc, color_channels))
        ok = TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(metadata.icc.size()),
                          metadata.icc.data());
    if (!metadata.xmp.empty())
        ok = ok &&
             TIFFSetField(tiff, TIFFTAG_XMLPACKET, static_cast<std::uint32_t>(metadata.xmp.size()),
                          metadata.xmp.data());
    if (metadata.dots_per_inch && *metadata.dots_per_inch > 0)
        ok = ok && TIFFSetField(tiff, TIFFTAG_XRESOLUTION, *metadata.dots_per_inch) &&
             TIFFSetField(tiff, TIFFTAG_YRESOLUTION, *metadata.dots_per_inch) &&
             TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    return ok;
}

bool write_pixels(TIFF* tiff, image::ImageView pixels) {
    std::uint32_t rows = 1;
    TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    const auto height = static_cast<int>(rows);
    const int strips = (pixels.size.height + height - 1) / height;
    for (int first = 0; first < strips; first += kStripsAtOnce) {
        const int count = std::min(kStripsAtOnce, strips - first);
        std::vector<Bytes> packed = packed_tiff_strips(pixels, height, first, count,
                                                       TIFFIsBigEndian(tiff) != 0, kDeflateLevel);
        if (packed.empty()) return false;
        for (int i = 0; i < count; ++i) {
            Bytes& strip = packed[static_cast<std::size_t>(i)];
            const auto size = static_cast<tmsize_t>(strip.size());
            if (TIFFWriteRawStrip(tiff, static_cast<std::uint32_t>(first + i), strip.data(),
                                  size) != size)
                return false;
        }
    }
    return true;
}

} // namespace

Result<Bytes> encode_tiff(image::ImageView pixels, const Metadata& metadata,
                          std::optional<bool> big_tiff) {
    const std::uint64_t raw = static_cast<std::uint64_t>(pixels.size.area()) *
                                  static_cast<std::uint64_t>(pixels.format.bytes()) +
                              metadata.icc.size() + metadata.xmp.size() + metadata.exif.size();
    const bool big = big_tiff.value_or(raw > kTiffEnd);
    const auto exif = TiffStructure::open(metadata.exif);
    const auto first = exif ? exif->first() : std::nullopt;
    Bytes out;
    // In the byte order of the EXIF data, which then moves as it is.
    TiffIo io(out, big, exif && exif->big_endian());
    TIFF* tiff = io.get();
    bool ok = tiff && set_layout(tiff, pixels.format, pixels.size) &&
              set_metadata(tiff, metadata, pixels.format.color_channels());
    if (ok && first) {
        set_description(tiff, *exif, *first);
        append_exif(tiff, out, *exif, *first, big);
    }
    ok = ok && write_pixels(tiff, pixels) && TIFFWriteDirectory(tiff);
    if (!ok)
        return fail(ErrorCode::io,
                    fmt::format("The TIFF could not be made ({}); nothing was written.",
                                io.error().empty() ? "not enough memory" : io.error()));
    io.close();
    return out;
}

} // namespace mw::codec
