#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "codec/decode_tiff.h"

namespace mw::codec {
namespace {

constexpr int kMaxPages = 1000;
constexpr std::uint64_t kReduced = 1, kMask = 4; // bits of NewSubfileType
constexpr std::uint16_t kPhotoshopLayers = 37724, kDngVersion = 50706;

bool is_raw_photo(const TiffStructure& tiff, const TiffDirectory& first, bool full_page) {
    constexpr std::uint64_t kColorFilter = 32803, kLinearRaw = 34892;
    const auto photometric = tiff.number(first, TIFFTAG_PHOTOMETRIC).value_or(0);
    return first.find(kDngVersion) || photometric == kColorFilter || photometric == kLinearRaw ||
           (!full_page && first.find(TIFFTAG_SUBIFD) && first.find(TIFFTAG_MAKE));
}

} // namespace

Result<TiffPage> choose_tiff_page(const TiffStructure& tiff, Decoded& out) {
    const auto first = tiff.first();
    if (!first) return damaged("is a damaged TIFF: its directory is missing");
    std::vector<std::uint64_t> seen;
    std::optional<TiffPage> chosen;
    int full = 0, index = 0;
    for (auto page = first; page; ++index) {
        if ((tiff.number(*page, TIFFTAG_SUBFILETYPE).value_or(0) & (kReduced | kMask)) == 0) {
            ++full;
            if (!chosen) chosen = TiffPage{*page, index};
        }
        const std::uint64_t next = page->next;
        if (next == 0) break;
        if (std::ranges::find(seen, next) != seen.end() || index >= kMaxPages) {
            out.warnings.emplace_back(
                "The list of pages is damaged or has no end; the first page is shown.");
            full = std::min(full, 1);
            break;
        }
        seen.push_back(next);
        page = tiff.directory(next);
        if (!page)
            out.warnings.emplace_back("The list of pages is damaged; the first page is shown.");
    }
    if (is_raw_photo(tiff, *first, chosen.has_value()))
        return fail(ErrorCode::unsupported,
                    "is a camera's raw photo, which is not supported; develop it to 16-bit TIFF");
    if (full > 1)
        out.warnings.push_back(
            fmt::format("A file of {} pages; the first is shown, and written alone.", full));
    if (!chosen) chosen = TiffPage{*first, 0};
    return std::move(*chosen);
}

void read_tiff_metadata(const TiffStructure& tiff, const TiffDirectory& page, const TiffIo& io,
                        int color_channels, Decoded& out) {
    if (const TiffEntry* e = page.find(TIFFTAG_ICCPROFILE)) keep_icc(out, e->value, color_channels);
    if (const TiffEntry* e = page.find(TIFFTAG_XMLPACKET)) keep_xmp(out, e->value);
    keep_exif(out, exif_of_tiff(tiff, page));
    if (page.find(kPhotoshopLayers))
        out.warnings.emplace_back(
            "Photoshop's layers are not shown and not kept; the flat picture is.");
    float x = 0, y = 0;
    std::uint16_t unit = RESUNIT_INCH;
    TIFFGetFieldDefaulted(io.get(), TIFFTAG_RESOLUTIONUNIT, &unit);
    if (!TIFFGetField(io.get(), TIFFTAG_XRESOLUTION, &x)) return;
    if (!TIFFGetField(io.get(), TIFFTAG_YRESOLUTION, &y)) y = x;
    if (!std::isfinite(x) || !std::isfinite(y) || x <= 0 || y <= 0) return;
    if (std::abs(x - y) > 0.001f * std::max(x, y))
        out.warnings.emplace_back(
            "The file says that its pixels are not square; they are shown square.");
    if (unit == RESUNIT_INCH) out.metadata.dots_per_inch = x;
    if (unit == RESUNIT_CENTIMETER) out.metadata.dots_per_inch = x * 2.54;
}

} // namespace mw::codec
