#include <fmt/format.h>

#include "codec/decoder.h"
#include "codec/exif.h"
#include "codec/icc.h"

namespace mw::codec {
namespace {

bool over(Decoded& decoded, std::string_view what, std::size_t size, std::size_t cap) {
    if (size <= cap) return false;
    decoded.warnings.push_back(
        fmt::format("The {} has {} KB, more than the {} KB allowed; it was left out.", what,
                    size / 1024, cap / 1024));
    return true;
}

} // namespace

void keep_icc(Decoded& decoded, ByteSpan icc, int color_channels) {
    if (icc.empty() || over(decoded, "colour profile", icc.size(), kMaxIcc)) return;
    // ICC.1:2022 7.2: size at 0, colour space at 16, 'acsp' at 36; the header has 128 bytes.
    ByteReader reader(icc);
    const std::uint32_t size = reader.be32();
    if (icc.size() < 132 || size > icc.size() || !starts_with(icc.subspan(36), "acsp")) {
        decoded.warnings.emplace_back(
            "The colour profile is damaged and was left out; colours are read as sRGB.");
        return;
    }
    const std::string_view wanted = color_channels == 1 ? "GRAY" : "RGB ";
    if (!starts_with(icc.subspan(16), wanted)) {
        decoded.warnings.emplace_back(
            "The colour profile is for another kind of picture and was left out; colours are read "
            "as sRGB.");
        return;
    }
    decoded.metadata.icc.assign(icc.begin(), icc.end());
    auto [color, warning] = read_icc(icc, color_channels);
    decoded.color = std::move(color);
    if (!warning.empty()) decoded.warnings.push_back(std::move(warning));
}

int keep_exif(Decoded& decoded, ByteSpan exif) {
    if (exif.empty() || over(decoded, "EXIF data", exif.size(), kMaxExif)) return 1;
    if (!looks_like_exif(exif)) {
        decoded.warnings.emplace_back("The EXIF data is damaged and was left out.");
        return 1;
    }
    decoded.metadata.exif.assign(exif.begin(), exif.end());
    const int orientation = exif_orientation(exif);
    reset_exif_orientation(decoded.metadata.exif);
    return orientation;
}

void keep_xmp(Decoded& decoded, ByteSpan xmp) {
    if (xmp.empty() || over(decoded, "XMP data", xmp.size(), kMaxXmp)) return;
    decoded.metadata.xmp.assign(xmp.begin(), xmp.end());
}

} // namespace mw::codec
