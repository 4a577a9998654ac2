#include "codec/exr_samples.h"

#include <Imath/half.h>
#include <algorithm>
#include <bit>
#include <cmath>

#include "codec/canvas.h"

namespace mw::codec {
namespace {

constexpr float kLargestHalf = 65504;

std::size_t next_eight(std::size_t v) {
    return (v + 7) / 8 * 8;
}

std::int64_t overscan_pixels(const ExrHeader& h) {
    const std::int64_t w = std::min(h.data.max_x, h.display.max_x) -
                           std::max(h.data.min_x, h.display.min_x) + 1,
                       t = std::min(h.data.max_y, h.display.max_y) -
                           std::max(h.data.min_y, h.display.min_y) + 1;
    return h.data.width() * h.data.height() - (w > 0 && t > 0 ? w * t : 0);
}

} // namespace

std::uint32_t exr_bits(float value, ExrSample type) {
    if (type != ExrSample::half) return std::bit_cast<std::uint32_t>(value);
    if (std::isfinite(value)) value = std::clamp(value, -kLargestHalf, kLargestHalf);
    return Imath::half(value).bits();
}

float exr_value(std::uint32_t bits, ExrSample type) {
    if (type != ExrSample::half) return std::bit_cast<float>(bits);
    Imath::half h;
    h.setBits(static_cast<std::uint16_t>(bits));
    return h;
}

float exr_straight(float stored, float alpha) {
    return alpha == 1 || alpha == 0 || !std::isfinite(alpha) ? stored : stored / alpha;
}

float exr_stored(float straight, float alpha) {
    if (alpha == 1 || !std::isfinite(alpha)) return straight;
    if (alpha == 0) return std::isfinite(straight) ? straight * 0 : 0;
    return straight * alpha;
}

std::int64_t exr_plane_samples(const ExrHeader& h, const ExrChannel& c) {
    return exr_samples(h.data.min_x, h.data.max_x, c.x_sampling) *
           exr_samples(h.data.min_y, h.data.max_y, c.y_sampling);
}

std::size_t exr_pixel_bytes(const ExrHeader& header, const ExrLayout& layout) {
    std::size_t bytes = 0;
    for (std::size_t c = 0; c < layout.main.size(); ++c)
        bytes += exr_sample_bytes(layout.type(header, c));
    return bytes;
}

ExrBesideMap exr_beside_map(const ExrHeader& header, const ExrLayout& layout, bool planes,
                            bool overscan) {
    ExrBesideMap map;
    std::size_t at = ExrBesideMap::kHeadBytes;
    if (planes)
        for (const int index : layout.others) {
            const ExrChannel& c = header.channels[static_cast<std::size_t>(index)];
            map.planes.push_back(at);
            at = next_eight(at + static_cast<std::size_t>(exr_plane_samples(header, c)) *
                                     exr_sample_bytes(c.type));
        }
    map.overscan = at;
    if (overscan)
        at += static_cast<std::size_t>(overscan_pixels(header)) * exr_pixel_bytes(header, layout);
    map.first_piece = at;
    map.exact = Canvas::beside_offset(at);
    map.entry_words = 1 + static_cast<std::size_t>(layout.channels() - layout.has_alpha());
    return map;
}

std::span<const std::uint32_t> ExrBeside::exact_entry(std::size_t i) const {
    const auto* first = reinterpret_cast<const std::uint32_t*>(bytes.data() + map.exact);
    return {first + i * map.entry_words, map.entry_words};
}

std::optional<ExrBeside> read_exr_beside(ByteSpan beside, const ExrHeader& header,
                                         const ExrLayout& layout) {
    ExrBeside out;
    if (beside.size() < ExrBesideMap::kHeadBytes) return {};
    std::memcpy(&out.head, beside.data(), ExrBesideMap::kHeadBytes);
    out.map = exr_beside_map(header, layout, out.head.has_planes != 0, out.head.has_overscan != 0);
    out.bytes = beside;
    const std::size_t entry = out.map.entry_words * sizeof(std::uint32_t);
    const bool fits = out.head.exact_entries == 0
                          ? beside.size() == out.map.first_piece
                          : beside.size() > out.map.exact &&
                                (beside.size() - out.map.exact) / entry == out.head.exact_entries &&
                                (beside.size() - out.map.exact) % entry == 0;
    if (out.head.magic != ExrBesideMap::kMagic || !fits) return {};
    return out;
}

} // namespace mw::codec
