#include "scenes.h"

#include <cmath>
#include <random>

#include "mask/shapes.h"

namespace mw::bench {

std::vector<mask::StrokeSample> wave(Size size) {
    std::vector<mask::StrokeSample> samples;
    for (int i = 0; i < 400; ++i) {
        const double t = i / 399.0;
        samples.push_back({size.width * (0.05 + 0.9 * t),
                           size.height * (0.5 + 0.25 * std::sin(9 * t)), 1, i / 120.0});
    }
    return samples;
}

mask::Mask crowded(Size size) {
    std::mt19937 random(7);
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    mask::Mask mask(size);
    const int cell = 256;
    for (int y = 0; y < size.height; y += cell)
        for (int x = 0; x < size.width; x += cell) {
            const int r = 20 + upto(120);
            const Rect box{x + upto(64), y + upto(64), 2 * r, 2 * r};
            const mask::Mask disc = mask::ellipse(box.size(), {0, 0, 2.0 * r, 2.0 * r});
            const Rect part = intersect(box, mask.rect());
            image::Image both = mask.read(part);
            const image::Image more = disc.read(part.translated(-box.x, -box.y));
            for (int v = 0; v < part.height; ++v)
                for (int u = 0; u < part.width; ++u) {
                    auto* p = both.span().pixel<std::uint8_t>(u, v);
                    *p = std::max(*p, *more.view().pixel<std::uint8_t>(u, v));
                }
            mask.write(part, both.view());
            const std::uint8_t speck = 255;
            for (int i = 0; i < 3; ++i)
                mask.write({x + upto(cell), y + upto(cell), 1, 1},
                           {reinterpret_cast<const std::byte*>(&speck), {1, 1}, image::kGray8, 1});
        }
    return mask;
}

mask::Mask painted(Size size) {
    mask::Mask mask(size);
    const double side = size.width;
    for (int i = 0; i < 8; ++i) {
        const mask::Brush brush{(0.01 + 0.006 * i) * side, i < 6 ? 1.0 : 0.2, 1, false};
        std::vector<mask::StrokeSample> samples;
        for (int k = 0; k < 60; ++k)
            samples.push_back({side * (0.15 + 0.1 * i + 0.002 * k),
                               side * (0.5 + 0.35 * std::sin(i + k * 0.07)), 1, k / 120.0});
        mask = mask::paint_stroke(mask, brush, samples);
    }
    return mask;
}

} // namespace mw::bench
