#include "mask/refine.h"

#include <algorithm>

#include "mask/gaussian.h"
#include "mask/tile_map.h"

namespace mw::mask {

Mask inverted(const Mask& mask) {
    return mapped(mask, [](std::uint8_t v) { return static_cast<std::uint8_t>(255 - v); });
}

Mask support(const Mask& mask) {
    return mapped(mask, [](std::uint8_t v) { return static_cast<std::uint8_t>(v ? 255 : 0); });
}

Mask shrink(const Mask& mask, double radius_px) {
    // Erosion is dilation of what is not covered. A pixel beyond the edge repeats its nearest edge
    // pixel, which is nearer to any pixel inside than its repetition: it never decides.
    return inverted(grow(inverted(mask), radius_px));
}

Mask feather(const Mask& mask, double radius_px) {
    if (!(radius_px > 0) || mask.empty()) return mask;
    const double sigma = std::min(radius_px, kMaxFeather) / 2;
    if (sigma < 0.05) return mask; // the nearest neighbours weigh nothing
    return gaussian(mask, sigma);
}

} // namespace mw::mask
