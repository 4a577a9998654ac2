#include "codec/exif.h"

#include "codec/byte_reader.h"

namespace mw::codec {
namespace {

constexpr unsigned kOrientationTag = 0x0112, kShort = 3;

struct Place {
    std::size_t offset = 0; // of the two bytes of the value; 0: none
    bool big_endian = false;
};

Place find_orientation(ByteSpan exif) {
    if (!looks_like_exif(exif)) return {};
    const bool big = exif[0] == std::byte{'M'};
    ByteReader reader(exif, 4);
    const auto u16 = [&] { return big ? reader.be16() : reader.le16(); };
    const auto u32 = [&] { return big ? reader.be32() : reader.le32(); };
    reader.seek(u32());
    const unsigned count = u16();
    for (unsigned i = 0; i < count && reader.ok(); ++i) {
        const unsigned tag = u16(), type = u16();
        const std::uint32_t values = u32();
        const std::size_t at = reader.at();
        u32();
        if (tag != kOrientationTag) continue;
        if (!reader.ok() || type != kShort || values != 1) return {};
        return {at, big};
    }
    return {};
}

} // namespace

bool looks_like_exif(ByteSpan exif) {
    using namespace std::string_view_literals;
    return exif.size() >= 8 && (starts_with(exif, "II*\0"sv) || starts_with(exif, "MM\0*"sv));
}

int exif_orientation(ByteSpan exif) {
    const Place place = find_orientation(exif);
    if (place.offset == 0) return 1;
    ByteReader reader(exif, place.offset);
    const int value = place.big_endian ? reader.be16() : reader.le16();
    return value >= 1 && value <= 8 ? value : 1;
}

void reset_exif_orientation(Bytes& exif) {
    const Place place = find_orientation(exif);
    if (place.offset == 0) return;
    exif[place.offset] = std::byte(place.big_endian ? 0 : 1);
    exif[place.offset + 1] = std::byte(place.big_endian ? 1 : 0);
}

} // namespace mw::codec
