#include "compare/regions.h"

#include <algorithm>
#include <cmath>

#include "mask/refine.h"

namespace mw::compare {
namespace {

constexpr std::uint8_t bit(Region r) {
    return static_cast<std::uint8_t>(1u << r);
}
constexpr std::uint8_t kIn = bit(kInside) | bit(kAll), kOut = bit(kOutside) | bit(kAll);

} // namespace

Regions::Regions(const mask::Mask* mask, double seam_px)
    : mask_(mask), seam_(std::isfinite(seam_px) ? std::clamp(seam_px, 0.0, 4096.0) : 0) {
    if (!mask) return;
    bounds_ = mask->bounds();
    complement_ = mask::inverted(mask::support(*mask));
}

TileRegions Regions::of(const Rect& tile) const {
    if (!mask_) return {kIn, {}};
    const int reach = static_cast<int>(std::ceil(seam_)) + 1;
    const Rect wide = intersect(tile.grown(reach), mask_->rect());
    if (intersect(bounds_, wide).empty()) return {kOut, {}};
    const image::Image around = mask_->read(wide);
    const auto covered = std::count_if(around.bytes().begin(), around.bytes().end(),
                                       [](std::byte b) { return b != std::byte{0}; });
    if (covered == 0) return {kOut, {}};
    if (covered == wide.area()) return {kIn, {}};
    TileRegions out{0, mask_->read(tile)};
    for (std::byte& b : out.bits.bytes())
        b = std::byte{b != std::byte{0} ? kIn : kOut};
    if (seam_ > 0) mark_seam(tile, reach, out.bits.span());
    return out;
}

void Regions::mark_seam(const Rect& tile, int reach, image::ImageSpan out) const {
    const image::Image in = mask::inside_distance(*mask_, tile, reach);
    const image::Image beyond = mask::inside_distance(complement_, tile, reach);
    for (int y = 0; y < tile.height; ++y) {
        const float* d = in.view().row<float>(y);
        const float* e = beyond.view().row<float>(y);
        auto* to = out.row<std::uint8_t>(y);
        for (int x = 0; x < tile.width; ++x)
            if (std::max(d[x], e[x]) <= seam_) to[x] |= bit(kSeam);
    }
}

} // namespace mw::compare
