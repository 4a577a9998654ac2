// Pictures, masks and the reference proof for the tests of composite.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>

#include "composite/graft.h"
#include "image/convert.h"
#include "mask/shapes.h"

namespace mw::composite {

inline image::Image noise(Size size, image::PixelFormat format, std::uint32_t seed) {
    std::mt19937 random(seed);
    image::Image floats(size, {format.channels, image::SampleType::f32});
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width * format.channels; ++x)
            floats.span().row<float>(y)[x] = float(random() % 65536) / 65535.0f;
    return image::convert(floats.view(), format);
}

// Smooth structure at several scales, not periodic within the sizes used; (dx, dy) reads it
// elsewhere and `zoom` about the centre, so that warps have an exact truth.
inline double field(double x, double y, int channel) {
    const double c = channel * 0.7;
    return 0.5 + 0.14 * std::sin(0.11 * x + 0.05 * y + c) + 0.1 * std::sin(0.031 * x - 0.17 * y) +
           0.08 * std::sin(0.23 * x * std::cos(0.4) + 0.29 * y + 2 * c) +
           0.06 * std::cos(0.41 * x - 0.37 * y) + 0.05 * std::sin(0.013 * x * y / 40 + c);
}

inline image::Image picture(Size size, image::PixelFormat format, double dx = 0, double dy = 0,
                            double zoom = 1) {
    image::Image floats(size, {format.channels, image::SampleType::f32});
    const double cx = 0.5 * size.width - 0.5, cy = 0.5 * size.height - 0.5;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < format.channels; ++c)
                floats.span().pixel<float>(x, y)[c] = static_cast<float>(
                    field(cx + (x - dx - cx) / zoom, cy + (y - dy - cy) / zoom, c));
    return image::convert(floats.view(), format);
}

inline mask::Mask disc(Size size, double x, double y, double radius) {
    return mask::ellipse(size, {x - radius, y - radius, 2 * radius, 2 * radius});
}

inline mask::Mask random_mask(Size size, std::mt19937& random) {
    mask::Mask mask(size);
    for (int i = 0; i < 1 + int(random() % 4); ++i) {
        const double x = random() % unsigned(size.width), y = random() % unsigned(size.height);
        mask::combine(mask, disc(size, x, y, 1 + random() % 20), mask::CombineMode::add);
    }
    if (random() % 3 == 0) { // speckles of any value
        image::Image some = mask.read(mask.rect());
        for (std::byte& b : some.bytes())
            if (random() % 7 == 0) b = std::byte(random() & 255);
        mask.write(mask.rect(), some.view());
    }
    return mask;
}

inline edit::CropPlan whole(Size size) {
    return {Rect::of(size), size, 1, false, {}};
}

// Not by the code under test: every sample of the whole picture, by memory.
inline void expect_proved(image::ImageView source, const Graft& g, const mask::Mask& mask) {
    const image::Image result = apply(source, g.patch);
    const auto sample = static_cast<std::size_t>(image::sample_bytes(source.format.type));
    std::int64_t outside = 0, inside = 0;
    for (int y = 0; y < source.size.height; ++y) {
        for (int x = 0; x < source.size.width; ++x) {
            for (int c = 0; c < source.format.channels; ++c) {
                const std::size_t at =
                    (static_cast<std::size_t>(x * source.format.channels + c)) * sample;
                const bool same = std::memcmp(source.row_bytes(y) + at,
                                              result.view().row_bytes(y) + at, sample) == 0;
                if (!same) ++(mask.at(x, y) ? inside : outside);
            }
        }
    }
    EXPECT_EQ(outside, 0);
    EXPECT_EQ(g.report.changed_outside_mask, 0);
    EXPECT_EQ(g.report.changed_inside_mask, inside);
    EXPECT_EQ(g.report.outside_sha256, g.report.outside_sha256_before);
    EXPECT_EQ(g.report.outside_sha256.size(), 64u);
}

// In levels of 0 .. 255, over all samples.
inline double mean_difference(image::ImageView a, image::ImageView b) {
    const image::Image fa = image::convert(a, {a.format.channels, image::SampleType::f32});
    const image::Image fb = image::convert(b, {a.format.channels, image::SampleType::f32});
    double sum = 0;
    for (int y = 0; y < a.size.height; ++y)
        for (int x = 0; x < a.size.width * a.format.channels; ++x)
            sum += std::abs(fa.view().row<float>(y)[x] - fb.view().row<float>(y)[x]);
    return 255 * sum / double(a.size.area() * a.format.channels);
}

} // namespace mw::composite
