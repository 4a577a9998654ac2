#include "mask/cleanup.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mask/gaussian.h"
#include "mask/refine.h"
#include "mask/tile_map.h"

namespace mw::mask {
namespace {

constexpr double kMostPx = 4096;

} // namespace

Mask smooth(const Mask& mask, double radius_px) {
    if (!(radius_px > 0) || mask.empty()) return mask;
    const double sigma = std::min(radius_px, kMostPx) / 2;
    if (sigma < 0.4) return mask; // nothing is smaller than that
    // The steepest slope of a blurred step is 255 / (sigma sqrt(2 pi)).
    const double gain = sigma * std::sqrt(2 * std::numbers::pi);
    return gaussian(mask, sigma, std::max(gain, 1.001));
}

Mask border(const Mask& mask, double inner_px, double outer_px) {
    const auto sane = [](double px) { return px > 0 ? std::min(px, kMostPx) : 0.0; };
    Mask band = grow(mask, sane(outer_px));
    combine(band, shrink(mask, sane(inner_px)), CombineMode::subtract);
    return band;
}

Mask contrast(const Mask& mask, double amount) {
    if (!(amount > 0)) return mask;
    const double gain = 1 / std::max(1 - amount, 1e-6);
    std::array<std::uint8_t, 256> table{};
    for (int v = 0; v < 256; ++v)
        table[static_cast<std::size_t>(v)] =
            static_cast<std::uint8_t>(std::clamp(127.5 + (v - 127.5) * gain, 0.0, 255.0) + 0.5);
    return mapped(mask, [&](std::uint8_t v) { return table[v]; });
}

} // namespace mw::mask
