// TIFF 6.0 and BigTIFF by libtiff.
#include <fmt/format.h>
#include <algorithm>

#include "codec/decode_tiff.h"
#include "codec/decoder.h"
#include "codec/input_pages.h"

namespace mw::codec {
namespace {

constexpr std::uint64_t kTileSlack = 64u << 20;
constexpr std::uint64_t kLargeStrip = 8u << 20;

tl::unexpected<Error> unreadable(const TiffIo& io) {
    return damaged(fmt::format("is a damaged TIFF ({})",
                               io.error().empty() ? "its pixels are not there" : io.error()));
}

tl::unexpected<Error> unsupported(std::string_view what, std::string_view way_out) {
    return fail(ErrorCode::unsupported,
                fmt::format("is a TIFF {}, which is not supported; {}", what, way_out));
}

template <class T = std::uint16_t>
T field(TIFF* tiff, std::uint32_t tag, T missing = 0) {
    T value = missing;
    return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : missing;
}

// What the page says of its size, before libtiff makes tables of it.
Status check_claim(const TiffStructure& structure, const TiffDirectory& page,
                   const Canvas& canvas) {
    const auto width = structure.number(page, TIFFTAG_IMAGEWIDTH),
               height = structure.number(page, TIFFTAG_IMAGELENGTH);
    if (!width || !height) return damaged("is a damaged TIFF: it does not say how large it is");
    const auto clamp = [](std::uint64_t v) {
        return static_cast<std::int64_t>(std::min<std::uint64_t>(v, INT64_MAX));
    };
    if (Status s = canvas.check(clamp(*width), clamp(*height), image::kGray8); !s) return s;
    const auto samples = structure.number(page, TIFFTAG_SAMPLESPERPIXEL).value_or(1);
    if (samples == 0 || samples > 64)
        return unsupported(fmt::format("with {} channels", samples),
                           "export its colours alone as RGB");
    return {};
}

Status check_kind(const TiffLayout& layout, int sample_format) {
    constexpr const char* kRgb = "export it as RGB";
    switch (layout.photometric) {
        case PHOTOMETRIC_MINISWHITE:
        case PHOTOMETRIC_MINISBLACK:
        case PHOTOMETRIC_RGB:
        case PHOTOMETRIC_PALETTE:
        case PHOTOMETRIC_YCBCR:
            break;
        case PHOTOMETRIC_SEPARATED:
            return unsupported("of printing inks (CMYK)", kRgb);
        case PHOTOMETRIC_CIELAB:
        case PHOTOMETRIC_ICCLAB:
        case PHOTOMETRIC_ITULAB:
            return unsupported("of Lab colours", kRgb);
        case PHOTOMETRIC_LOGL:
        case PHOTOMETRIC_LOGLUV:
            return unsupported("of LogLuv colours", "export it as OpenEXR or as 32-bit float RGB");
        case PHOTOMETRIC_MASK:
            return unsupported("that holds only a mask", "export it as greyscale");
        default:
            return unsupported(fmt::format("of colour kind {}", layout.photometric), kRgb);
    }
    const bool palette = layout.photometric == PHOTOMETRIC_PALETTE;
    if (sample_format == SAMPLEFORMAT_IEEEFP) {
        if (layout.bits != 16 && layout.bits != 32 && layout.bits != 64)
            return unsupported(fmt::format("of {}-bit floats", layout.bits),
                               "export it as 32-bit float");
    } else if (sample_format != SAMPLEFORMAT_UINT && sample_format != SAMPLEFORMAT_VOID)
        return unsupported("of signed or complex numbers", "export it as unsigned or as float");
    else if (layout.bits < 1 || (layout.bits > 16 && layout.bits != 32) ||
             (palette && layout.bits > 8))
        return unsupported(fmt::format("of {} bits a sample", layout.bits),
                           "export it with 8 or 16 bits");
    if (palette && layout.floating) return damaged("is a damaged TIFF: a palette of floats");
    if (layout.samples < layout.color_samples())
        return damaged("is a damaged TIFF: it has fewer channels than its colours need");
    return {};
}

void read_alpha(TIFF* tiff, TiffLayout& layout, Decoded& out) {
    std::uint16_t count = 0, *kinds = nullptr;
    if (!TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds)) count = 0;
    const int colors = layout.color_samples();
    const int extra = layout.samples - colors;
    for (int i = 0; i < std::min<int>(count, extra) && layout.alpha_sample < 0; ++i)
        if (kinds[i] == EXTRASAMPLE_ASSOCALPHA || kinds[i] == EXTRASAMPLE_UNASSALPHA) {
            layout.alpha_sample = colors + i;
            layout.premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
        }
    if (count == 0 && extra == 1) {
        layout.alpha_sample = colors;
        out.warnings.emplace_back(
            "The file does not say what its last channel is; it is taken as transparency.");
    }
    const int lost = extra - (layout.alpha_sample >= 0 ? 1 : 0);
    if (lost > 0)
        out.warnings.push_back(fmt::format(
            "{} channel{} beside the colours (masks or inks) {} not shown and not kept.", lost,
            lost == 1 ? "" : "s", lost == 1 ? "is" : "are"));
}

Status read_palette(TIFF* tiff, TiffLayout& layout) {
    std::uint16_t *r = nullptr, *g = nullptr, *b = nullptr;
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &r, &g, &b) || !r || !g || !b)
        return damaged("is a damaged TIFF: its palette is missing");
    bool small = true; // some old writers stored 8-bit values
    for (std::size_t i = 0; i < std::size_t{1} << layout.bits; ++i) {
        layout.palette.push_back({r[i], g[i], b[i]});
        small = small && std::max({r[i], g[i], b[i]}) < 256;
    }
    for (auto& entry : layout.palette)
        for (std::uint16_t& v : entry) {
            if (small) v = static_cast<std::uint16_t>(v * 257);
            layout.palette8 = layout.palette8 && v % 257 == 0;
        }
    if (!layout.palette8 && std::ranges::all_of(layout.palette, [](const auto& entry) {
            return std::ranges::all_of(entry, [](std::uint16_t v) { return v % 256 == 0; });
        })) {
        for (auto& entry : layout.palette) // 8-bit values shifted instead of stretched
            for (std::uint16_t& v : entry)
                v = static_cast<std::uint16_t>((v >> 8) * 257);
        layout.palette8 = true;
    }
    return {};
}

