#include "codec/exr_header.h"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <cmath>

#include "codec/decoder.h"

namespace mw::codec {
namespace {

constexpr std::size_t kMaxAttributes = 4000, kMaxChannels = 1024, kMaxParts = 256;
constexpr std::int64_t kMaxCoordinate = 1 << 30;

std::int32_t s32(ByteReader& r) {
    return static_cast<std::int32_t>(r.le32());
}

// A text that ends in zero, 1 to 255 bytes long; empty at the end of a list.
std::optional<std::string> name(ByteReader& r) {
    std::string text;
    for (char c; (c = static_cast<char>(r.u8())) != 0;) {
        text += c;
        if (text.size() > 255) return {};
    }
    if (!r.ok()) return {};
    return text;
}

bool read_box(ByteSpan value, ExrBox& box) {
    ByteReader r(value);
    box.min_x = s32(r), box.min_y = s32(r), box.max_x = s32(r), box.max_y = s32(r);
    const auto far = [](std::int64_t v) { return v < -kMaxCoordinate || v > kMaxCoordinate; };
    return value.size() == 16 && !far(box.min_x) && !far(box.min_y) && !far(box.max_x) &&
           !far(box.max_y) && box.min_x <= box.max_x && box.min_y <= box.max_y;
}

bool read_channels(ByteSpan value, std::vector<ExrChannel>& channels) {
    ByteReader r(value);
    for (;;) {
        const auto text = name(r);
        if (!text) return false;
        if (text->empty()) break;
        ExrChannel c;
        c.name = *text;
        const std::uint32_t type = r.le32();
        c.linear = r.u8() != 0;
        r.take(3);
        c.x_sampling = s32(r), c.y_sampling = s32(r);
        if (!r.ok() || type > 2 || c.x_sampling < 1 || c.y_sampling < 1 ||
            c.x_sampling > kMaxCoordinate || c.y_sampling > kMaxCoordinate ||
            channels.size() >= kMaxChannels)
            return false;
        if (!channels.empty() && channels.back().name >= c.name) return false;
        c.type = static_cast<ExrSample>(type);
        channels.push_back(c);
    }
    return r.left() == 0 && !channels.empty();
}

bool read_tiles(ByteSpan value, ExrHeader& h) {
    ByteReader r(value);
    ExrHeader::Tiles t;
    t.width = r.le32(), t.height = r.le32();
    t.mode = r.u8();
    h.tiles = t;
    return value.size() == 9 && t.width >= 1 && t.height >= 1 && t.width <= kMaxCoordinate &&
           t.height <= kMaxCoordinate && (t.mode & 15) <= 2;
}

// Those that say how the pixels lie.
bool read_known(const ExrAttribute& a, ExrHeader& h) {
    const auto one_byte = [&](int& out, int max) {
        if (a.value.size() != 1) return false;
        out = std::to_integer<int>(a.value[0]);
        return out <= max;
    };
    if (a.name == "channels") return a.type == "chlist" && read_channels(a.value, h.channels);
    if (a.name == "dataWindow") return a.type == "box2i" && read_box(a.value, h.data);
    if (a.name == "displayWindow") return a.type == "box2i" && read_box(a.value, h.display);
    if (a.name == "compression") return a.type == "compression" && one_byte(h.compression, 9);
    if (a.name == "lineOrder") return a.type == "lineOrder" && one_byte(h.line_order, 2);
    if (a.name == "tiles") return a.type == "tiledesc" && read_tiles(a.value, h);
    if (a.name == "type") h.type = h.text("type");
    if (a.name == "pixelAspectRatio" || a.name == "screenWindowWidth")
        return a.type == "float" && a.value.size() == 4;
    if (a.name == "screenWindowCenter") return a.type == "v2f" && a.value.size() == 8;
    return true;
}

// Lines that are packed together.
std::int64_t lines_of_chunk(int compression) {
    constexpr std::array<int, 10> kLines = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
    return kLines[static_cast<std::size_t>(compression)];
}

// At least so many chunks must be in the table; levels of mipmaps come on top.
std::int64_t chunks_of(const ExrHeader& h, bool tiled) {
    if (!tiled || !h.tiles)
        return (h.data.height() + lines_of_chunk(h.compression) - 1) /
               lines_of_chunk(h.compression);
    const std::int64_t w = h.tiles->width, t = h.tiles->height;
    return ((h.data.width() + w - 1) / w) * ((h.data.height() + t - 1) / t);
}

} // namespace

ExrBox ExrBox::united(const ExrBox& b) const {
    return {std::min(min_x, b.min_x), std::min(min_y, b.min_y), std::max(max_x, b.max_x),
            std::max(max_y, b.max_y)};
}

std::int64_t exr_samples(std::int64_t first, std::int64_t last, int sampling) {
    const auto floor_div = [&](std::int64_t v) {
        return v >= 0 ? v / sampling : -((-v + sampling - 1) / sampling);
    };
    return floor_div(last) - floor_div(first - 1);
}

const ExrAttribute* ExrHeader::find(std::string_view wanted) const {
    const auto at = std::ranges::find(attributes, wanted, &ExrAttribute::name);
    return at == attributes.end() ? nullptr : &*at;
}

std::optional<float> ExrHeader::number(std::string_view wanted) const {
    const ExrAttribute* a = find(wanted);
    if (!a || a->type != "float" || a->value.size() != 4) return {};
    return std::bit_cast<float>(ByteReader(a->value).le32());
}

std::string ExrHeader::text(std::string_view wanted) const {
    const ExrAttribute* a = find(wanted);
    if (!a || a->type != "string") return {};
    return {reinterpret_cast<const char*>(a->value.data()), a->value.size()};
}

std::array<float, 8> ExrHeader::chromaticities() const {
    std::array<float, 8> c{0.64f, 0.33f, 0.3f, 0.6f, 0.15f, 0.06f, 0.3127f, 0.329f};
    const ExrAttribute* a = find("chromaticities");
    if (!a || a->type != "chromaticities" || a->value.size() != 32) return c;
    ByteReader r(a->value);
    for (float& v : c)
        v = std::bit_cast<float>(r.le32());
    return c;
}

Result<ExrHeader> read_exr_header(ByteSpan bytes) {
    const auto wrong = [](std::string_view what) {
        return damaged(fmt::format("is a damaged OpenEXR: {}", what));
    };
    ExrHeader h;
    ByteReader r(bytes);
    for (;;) {
        auto attribute = name(r), type = std::optional<std::string>("");
        if (attribute && attribute->empty()) break;
        if (attribute) type = name(r);
        const std::uint32_t size = r.le32();
        const ByteSpan value = r.take(size);
        if (!attribute || !type || type->empty() || !r.ok() || size > INT32_MAX)
            return wrong("its header is cut off or not one");
        if (h.attributes.size() >= kMaxAttributes || h.find(*attribute))
            return wrong(fmt::format("its header says {} twice", *attribute));
        h.attributes.push_back({std::move(*attribute), std::move(*type), value});
        if (!read_known(h.attributes.back(), h))
            return wrong(fmt::format("its attribute {} makes no sense",
                                     std::string(h.attributes.back().name)));
    }
    for (const char* needed :
         {"channels", "compression", "dataWindow", "displayWindow", "lineOrder", "pixelAspectRatio",
          "screenWindowCenter", "screenWindowWidth"})
        if (!h.find(needed)) return wrong(fmt::format("its header lacks {}", needed));
    h.bytes = bytes.first(r.at());
    return h;
}

Result<ExrFile> read_exr_file(ByteSpan file) {
    ByteReader r(file, 4);
    const std::uint32_t version = r.le32();
    if (!r.ok()) return damaged("is cut off: an OpenEXR has at least a header");
    constexpr std::uint32_t kTiled = 0x200, kLongNames = 0x400, kDeep = 0x800, kMultiPart = 0x1000;
    if ((version & 255) != 2 || (version & ~(255 | kTiled | kLongNames | kDeep | kMultiPart)) != 0)
        return fail(ErrorCode::unsupported,
                    fmt::format("is an OpenEXR of an unknown version ({:#x}); export it with "
                                "version 2",
                                version));
    ExrFile out;
    out.multi_part = (version & kMultiPart) != 0;
    out.tiled = (version & kTiled) != 0;
    out.deep = (version & kDeep) != 0;
    do {
        auto header = read_exr_header(file.subspan(std::min(r.at(), file.size())));
        if (!header) return tl::unexpected(header.error());
        r.skip(header->bytes.size());
        if (out.parts.size() >= kMaxParts) return damaged("is a damaged OpenEXR: too many parts");
        out.parts.push_back(std::move(*header));
    } while (out.multi_part && (r.left() == 0 || file[r.at()] != std::byte{0}));
    if (out.multi_part) r.skip(1);
    out.bytes_after = r.left();
    return out;
}

Status check_exr_tables(const ExrFile& file) {
    auto room = static_cast<std::int64_t>(file.bytes_after / 8);
    for (const ExrHeader& part : file.parts) {
        const bool tiled = file.multi_part
                               ? part.type.starts_with("tiled") || part.type == "deeptile"
                               : file.tiled;
        if (tiled && !part.tiles) return damaged("is a damaged OpenEXR: tiles without their size");
        room -= chunks_of(part, tiled);
        if (room < 0)
            return damaged(fmt::format(
                "is a damaged OpenEXR: it is too short for the {} x {} pixels it claims",
                part.data.width(), part.data.height()));
    }
    return {};
}

} // namespace mw::codec
