// What a picture's edges look like, tile by tile, for the scissors. Private to the room.
#pragma once

#include <array>
#include <cstdint>

#include "image/image.h"

namespace mw::select {

inline constexpr int kFeatureSide = 64;
inline constexpr int kDirections = 64; // of a full turn; one more for "none"

struct EdgeFeature {
    // Of a step onto the pixel: no zero crossing and a weak gradient, 0..145 of 255.
    std::uint8_t cost;
    // The way the edge runs (across the gradient), in kDirections; kDirections where it is flat.
    std::uint8_t direction;
};
using EdgeFeatures = std::array<EdgeFeature, kFeatureSide * kFeatureSide>;

// The gradient that counts as full strength: near the strongest of a few thousand places.
float full_gradient(image::ImageView picture);

// Of the tile whose first pixel is (x, y); what lies beyond the picture is left as it is.
void compute_features(image::ImageView picture, int x, int y, float full, EdgeFeatures& out);

} // namespace mw::select
