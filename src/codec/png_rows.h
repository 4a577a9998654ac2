// Rows of a PNG (ISO/IEC 15948): undoing the filters, and samples to our channels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "image/image.h"

namespace mw::codec {

// How the samples lie in the file, and what a decoder must know to widen them.
struct PngLayout {
    int width = 0, height = 0;
    int bit_depth = 8;  // 1 2 4 8 16
    int color_type = 0; // 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
    bool interlaced = false;
    std::optional<std::array<std::uint16_t, 3>> transparent; // the colour that tRNS names
    std::array<std::array<std::uint8_t, 4>, 256> palette{};
    int palette_size = 0;
    bool palette_alpha = false;

    int file_channels() const {
        return color_type == 2 ? 3 : color_type == 4 ? 2 : color_type == 6 ? 4 : 1;
    }
    std::size_t row_bytes(int pixels) const {
        return (static_cast<std::size_t>(pixels) * static_cast<std::size_t>(file_channels()) *
                    static_cast<std::size_t>(bit_depth) +
                7) /
               8;
    }
    // Distance of the byte to the left in the filters' sense.
    int filter_step() const { return bit_depth < 8 ? 1 : file_channels() * bit_depth / 8; }
    image::PixelFormat format() const;
};

// One row: `filtered` and `above` (zeros for the first) give `row`, all of the same length; `row`
// must not overlap the others. False when the filter type is none of 0..4.
bool undo_png_filter(int filter, int step, std::span<const std::uint8_t> filtered,
                     const std::uint8_t* above, std::uint8_t* row);

// `pixels` pixels of an unfiltered row, as layout.format() wants them. Returns the largest palette
// index seen.
int expand_png_row(const PngLayout& layout, const std::uint8_t* row, int pixels, std::byte* target);

} // namespace mw::codec
