// Pixels of any format as numbers, read as display-encoded sRGB. Private to the room.
#pragma once

#include <array>

#include "image/image.h"

namespace mw::select {

// Encoded red, green, blue, alpha; nominally 0..1. Grey is three equal channels, a missing alpha 1.
using Rgba = std::array<float, 4>;

inline Rgba rgba_at(image::ImageView picture, int x, int y) {
    const image::PixelFormat f = picture.format;
    const int g = f.color_channels() == 3 ? 1 : 0, b = 2 * g, a = f.channels - 1;
    const std::byte* at = picture.row_bytes(y) + std::ptrdiff_t{x} * f.bytes();
    const auto read = [&]<class T>(const T* p, float most) {
        return Rgba{static_cast<float>(p[0]) / most, static_cast<float>(p[g]) / most,
                    static_cast<float>(p[b]) / most,
                    f.has_alpha() ? static_cast<float>(p[a]) / most : 1.0f};
    };
    if (f.type == image::SampleType::u8)
        return read(reinterpret_cast<const std::uint8_t*>(at), 255.0f);
    if (f.type == image::SampleType::u16)
        return read(reinterpret_cast<const std::uint16_t*>(at), 65535.0f);
    return read(reinterpret_cast<const float*>(at), 1.0f);
}

// CIELAB under D65 of an encoded colour; NaN stays NaN.
std::array<float, 3> lab_of(const Rgba& rgba);

// The mean of the encoded pixels of the side x side square around (x, y), as far as it lies in the
// picture; colour weighted by alpha. side is odd; (x, y) must lie inside.
Rgba mean_at(image::ImageView picture, int x, int y, int side);

} // namespace mw::select
