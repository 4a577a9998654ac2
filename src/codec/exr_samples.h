// OpenEXR's colours are stored multiplied by alpha, ours are straight. Where dividing and
// multiplying does not give back the stored bits (additive light under alpha 0, floats), these are
// kept beside the picture, and with them what the picture has no room for.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "codec/exr_header.h"

namespace mw::codec {

// The bits of a sample, in the low 16 of a half. Exact both ways for every half and float, NaN and
// infinity included; a number beyond a half's range becomes its largest.
std::uint32_t exr_bits(float value, ExrSample type);
float exr_value(std::uint32_t bits, ExrSample type);

// Colour as we have it from what is stored, and back. Under alpha 0 what is stored is taken as it
// is, and nothing is stored for it: a picture that is nowhere adds no light.
float exr_straight(float stored, float alpha);
float exr_stored(float straight, float alpha);

// Where things lie in the bytes of Metadata::exr_beside. Numbers in the machine's own order.
struct ExrBesideMap {
    std::vector<std::size_t> planes; // of each of layout.others; none when they are not kept
    std::size_t overscan = 0;        // pixels outside the display window, row by row, interleaved
    std::size_t first_piece = 0;     // bytes of head, planes and overscan
    std::size_t exact = 0;           // offset of the list of exact colours
    std::size_t entry_words = 0;     // of one: the pixel's index, the bits of each of its colours

    static constexpr std::size_t kHeadBytes = 32;
    static constexpr std::uint32_t kMagic = 0x4258574d;
};
struct ExrBesideHead {
    std::uint32_t magic = ExrBesideMap::kMagic;
    std::uint32_t has_planes = 0, has_overscan = 0, alpha_is_other = 0;
    std::uint64_t exact_entries = 0, unused = 0;
};
static_assert(sizeof(ExrBesideHead) == ExrBesideMap::kHeadBytes);

// Samples of one of `layout.others` in the data window.
std::int64_t exr_plane_samples(const ExrHeader& header, const ExrChannel& channel);
// Bytes of one pixel of the picture as it is stored.
std::size_t exr_pixel_bytes(const ExrHeader& header, const ExrLayout& layout);
ExrBesideMap exr_beside_map(const ExrHeader& header, const ExrLayout& layout, bool planes,
                            bool overscan);

// What was kept, found whole; nothing when `beside` does not belong to the header.
struct ExrBeside {
    ExrBesideHead head;
    ExrBesideMap map;
    ByteSpan bytes;

    std::span<const std::uint32_t> exact_entry(std::size_t i) const;
};
std::optional<ExrBeside> read_exr_beside(ByteSpan beside, const ExrHeader& header,
                                         const ExrLayout& layout);

} // namespace mw::codec
