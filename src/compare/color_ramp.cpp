#include "compare/color_ramp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/color.h"

namespace mw::compare {
namespace {

// Chroma is reduced where sRGB ends.
std::array<Rgb8, 256> make_ramp() {
    std::array<Rgb8, 256> ramp{};
    for (std::size_t i = 0; i < ramp.size(); ++i) {
        const double t = static_cast<double>(i) / 255;
        const double hue = (290 + 170 * t) * std::numbers::pi / 180; // violet to yellow by red
        double chroma = 75 * std::pow(std::sin(std::numbers::pi * std::pow(t, 0.85)), 0.7);
        image::Float3 rgb{};
        for (int tries = 0; tries < 200; ++tries, chroma *= 0.97) {
            rgb = image::lab_to_linear({static_cast<float>(97 * t),
                                        static_cast<float>(chroma * std::cos(hue)),
                                        static_cast<float>(chroma * std::sin(hue))});
            const auto [low, high] = std::minmax_element(rgb.begin(), rgb.end());
            if (*low >= -1e-4f && *high <= 1.0001f) break;
        }
        for (std::size_t c = 0; c < 3; ++c)
            ramp[i][c] = static_cast<std::uint8_t>(
                std::lround(255 * std::clamp(image::linear_to_srgb(rgb[c]), 0.0f, 1.0f)));
    }
    return ramp;
}

} // namespace

const std::array<Rgb8, 256>& heat_ramp() {
    static const std::array<Rgb8, 256> ramp = make_ramp();
    return ramp;
}

std::uint8_t heat_index(float value, float full_scale) {
    const float step = full_scale > 0 ? value * (255 / full_scale) : 0;
    return static_cast<std::uint8_t>(step > 0 ? std::min(step + 0.5f, 255.0f) : 0);
}

} // namespace mw::compare
