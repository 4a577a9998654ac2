// Planes of luma for registration, and how they are read. Private to the room.
#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"

namespace mw::composite {

struct Plane {
    int width = 0, height = 0;
    std::vector<float> values; // 0 .. 255 levels
    const float* row(int y) const {
        return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    float* row(int y) {
        return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
};

struct Ring {
    int width = 0, height = 0;
    std::vector<std::uint8_t> clear; // 1: context, 0: masked
    const std::uint8_t* row(int y) const {
        return clear.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    std::uint8_t* row(int y) {
        return clear.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
};

Plane luma_plane(image::ImageView encoded); // f32, 1 or 3 channels, 0 .. 1
Ring ring_of(image::ImageView ring);        // kGray8, 0 / 1
Plane half(const Plane& plane);             // 2x2 means
Ring half(const Ring& ring);                // clear where all four are
// Clear where the pixel and its eight neighbours are; nowhere on the outermost pixels.
Ring inner(const Ring& ring);

// What is finer than some 5 pixels: no drift of brightness shows in it.
Plane fine_detail(const Plane& plane);

// The plane as the sum of its samples' cubic B-splines (Unser 1999) without the prefilter: smooth,
// and as smooth at any fraction, so that no fraction is preferred. `value` and its derivatives by x
// and y at whole x, y >= 1 and below the last.
struct Smooth {
    float value, gx, gy;
};
Smooth smooth_at(const Plane& plane, int x, int y);

// The same value at any place; kNowhere when its 4x4 neighbours are not all there.
inline constexpr float kNowhere = 1e9f;
float smooth_at(const Plane& plane, float x, float y);

} // namespace mw::composite
