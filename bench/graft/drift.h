// What an image model does to the frame it was sent: moved, warmer, softer, noisier, and a JPEG.
#pragma once

#include <array>
#include <random>

#include "base/geometry.h"
#include "image/image.h"

namespace mw::bench {

// Crop pixel p shows answer pixel c + M (p - c) + (dx, dy), c the crop's centre, as
// composite::Registration says it; answer = gain * v^gamma + offset for each channel (0..1).
struct Drift {
    double dx = 0, dy = 0, scale = 1, degrees = 0;
    std::array<double, 3> gain{1, 1, 1}, gamma{1, 1, 1}, offset{};
    double blur = 0, noise = 0; // sigma in pixels, sigma in levels

    bool moves() const { return dx != 0 || dy != 0 || scale != 1 || degrees != 0; }
    PointF forward(PointF p, PointF c) const;
    PointF backward(PointF q, PointF c) const;
};

// +-6 px, +-1.5 %, +-0.15 degrees; gain +-7 %, offset +-7 levels, gamma +-8 %, blur up to 0.9 px,
// noise 0.5 .. 2 levels.
Drift random_drift(std::mt19937& random);
// The blur and noise of the same, nothing moved and no colour changed.
Drift only_softer(std::mt19937& random);

// `wide` is 8-bit RGB with `margin` pixels of picture around the crop; the answer has the crop's
// size.
image::Image answer_of(image::ImageView wide, int margin, const Drift& drift, std::mt19937& random);

// The answer with motion and colours taken back exactly, by Lanczos-4; blur, noise and JPEG stay.
image::Image undone(image::ImageView answer, const Drift& drift);

} // namespace mw::bench