Result<TiffLayout> read_layout(TIFF* tiff, Decoded& out) {
    TiffLayout layout;
    layout.width = field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH);
    layout.height = field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH);
    layout.bits = field(tiff, TIFFTAG_BITSPERSAMPLE, std::uint16_t{1});
    layout.samples = field(tiff, TIFFTAG_SAMPLESPERPIXEL, std::uint16_t{1});
    layout.compression = field(tiff, TIFFTAG_COMPRESSION, std::uint16_t{1});
    layout.planar = field(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
    layout.orientation = field(tiff, TIFFTAG_ORIENTATION);
    if (layout.orientation < 1 || layout.orientation > 8) layout.orientation = 1;
    const int sample_format = field(tiff, TIFFTAG_SAMPLEFORMAT, std::uint16_t{1});
    layout.floating = sample_format == SAMPLEFORMAT_IEEEFP;
    std::uint16_t photometric = 0;
    layout.photometric = TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) ? photometric
                         : layout.samples >= 3                                 ? PHOTOMETRIC_RGB
                                               : PHOTOMETRIC_MINISBLACK;
    if (Status s = check_kind(layout, sample_format); !s) return tl::unexpected(s.error());
    read_alpha(tiff, layout, out);
    out.source_bits = layout.bits;
    if (layout.photometric == PHOTOMETRIC_PALETTE) {
        if (Status s = read_palette(tiff, layout); !s) return tl::unexpected(s.error());
        out.source_bits = layout.palette8 ? 8 : 16;
    }
    return layout;
}

