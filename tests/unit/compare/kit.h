// Pictures for the tests of the room.
#pragma once

#include <algorithm>
#include <random>

#include "image/convert.h"
#include "image/image.h"

namespace mw::compare {

inline image::Image plain(Size size, image::PixelFormat format, int level) {
    image::Image out(size, image::kGray8);
    std::fill(out.bytes().begin(), out.bytes().end(), std::byte(level));
    return image::convert(out.view(), format);
}

inline image::Image grain(Size size, image::PixelFormat format, std::uint32_t seed) {
    std::mt19937 random(seed);
    image::Image out(size, {format.channels, image::SampleType::u16});
    for (int y = 0; y < size.height; ++y)
        for (int i = 0; i < size.width * format.channels; ++i)
            out.span().row<std::uint16_t>(y)[i] = static_cast<std::uint16_t>(random());
    return image::convert(out.view(), format);
}

inline void fill_rect(image::Image& picture, const Rect& r, int channel, std::uint8_t level) {
    for (int y = r.y; y < r.bottom(); ++y)
        for (int x = r.x; x < r.right(); ++x)
            picture.span().pixel<std::uint8_t>(x, y)[channel] = level;
}

} // namespace mw::compare
