#include "codec/provenance.h"

#include <algorithm>

#include "codec/tiff_directory.h"

namespace mw::codec {
namespace {

using namespace std::string_view_literals;

bool contains(ByteSpan bytes, std::string_view what) {
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    return std::string_view(begin, bytes.size()).find(what) != std::string_view::npos;
}

// A link to a manifest that is kept elsewhere.
bool xmp_names_one(ByteSpan xmp) {
    return contains(xmp.first(std::min<std::size_t>(xmp.size(), 1u << 20)), "dcterms:provenance");
}

bool in_png(ByteSpan file) {
    ByteReader r(file, 8);
    for (int chunks = 0; chunks < 10000 && r.left() >= 12; ++chunks) {
        const std::uint32_t size = r.be32();
        const ByteSpan type = r.take(4);
        if (starts_with(type, "IEND")) return false;
        const ByteSpan data = file.subspan(r.at(), std::min<std::size_t>(size, r.left()));
        if (starts_with(type, "caBX")) return true;
        if (starts_with(type, "iTXt") && starts_with(data, "XML:com.adobe.xmp") &&
            xmp_names_one(data))
            return true;
        r.skip(std::size_t{size} + 4);
    }
    return false;
}

bool in_jpeg(ByteSpan file) {
    ByteReader r(file, 2);
    for (int segments = 0; segments < 10000 && r.left() >= 4; ++segments) {
        if (r.u8() != 0xff) return false;
        int marker = r.u8();
        while (marker == 0xff && r.ok())
            marker = r.u8();
        if (marker == 0xda || marker == 0xd9) return false; // pixels from here on
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
        const std::size_t length = r.be16();
        if (length < 2) return false;
        const ByteSpan data = file.subspan(r.at(), std::min(length - 2, r.left()));
        // JPEG XT box: common identifier "JP", then number, sequence, length and type of the box.
        if (marker == 0xeb && starts_with(data, "JP") && data.size() >= 16 &&
            starts_with(data.subspan(12), "jumb") && contains(data, "c2pa"))
            return true;
        if (marker == 0xe1 && starts_with(data, "http://ns.adobe.com/xap/1.0/") &&
            xmp_names_one(data))
            return true;
        r.skip(length - 2);
    }
    return false;
}

bool in_webp(ByteSpan file) {
    ByteReader r(file, 12);
    for (int chunks = 0; chunks < 10000 && r.left() >= 8; ++chunks) {
        const ByteSpan type = r.take(4);
        const std::uint32_t size = r.le32();
        if (starts_with(type, "C2PA")) return true;
        if (starts_with(type, "XMP ") &&
            xmp_names_one(file.subspan(r.at(), std::min<std::size_t>(size, r.left()))))
            return true;
        r.skip(std::size_t{size} + (size & 1));
    }
    return false;
}

bool in_tiff(ByteSpan file) {
    constexpr std::uint16_t kManifest = 52545, kXmp = 700;
    const auto tiff = TiffStructure::open(file);
    const auto first = tiff ? tiff->first() : std::nullopt;
    if (!first) return false;
    if (first->find(kManifest)) return true;
    const TiffEntry* xmp = first->find(kXmp);
    return xmp && xmp_names_one(xmp->value);
}

} // namespace

bool carries_provenance(ByteSpan file) {
    if (starts_with(file, "\x89PNG\r\n\x1a\n"sv)) return in_png(file);
    if (starts_with(file, "\xff\xd8\xff"sv)) return in_jpeg(file);
    if (starts_with(file, "RIFF") && file.size() >= 12 && starts_with(file.subspan(8), "WEBP"))
        return in_webp(file);
    if (starts_with(file, "II") || starts_with(file, "MM")) return in_tiff(file);
    return false;
}

std::string_view provenance_warning() {
    return "Carries Content Credentials (C2PA). A changed picture is not what they vouch for, so "
           "they are not copied; the edit is recorded beside the export.";
}

} // namespace mw::codec