// Strips and tiles alike: blocks of rows, in one plane or in one for each sample.
struct Blocks {
    bool tiled = false;
    std::uint32_t width = 0, height = 0; // of one block
    std::uint64_t bytes = 0, row_bytes = 0;
};

Result<Blocks> read_blocks(TIFF* tiff, const TiffLayout& layout, const TiffIo& io) {
    Blocks b;
    b.tiled = TIFFIsTiled(tiff) != 0;
    if (b.tiled) {
        b.width = field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH);
        b.height = field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH);
        b.bytes = TIFFTileSize64(tiff);
        b.row_bytes = TIFFTileRowSize64(tiff);
    } else {
        b.width = static_cast<std::uint32_t>(layout.width);
        b.height = std::min(field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, UINT32_MAX),
                            static_cast<std::uint32_t>(layout.height));
        b.row_bytes = TIFFScanlineSize64(tiff);
        b.bytes = b.row_bytes * b.height;
    }
    const auto one = static_cast<std::uint64_t>(layout.planar ? 1 : layout.samples);
    const std::uint64_t needed = (b.width * one * static_cast<unsigned>(layout.bits) + 7) / 8;
    if (b.width == 0 || b.height == 0 || b.row_bytes < needed || b.bytes < b.row_bytes * b.height)
        return unreadable(io);
    const std::uint64_t picture =
        (std::uint64_t(layout.width * layout.height) * one * unsigned(layout.bits) + 7) / 8;
    if (b.bytes > 4 * picture + kTileSlack)
        return fail(ErrorCode::too_large,
                    fmt::format("claims tiles of {} x {} pixels, far larger than the picture of {} "
                                "x {}; it is damaged or made to exhaust memory",
                                b.width, b.height, layout.width, layout.height));
    return b;
}

// JPEG's own colours are turned by libjpeg; others, subsampled in TIFF's own way, by libtiff, 8
// bit.
Status read_ycbcr(const TiffIo& io, const TiffLayout& layout, image::ImageSpan target) {
    std::vector<std::uint32_t> raster(static_cast<std::size_t>(layout.width * layout.height));
    if (!TIFFReadRGBAImageOriented(io.get(), static_cast<std::uint32_t>(layout.width),
                                   static_cast<std::uint32_t>(layout.height), raster.data(),
                                   layout.orientation, 1))
        return unreadable(io);
    const std::uint32_t* from = raster.data();
    for (int y = 0; y < target.size.height; ++y) {
        auto* to = target.row<std::uint8_t>(y);
        for (int x = 0; x < target.size.width; ++x, ++from, to += target.format.channels) {
            to[0] = static_cast<std::uint8_t>(TIFFGetR(*from));
            to[1] = static_cast<std::uint8_t>(TIFFGetG(*from));
            to[2] = static_cast<std::uint8_t>(TIFFGetB(*from));
        }
    }
    return {};
}

