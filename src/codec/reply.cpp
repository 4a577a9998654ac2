#include "codec/reply.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mw::codec {
namespace {

constexpr std::uint32_t kMagic = 0x4d575231;
constexpr std::size_t kMaxText = 600, kMaxWarnings = 20, kMaxColorName = 100;
constexpr std::uint32_t kMaxGridSide = 65;

class Packer {
  public:
    void u32(std::uint32_t v) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes_.push_back(std::byte(v >> shift & 255));
    }
    void blob(ByteSpan data) {
        u32(static_cast<std::uint32_t>(data.size()));
        bytes_.insert(bytes_.end(), data.begin(), data.end());
    }
    // As they lie in memory: both ends are the same program.
    void floats(std::span<const float> values) { blob(std::as_bytes(values)); }
    void text(std::string_view s) { blob(std::as_bytes(std::span(s))); }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

Bytes take_blob(ByteReader& r, std::size_t max) {
    const std::uint32_t size = r.be32();
    const ByteSpan data = size <= max ? r.take(size) : r.take(SIZE_MAX);
    return {data.begin(), data.end()};
}

std::vector<float> take_floats(ByteReader& r, std::size_t max) {
    const Bytes blob = take_blob(r, max * sizeof(float));
    std::vector<float> values(blob.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), blob.data(), values.size() * sizeof(float));
    return values;
}

std::string take_text(ByteReader& r) {
    const Bytes blob = take_blob(r, kMaxReply);
    std::string text(reinterpret_cast<const char*>(blob.data()), std::min(blob.size(), kMaxText));
    std::ranges::replace_if(
        text, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return text;
}

void pack_color(Packer& p, const image::ColorSpace* color) {
    p.u32(color != nullptr);
    if (!color) return;
    p.u32(static_cast<std::uint32_t>(color->kind));
    p.u32(color->scene_linear);
    p.text(std::string_view(color->name).substr(0, kMaxColorName));
    p.floats(color->to_srgb);
    p.u32(static_cast<std::uint32_t>(color->grid_side));
    for (const auto& curve : color->curve)
        p.floats(curve);
    p.floats(color->to_display_grid);
    p.floats(color->from_display_grid);
}

// False when it cannot be used.
bool take_color(ByteReader& r, image::ColorSpaceRef& out) {
    if (r.be32() == 0) return true;
    image::ColorSpace color;
    using Kind = image::ColorSpace::Kind;
    const std::uint32_t kind = r.be32();
    color.kind = kind == 0 ? Kind::shaper : Kind::grid;
    color.scene_linear = r.be32() != 0;
    color.name = take_text(r).substr(0, kMaxColorName);
    const std::vector<float> matrix = take_floats(r, color.to_srgb.size());
    if (kind > 1 || matrix.size() != color.to_srgb.size()) return false;
    std::ranges::copy(matrix, color.to_srgb.begin());
    const std::uint32_t side = r.be32();
    if (side > kMaxGridSide) return false;
    color.grid_side = static_cast<int>(side);
    for (auto& curve : color.curve)
        curve = take_floats(r, 65536);
    color.to_display_grid = take_floats(r, 3 * std::size_t{side} * side * side);
    color.from_display_grid = take_floats(r, 3 * std::size_t{side} * side * side);
    if (!r.ok() || !image::well_formed(color)) return false;
    out = std::make_shared<const image::ColorSpace>(std::move(color));
    return true;
}

} // namespace

Bytes pack_reply(const Reply& reply) {
    Packer p;
    p.u32(kMagic);
    p.u32(static_cast<std::uint32_t>(reply.error.code));
    p.text(reply.error.message);
    p.u32(static_cast<std::uint32_t>(reply.size.width));
    p.u32(static_cast<std::uint32_t>(reply.size.height));
    p.u32(static_cast<std::uint32_t>(reply.format.channels));
    p.u32(static_cast<std::uint32_t>(reply.format.type));
    p.u32(static_cast<std::uint32_t>(reply.decoded.source_bits));
    p.u32(reply.decoded.provenance);
    const Metadata& m = reply.decoded.metadata;
    p.u32(m.dots_per_inch.has_value());
    const auto dpi = std::bit_cast<std::uint64_t>(m.dots_per_inch.value_or(0));
    p.u32(static_cast<std::uint32_t>(dpi >> 32));
    p.u32(static_cast<std::uint32_t>(dpi));
    p.blob(m.icc);
    p.blob(m.exif);
    p.blob(m.xmp);
    p.blob(m.exr_header);
    p.u32(static_cast<std::uint32_t>(reply.beside_bytes >> 32));
    p.u32(static_cast<std::uint32_t>(reply.beside_bytes));
    pack_color(p, reply.decoded.color.get());
    p.u32(static_cast<std::uint32_t>(std::min(reply.decoded.warnings.size(), kMaxWarnings)));
    for (std::size_t i = 0; i < std::min(reply.decoded.warnings.size(), kMaxWarnings); ++i)
        p.text(reply.decoded.warnings[i]);
    p.u32(static_cast<std::uint32_t>(std::clamp<std::int64_t>(reply.peak_kib, 0, UINT32_MAX)));
    p.u32(kMagic);
    return p.take();
}

bool unpack_reply(ByteSpan bytes, Reply& reply) {
    ByteReader r(bytes);
    if (r.be32() != kMagic) return false;
    const std::uint32_t code = r.be32();
    reply.error.code =
        code == static_cast<std::uint32_t>(ErrorCode::too_large)     ? ErrorCode::too_large
        : code == static_cast<std::uint32_t>(ErrorCode::unsupported) ? ErrorCode::unsupported
                                                                     : ErrorCode::corrupt;
    reply.error.message = take_text(r);
    const std::uint32_t width = r.be32(), height = r.be32(), channels = r.be32(), type = r.be32(),
                        bits = r.be32();
    reply.decoded.provenance = r.be32() != 0;
    const bool has_dpi = r.be32() != 0;
    const std::uint64_t high = r.be32(), low = r.be32();
    const auto dpi = std::bit_cast<double>(high << 32 | low);
    Metadata& m = reply.decoded.metadata;
    if (has_dpi && std::isfinite(dpi) && dpi > 0) m.dots_per_inch = dpi;
    m.icc = take_blob(r, kMaxIcc);
    m.exif = take_blob(r, kMaxExif);
    m.xmp = take_blob(r, kMaxXmp);
    m.exr_header = take_blob(r, kMaxExrHeader);
    const std::uint64_t beside_high = r.be32(), beside_low = r.be32();
    reply.beside_bytes = beside_high << 32 | beside_low;
    if (!take_color(r, reply.decoded.color)) return false;
    const std::uint32_t warnings = r.be32();
    if (warnings > kMaxWarnings) return false;
    for (std::uint32_t i = 0; i < warnings && r.ok(); ++i)
        reply.decoded.warnings.push_back(take_text(r));
    reply.peak_kib = r.be32();
    if (r.be32() != kMagic || !r.ok() || r.left() != 0) return false;
    if (!reply.error.message.empty()) return true;
    if (width < 1 || width > INT32_MAX || height < 1 || height > INT32_MAX || channels < 1 ||
        channels > 4 || type > 2 || bits < 1 || bits > 64)
        return false;
    reply.size = {static_cast<int>(width), static_cast<int>(height)};
    reply.format = {static_cast<int>(channels), static_cast<image::SampleType>(type)};
    reply.decoded.source_bits = static_cast<int>(bits);
    return true;
}

} // namespace mw::codec
