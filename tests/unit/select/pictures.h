// Pictures for the tests of select: made by a function, noisy, of any format.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>

#include "image/convert.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::select {

// Encoded 0..255 levels of red, green, blue, alpha.
using Levels = std::array<int, 4>;

inline image::Image picture_of(Size size, image::PixelFormat format,
                               const std::function<Levels(int, int)>& f) {
    image::Image rgba(size, image::kRgba8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const Levels v = f(x, y);
            auto* p = rgba.span().pixel<std::uint8_t>(x, y);
            for (std::size_t c = 0; c < 4; ++c)
                p[c] = static_cast<std::uint8_t>(std::clamp(v[c], 0, 255));
        }
    return image::convert(rgba.view(), format);
}

// Blobs of a few colours with a little noise, so that regions wind and touch tile borders.
inline image::Image blotches(Size size, image::PixelFormat format, unsigned seed, int cell) {
    std::mt19937 random(seed);
    const int across = size.width / cell + 2, down = size.height / cell + 2;
    std::vector<int> kinds(static_cast<std::size_t>(across * down));
    for (int& k : kinds)
        k = static_cast<int>(random() % 5 / 2); // 0, 0, 1, 1, 2
    return picture_of(size, format, [&](int x, int y) {
        const int k = kinds[static_cast<std::size_t>(y / cell * across + x / cell)];
        const int n = static_cast<int>(random() % 5);
        return Levels{60 + 70 * k + n, 90 + 20 * k, 200 - 60 * k - n, k == 2 ? 128 : 255};
    });
}

inline constexpr image::PixelFormat kFormats[] = {
    {1, image::SampleType::u8},  {2, image::SampleType::u8},  {3, image::SampleType::u8},
    {4, image::SampleType::u8},  {1, image::SampleType::u16}, {3, image::SampleType::u16},
    {4, image::SampleType::u16}, {2, image::SampleType::f32}, {3, image::SampleType::f32},
    {4, image::SampleType::f32}};

} // namespace mw::select