Status read_pixels(const TiffIo& io, const TiffLayout& layout, Canvas& canvas,
                   image::ImageSpan target, TiffLosses& losses) {
    const auto blocks = read_blocks(io.get(), layout, io);
    if (!blocks) return tl::unexpected(blocks.error());
    const int width = target.size.width, height = target.size.height;
    const auto step_x = static_cast<int>(std::min<std::uint32_t>(blocks->width, INT32_MAX / 2));
    // A strip as large as the picture goes by row, or it would lie in memory beside it.
    const bool by_row = !blocks->tiled && blocks->bytes > kLargeStrip;
    const auto step_y =
        by_row ? 1 : static_cast<int>(std::min<std::uint32_t>(blocks->height, INT32_MAX / 2));
    const int planes = layout.planar ? layout.samples : 1;
    const int samples = layout.planar ? 1 : layout.samples;
    Bytes block(by_row ? blocks->row_bytes : blocks->bytes);
    for (int plane = 0; plane < planes; ++plane)
        for (int y0 = 0; y0 < height; y0 += step_y) {
            for (int x0 = 0; x0 < width; x0 += step_x) {
                const int rows = std::min(step_y, height - y0),
                          columns = std::min(step_x, width - x0);
                const auto x = static_cast<std::uint32_t>(x0), y = static_cast<std::uint32_t>(y0);
                const auto s = static_cast<std::uint16_t>(plane);
                const std::uint64_t needed = blocks->row_bytes * static_cast<std::uint64_t>(rows);
                if (by_row && TIFFReadScanline(io.get(), block.data(), y, s) != 1)
                    return unreadable(io);
                const tmsize_t got =
                    by_row ? static_cast<tmsize_t>(needed)
                    : blocks->tiled
                        ? TIFFReadEncodedTile(io.get(), TIFFComputeTile(io.get(), x, y, 0, s),
                                              block.data(), static_cast<tmsize_t>(blocks->bytes))
                        : TIFFReadEncodedStrip(io.get(), TIFFComputeStrip(io.get(), y, s),
                                               block.data(), static_cast<tmsize_t>(needed));
                if (got < 0 || static_cast<std::uint64_t>(got) < needed) return unreadable(io);
                input_went_by(needed);
                for (int row = 0; row < rows; ++row)
                    place_tiff_row(layout,
                                   block.data() + blocks->row_bytes * static_cast<unsigned>(row),
                                   plane, samples, columns, target, x0, y0 + row, losses);
            }
            if (plane + 1 == planes) canvas.rows_done(std::min(y0 + step_y, height));
        }
    return {};
}

} // namespace

Result<Decoded> decode_tiff(ByteSpan file, Canvas& canvas) {
    const auto structure = TiffStructure::open(file);
    if (!structure) return damaged("is a damaged TIFF: its header makes no sense");
    Decoded out;
    auto page = choose_tiff_page(*structure, out);
    if (!page) return tl::unexpected(page.error());
    if (Status s = check_claim(*structure, page->directory, canvas); !s)
        return tl::unexpected(s.error());
    TiffIo io(file);
    TIFF* tiff = io.get();
    if (!tiff || (page->index > 0 && !TIFFSetDirectory(tiff, static_cast<tdir_t>(page->index))))
        return unreadable(io);
    auto layout = read_layout(tiff, out);
    if (!layout) return tl::unexpected(layout.error());
    if (!TIFFIsCODECConfigured(static_cast<std::uint16_t>(layout->compression)))
        return unsupported(fmt::format("packed by method {}", layout->compression),
                           "export it with LZW or Deflate");
    const bool jpeg = layout->compression == COMPRESSION_JPEG;
    const bool by_libtiff = layout->photometric == PHOTOMETRIC_YCBCR && !jpeg;
    if (layout->photometric == PHOTOMETRIC_YCBCR && layout->bits != 8)
        return unsupported(fmt::format("of YCbCr colours with {} bits", layout->bits),
                           "export it as RGB");
    if (by_libtiff) layout->alpha_sample = -1;
    if (layout->photometric == PHOTOMETRIC_YCBCR && jpeg)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    read_tiff_metadata(*structure, page->directory, io, layout->format().color_channels(), out);
    auto target =
        canvas.create(layout->width, layout->height, layout->format(), layout->orientation);
    if (!target) return tl::unexpected(target.error());
    TiffLosses losses;
    io.forget();
    if (Status s = by_libtiff ? read_ycbcr(io, *layout, *target)
                              : read_pixels(io, *layout, canvas, *target, losses);
        !s)
        return tl::unexpected(s.error());
    if (!io.error().empty()) return unreadable(io); // a decoder that went on after damage
    if (io.warnings() > 0)
        out.warnings.emplace_back("The pixels are slightly damaged; some may be wrong.");
    if (losses.rounded)
        out.warnings.push_back(fmt::format(
            "Samples of {} bits are finer than the 24 bits of a 32-bit float, and were rounded to "
            "that; writing the picture does not bring them back.",
            layout->bits));
    if (layout->premultiplied) {
        unpremultiply(*target);
        out.warnings.emplace_back(
            "The colours were stored multiplied by their transparency; they were divided by it, "
            "which rounds where it is partly transparent.");
    }
    return out;
}

} // namespace mw::codec
