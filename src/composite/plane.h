// Planes of luma for registration. Private to the room.
#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"

namespace mw::composite {

struct Plane {
    int width = 0, height = 0;
    std::vector<float> values; // 0 .. 255 levels
    float at(int x, int y) const {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    // Bilinear, edges clamped.
    float linear(double x, double y) const;
};

struct Ring {
    int width = 0, height = 0;
    std::vector<std::uint8_t> clear; // 1: context, 0: masked
    // The pixel and its eight neighbours are context. Needs 0 < x < width - 1, likewise y.
    bool clear_around(int x, int y) const;
};

Plane luma_plane(image::ImageView encoded); // f32, 1 or 3 channels, 0 .. 1
Ring ring_of(image::ImageView ring);        // kGray8, 0 / 1
Plane half(const Plane& plane);             // 2x2 means
Ring half(const Ring& ring);                // clear where all four are
void smooth(Plane& plane);                  // binomial 1 2 1 both ways, edges clamped

} // namespace mw::composite
