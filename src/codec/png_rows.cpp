#include "codec/png_rows.h"

#include <algorithm>
#include <cstdlib>

namespace mw::codec {
namespace {

using Byte = std::uint8_t;

int paeth(int left, int above, int corner) {
    const int pa = std::abs(above - corner), pb = std::abs(left - corner);
    const int pc = std::abs(left + above - 2 * corner);
    return pa <= pb && pa <= pc ? left : pb <= pc ? above : corner;
}

// The step as a constant lets the compiler keep a pixel in registers.
template <int kStep>
void undo(int filter, std::span<const Byte> in, const Byte* above, Byte* row) {
    const std::size_t n = in.size(), head = std::min<std::size_t>(kStep, n);
    switch (filter) {
        case 0:
            std::copy(in.begin(), in.end(), row);
            return;
        case 1:
            for (std::size_t i = 0; i < head; ++i)
                row[i] = in[i];
            for (std::size_t i = kStep; i < n; ++i)
                row[i] = static_cast<Byte>(in[i] + row[i - kStep]);
            return;
        case 2:
            for (std::size_t i = 0; i < n; ++i)
                row[i] = static_cast<Byte>(in[i] + above[i]);
            return;
        case 3:
            for (std::size_t i = 0; i < head; ++i)
                row[i] = static_cast<Byte>(in[i] + above[i] / 2);
            for (std::size_t i = kStep; i < n; ++i)
                row[i] = static_cast<Byte>(in[i] + (row[i - kStep] + above[i]) / 2);
            return;
        default: {
            int left[kStep] = {}, corner[kStep] = {};
            std::size_t i = 0;
            for (; i + kStep <= n; i += kStep)
                for (int c = 0; c < kStep; ++c) {
                    const int up = above[i + static_cast<std::size_t>(c)];
                    left[c] =
                        (in[i + static_cast<std::size_t>(c)] + paeth(left[c], up, corner[c])) & 255;
                    corner[c] = up;
                    row[i + static_cast<std::size_t>(c)] = static_cast<Byte>(left[c]);
                }
            return;
        }
    }
}

unsigned sample(const Byte* row, int bits, std::size_t i) {
    switch (bits) {
        case 8:
            return row[i];
        case 16:
            return unsigned{row[2 * i]} << 8 | row[2 * i + 1];
        default: {
            const std::size_t per_byte = 8 / static_cast<std::size_t>(bits);
            const unsigned shift =
                static_cast<unsigned>(bits) * static_cast<unsigned>(per_byte - 1 - i % per_byte);
            return row[i / per_byte] >> shift & ((1u << bits) - 1);
        }
    }
}

int expand_palette(const PngLayout& layout, const Byte* row, int pixels, Byte* target) {
    unsigned largest = 0;
    const std::size_t channels = layout.palette_alpha ? 4 : 3;
    for (int x = 0; x < pixels; ++x) {
        const unsigned index = sample(row, layout.bit_depth, static_cast<std::size_t>(x));
        largest = std::max(largest, index);
        std::copy_n(layout.palette[index].data(), channels, target);
        target += channels;
    }
    return static_cast<int>(largest);
}

// Grey and RGB of any depth; T is the sample type of the target.
template <class T>
void expand_samples(const PngLayout& layout, const Byte* row, int pixels, T* target) {
    const std::size_t channels = static_cast<std::size_t>(layout.file_channels());
    const unsigned scale = layout.bit_depth < 8 ? 255u / ((1u << layout.bit_depth) - 1) : 1;
    for (std::size_t x = 0; x < static_cast<std::size_t>(pixels); ++x) {
        bool matches = layout.transparent.has_value();
        for (std::size_t c = 0; c < channels; ++c) {
            const unsigned value = sample(row, layout.bit_depth, x * channels + c);
            if (matches && value != (*layout.transparent)[c]) matches = false;
            *target++ = static_cast<T>(value * scale);
        }
        if (layout.transparent) *target++ = matches ? T{0} : static_cast<T>(~T{0});
    }
}

} // namespace

image::PixelFormat PngLayout::format() const {
    image::PixelFormat f{file_channels(),
                         bit_depth == 16 ? image::SampleType::u16 : image::SampleType::u8};
    if (color_type == 3) f.channels = palette_alpha ? 4 : 3;
    if (transparent) ++f.channels;
    return f;
}

bool undo_png_filter(int filter, int step, std::span<const Byte> filtered, const Byte* above,
                     Byte* row) {
    if (filter < 0 || filter > 4) return false;
    switch (step) {
        case 1:
            undo<1>(filter, filtered, above, row);
            break;
        case 2:
            undo<2>(filter, filtered, above, row);
            break;
        case 3:
            undo<3>(filter, filtered, above, row);
            break;
        case 4:
            undo<4>(filter, filtered, above, row);
            break;
        case 6:
            undo<6>(filter, filtered, above, row);
            break;
        case 8:
            undo<8>(filter, filtered, above, row);
            break;
        default:
            return false;
    }
    return true;
}

int expand_png_row(const PngLayout& layout, const Byte* row, int pixels, std::byte* target) {
    if (layout.color_type == 3)
        return expand_palette(layout, row, pixels, reinterpret_cast<Byte*>(target));
    if (layout.bit_depth == 16)
        expand_samples(layout, row, pixels, reinterpret_cast<std::uint16_t*>(target));
    else if (layout.bit_depth == 8 && !layout.transparent)
        std::copy_n(row, layout.row_bytes(pixels), reinterpret_cast<Byte*>(target));
    else
        expand_samples(layout, row, pixels, reinterpret_cast<Byte*>(target));
    return 0;
}

} // namespace mw::codec
