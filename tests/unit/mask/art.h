// Masks as ASCII art, random masks, and comparison with a slow reference.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "mask/mask.h"

namespace mw::mask {

// One row per string: ' ' and '.' are 0, '#' is 255, '1'..'9' are tenths of it.
inline Mask from_art(const std::vector<std::string>& rows) {
    const int height = static_cast<int>(rows.size()), width = static_cast<int>(rows.at(0).size());
    image::Image pixels({width, height}, image::kGray8);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const char c = rows[static_cast<std::size_t>(y)].at(static_cast<std::size_t>(x));
            *pixels.span().pixel<std::uint8_t>(x, y) =
                static_cast<std::uint8_t>(c == '#'               ? 255
                                          : c >= '1' && c <= '9' ? (c - '0') * 255 / 10
                                                                 : 0);
        }
    Mask mask({width, height});
    mask.write(mask.rect(), pixels.view());
    return mask;
}

inline std::vector<std::string> to_art(const Mask& mask) {
    std::vector<std::string> rows;
    for (int y = 0; y < mask.size().height; ++y) {
        std::string row;
        for (int x = 0; x < mask.size().width; ++x) {
            const int v = mask.at(x, y);
            row += v == 0 ? '.' : v == 255 ? '#' : static_cast<char>('0' + (v * 10 + 127) / 255);
        }
        rows.push_back(row);
    }
    return rows;
}

// The mask whose pixel (x, y) is f(x, y), rounded to 0..255.
inline Mask from_function(Size size, const std::function<double(int, int)>& f) {
    image::Image pixels(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *pixels.span().pixel<std::uint8_t>(x, y) =
                static_cast<std::uint8_t>(std::clamp(f(x, y), 0.0, 255.0) + 0.5);
    Mask mask(size);
    mask.write(mask.rect(), pixels.view());
    return mask;
}

// Discs, hard and soft, noise and single pixels: a bit of everything, often across tile borders.
inline Mask random_mask(Size size, unsigned seed) {
    std::mt19937 random(seed);
    image::Image pixels(size, image::kGray8);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto put = [&](int x, int y, int v) {
        if (!pixels.rect().contains(Point{x, y})) return;
        auto* p = pixels.span().pixel<std::uint8_t>(x, y);
        *p = static_cast<std::uint8_t>(std::max<int>(*p, v));
    };
    for (int i = pick(4); i > 0; --i) {
        const int cx = pick(size.width), cy = pick(size.height), r = 1 + pick(60), soft = pick(20);
        for (int y = cy - r; y <= cy + r; ++y)
            for (int x = cx - r; x <= cx + r; ++x) {
                const double d = std::hypot(x - cx, y - cy);
                put(x, y, static_cast<int>(std::clamp((r - d) / (soft + 1), 0.0, 1.0) * 255));
            }
    }
    for (int i = pick(40); i > 0; --i)
        put(pick(size.width), pick(size.height), 1 + pick(255));
    if (pick(3) == 0) {
        const int x0 = pick(size.width), y0 = pick(size.height);
        for (int y = y0; y < y0 + 150; ++y)
            for (int x = x0; x < x0 + 170; ++x)
                put(x, y, 255);
    }
    Mask mask(size);
    mask.write(mask.rect(), pixels.view());
    return mask;
}

// Largest difference to a reference, with the first place it happens.
inline void expect_near(const Mask& got, const std::function<double(int, int)>& want, double limit,
                        const char* what = "") {
    double worst = -1;
    int at_x = 0, at_y = 0;
    for (int y = 0; y < got.size().height; ++y)
        for (int x = 0; x < got.size().width; ++x) {
            const double d = std::abs(got.at(x, y) - want(x, y));
            if (d > worst) {
                worst = d;
                at_x = x;
                at_y = y;
            }
        }
    EXPECT_LE(worst, limit) << what << " at " << at_x << ", " << at_y << ": "
                            << int(got.at(at_x, at_y)) << " for " << want(at_x, at_y);
}

} // namespace mw::mask
