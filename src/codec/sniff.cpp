#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "codec/decoder.h"

namespace mw::codec {
namespace {

using namespace std::string_view_literals;

std::vector<std::pair<std::string, DecodeFunction>>& test_decoders() {
    static std::vector<std::pair<std::string, DecodeFunction>> list;
    return list;
}

Sniffed refuse(ErrorCode code, std::string why) {
    return {FileFormat::unknown, nullptr, {code, std::move(why)}};
}

Sniffed not_yet(std::string_view name, std::string_view way_out) {
    return refuse(ErrorCode::unsupported,
                  fmt::format("is {}, which is not supported yet; {}", name, way_out));
}

bool is_pnm(ByteSpan f) {
    if (f.size() < 3 || f[0] != std::byte{'P'}) return false;
    const char kind = static_cast<char>(f[1]), next = static_cast<char>(f[2]);
    return ((kind >= '1' && kind <= '6') || kind == 'f' || kind == 'F') &&
           (next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == '#');
}

// TGA has no magic, so every field of its header must make sense.
bool is_tga(ByteSpan f) {
    if (f.size() < 19) return false;
    ByteReader r(f, 1);
    const int map = r.u8(), type = r.u8();
    r.skip(2);
    const int map_length = r.le16(), map_bits = r.u8();
    r.skip(4);
    const int width = r.le16(), height = r.le16(), bits = r.u8(), descriptor = r.u8();
    if (width == 0 || height == 0 || (descriptor & 0xc0) != 0 || (descriptor & 15) > 8)
        return false;
    switch (type) {
        case 1:
        case 9:
            return map == 1 && map_length > 0 && bits == 8 &&
                   (map_bits == 15 || map_bits == 16 || map_bits == 24 || map_bits == 32);
        case 2:
        case 10:
            return map <= 1 && (bits == 15 || bits == 16 || bits == 24 || bits == 32);
        case 3:
        case 11:
            return map == 0 && (bits == 8 || bits == 16);
        default:
            return false;
    }
}

Sniffed sniff_iso_media(ByteSpan f) {
    const auto brand = f.subspan(8);
    if (starts_with(brand, "avif") || starts_with(brand, "avis"))
        return not_yet("an AVIF picture", "export it as PNG");
    for (const auto b : {"heic"sv, "heix"sv, "hevc"sv, "mif1"sv, "msf1"sv, "heim"sv, "heis"sv})
        if (starts_with(brand, b))
            return not_yet("a HEIF picture", "export it as JPEG or PNG, or set the camera to JPEG");
    if (starts_with(brand, "crx ")) return not_yet("a Canon raw photo", "develop it to 16-bit PNG");
    return refuse(ErrorCode::unsupported, "is a film or sound file, not a still picture");
}

Sniffed sniff_text(ByteSpan f) {
    std::string head;
    for (const std::byte b : f.first(std::min<std::size_t>(f.size(), 1024))) {
        const auto c = static_cast<unsigned char>(b);
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') return {};
        if (c < 0x80) head += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    if (head.size() * 2 < std::min<std::size_t>(f.size(), 1024)) return {};
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    const std::string_view text =
        first == std::string::npos ? ""sv : std::string_view(head).substr(first);
    if (text.find("<svg") != text.npos)
        return not_yet("an SVG drawing", "export it as PNG in the size you need");
    if (text.starts_with("<!doctype html") || text.find("<html") != text.npos)
        return refuse(ErrorCode::corrupt,
                      "is a web page (HTML), not a picture; if it was "
                      "downloaded, the server sent an error page instead");
    if (text.starts_with("{") || text.starts_with("["))
        return refuse(ErrorCode::corrupt,
                      "looks like JSON text, not a picture; if it was "
                      "downloaded, the server sent an answer without one");
    return refuse(ErrorCode::corrupt, "is text, not a picture");
}

} // namespace

bool register_test_decoder(std::string_view magic, DecodeFunction decode) {
    test_decoders().emplace_back(magic, decode);
    return true;
}

Sniffed sniff(ByteSpan f) {
    for (const auto& [magic, decode] : test_decoders())
        if (starts_with(f, magic)) return {FileFormat::unknown, decode, {}};
    if (f.empty()) return refuse(ErrorCode::corrupt, "is empty; there is no picture in it");

    if (starts_with(f, "\x89PNG\r\n\x1a\n"sv)) return {FileFormat::png, decode_png, {}};
    if (starts_with(f, "\x89MNG"sv) || starts_with(f, "\x8bJNG"sv))
        return not_yet("an MNG animation", "export it as PNG");
    if (starts_with(f, "\xff\xd8"sv)) return {FileFormat::jpeg, decode_jpeg, {}};
    if (starts_with(f, "RIFF") && f.size() >= 12 && starts_with(f.subspan(8), "WEBP"))
        return {FileFormat::webp, decode_webp, {}};
    if (starts_with(f, "GIF87a") || starts_with(f, "GIF89a"))
        return {FileFormat::gif, decode_gif, {}};
    if (starts_with(f, "8BPS")) return {FileFormat::psd, decode_psd, {}};
    if (starts_with(f, "#?RADIANCE") || starts_with(f, "#?RGBE"))
        return {FileFormat::hdr, decode_hdr, {}};
    if (is_pnm(f)) return {FileFormat::pnm, decode_pnm, {}};
    if (starts_with(f, "BM") && f.size() >= 26) return {FileFormat::bmp, decode_bmp, {}};

    if (starts_with(f, "II*\0"sv) && f.size() >= 10 && starts_with(f.subspan(8), "CR"))
        return not_yet("a Canon raw photo", "develop it to 16-bit TIFF");
    if (starts_with(f, "II*\0"sv) || starts_with(f, "MM\0*"sv) || starts_with(f, "II+\0"sv) ||
        starts_with(f, "MM\0+"sv))
        return {FileFormat::tiff, decode_tiff, {}};
    if (starts_with(f, "\x76\x2f\x31\x01"sv)) return {FileFormat::exr, decode_exr, {}};
    if (f.size() >= 12 && starts_with(f.subspan(4), "ftyp")) return sniff_iso_media(f);
    if (starts_with(f, "\xff\x0a"sv) || starts_with(f, "\0\0\0\x0cJXL "sv))
        return not_yet("a JPEG XL picture", "export it as PNG");
    if (starts_with(f, "\0\0\0\x0cjP  "sv) || starts_with(f, "\xff\x4f\xff\x51"sv))
        return not_yet("a JPEG 2000 picture", "export it as PNG");
    if (starts_with(f, "qoif")) return not_yet("a QOI picture", "export it as PNG");
    if (starts_with(f, "P7\n")) return not_yet("a PAM picture", "export it as PNG");
    if (starts_with(f, "DDS ")) return not_yet("a DDS texture", "export it as PNG");
    if (starts_with(f, "\0\0\1\0"sv) || starts_with(f, "\0\0\2\0"sv)) {
        // A TGA may start like that, too, but an icon says how many pictures it holds.
        if (!is_tga(f)) return not_yet("a Windows icon", "export it as PNG");
    }
    if (starts_with(f, "gimp xcf")) return not_yet("a GIMP project", "export it as PNG in GIMP");
    if (starts_with(f, "%PDF")) return not_yet("a PDF document", "export the page as PNG");
    if (starts_with(f, "%!PS")) return not_yet("a PostScript document", "export the page as PNG");
    if (starts_with(f, "SQLite format 3"))
        return refuse(ErrorCode::corrupt, "is an SQLite database, not a picture");
    if (starts_with(f, "PK\3\4")) // Krita, OpenRaster, Affinity and office files are ZIP inside
        return refuse(ErrorCode::unsupported,
                      "is a ZIP archive (or a document made of one, such as .kra or .ora), not a "
                      "picture; export it as PNG from the program that made it");
    if (starts_with(f, "\x1f\x8b"sv))
        return refuse(ErrorCode::unsupported, "is a gzip archive, not a picture; unpack it first");
    if (starts_with(f,
                    "\x7f"
                    "ELF"sv))
        return refuse(ErrorCode::corrupt, "is a program, not a picture");
    if (Sniffed text = sniff_text(f); !text.refusal.message.empty()) return text;
    if (is_tga(f)) return {FileFormat::tga, decode_tga, {}};

    std::string hex;
    for (const std::byte b : f.first(std::min<std::size_t>(f.size(), 8)))
        hex += fmt::format(" {:02x}", std::to_integer<unsigned>(b));
    return refuse(ErrorCode::corrupt,
                  fmt::format("is not a picture in any known format (its first bytes are{})", hex));
}

} // namespace mw::codec
