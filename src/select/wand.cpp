#include "select/wand.h"

#include <fmt/format.h>
#include <cmath>
#include <cstring>

#include "select/color_test.h"
#include "select/flood.h"

namespace mw::select {
namespace {

constexpr int kSide = mask::kTileSide;

Row bits_of(const std::uint8_t* row) {
    std::uint64_t words[2] = {};
    for (int i = 0; i < 16; ++i) {
        std::uint64_t bytes;
        std::memcpy(&bytes, row + 8 * i, 8);
        // 0 or 255 each: their lowest bits, moved together.
        bytes = (bytes & 0x0101010101010101) * 0x0102040810204080 >> 56;
        words[i / 8] |= bytes << (i % 8 * 8);
    }
    return Row{words[1]} << 64 | words[0];
}

// The bits of row y (0 .. 127 of tile ty) of a hard mask; nothing beyond it.
Row row_of(const mask::Mask& mask, int tx, int ty, int y) {
    if (tx < 0 || ty < 0 || tx >= mask.tiles_x() || ty >= mask.tiles_y()) return 0;
    const mask::TileRef& tile = mask.tile(tx, ty);
    if (!tile) return 0;
    if (tile == mask::full_tile()) return kAllBits;
    return bits_of(tile->coverage.data() + std::ptrdiff_t{y} * kSide);
}

bool any_near(const mask::Mask& mask, int tx, int ty) {
    for (int v = std::max(0, ty - 1); v <= std::min(mask.tiles_y() - 1, ty + 1); ++v)
        for (int u = std::max(0, tx - 1); u <= std::min(mask.tiles_x() - 1, tx + 1); ++u)
            if (mask.tile(u, v)) return true;
    return false;
}

// The share of the selected colour in a pixel beside the selection.
std::uint8_t share(const ColorTest& test, const Rect& picture, int x, int y, double tolerance) {
    const double own = test.distance(x, y);
    if (!std::isfinite(own) || own <= tolerance) return 0;
    double most = own;
    const Rect around = intersect(Rect{x - 1, y - 1, 3, 3}, picture);
    for (int v = around.y; v < around.bottom(); ++v)
        for (int u = around.x; u < around.right(); ++u)
            if (const double d = test.distance(u, v); std::isfinite(d)) most = std::max(most, d);
    return static_cast<std::uint8_t>(255 * (1 - own / most) + 0.5);
}

// Adds the partly covered pixels beside a hard mask. False when stopped.
bool soften(mask::Mask& mask, const ColorTest& test, double tolerance,
            const std::stop_token& stop) {
    const mask::Mask hard = mask;
    for (int ty = 0; ty < hard.tiles_y(); ++ty)
        for (int tx = 0; tx < hard.tiles_x(); ++tx) {
            if (hard.tile(tx, ty) == mask::full_tile() || !any_near(hard, tx, ty)) continue;
            if (stop.stop_requested()) return false;
            const Rect r = hard.tile_rect(tx, ty);
            // A row widened by one pixel to each side, with its neighbours' bits.
            const auto wide = [&](int y) {
                const int v = y < 0 ? ty - 1 : y >= kSide ? ty + 1 : ty, row = (y + kSide) % kSide;
                const Row own = row_of(hard, tx, v, row);
                return own | own << 1 | own >> 1 | row_of(hard, tx - 1, v, row) >> (kSide - 1) |
                       row_of(hard, tx + 1, v, row) << (kSide - 1);
            };
            Row above = wide(-1), here = wide(0);
            mask::MaskTile* to = nullptr;
            for (int y = 0; y < r.height; ++y) {
                const Row below = wide(y + 1);
                Row beside = (above | here | below) & ~row_of(hard, tx, ty, y) & low_bits(r.width);
                above = here;
                here = below;
                for (int x = 0; beside; ++x, beside >>= 1) {
                    if (!(beside & 1)) continue;
                    const std::uint8_t v = share(test, hard.rect(), r.x + x, r.y + y, tolerance);
                    if (!v) continue;
                    if (!to) to = &mask.writable_tile(tx, ty);
                    to->coverage[static_cast<std::size_t>(y * kSide + x)] = v;
                }
            }
            if (to) mask.normalize_tile(tx, ty);
        }
    return true;
}

} // namespace

Result<mask::Mask> magic_wand(image::ImageView picture, const WandParams& params,
                              std::stop_token stop) {
    if (!picture.rect().contains(params.at))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The wand's point {},{} lies outside the picture of {} x {} pixels.",
                        params.at.x, params.at.y, picture.size.width, picture.size.height));
    if (!(params.tolerance >= 0) || !std::isfinite(params.tolerance))
        return fail(ErrorCode::invalid_argument,
                    "The wand's tolerance must be a number from 0 on.");
    if (params.sample_side != 1 && params.sample_side != 3 && params.sample_side != 5)
        return fail(ErrorCode::invalid_argument,
                    "The wand's sample is 1, 3 or 5 pixels wide, nothing else.");
    const Rgba reference = mean_at(picture, params.at.x, params.at.y, params.sample_side);
    const ColorTest test(picture, reference, params.measure, params.tolerance);
    const auto bits = [&](const Rect& r, BitTile* const* out) { test.bits(r, out); };
    auto mask = params.contiguous ? flood(picture.size, params.at, params.diagonal, bits, stop)
                                  : everywhere(picture.size, bits, stop);
    if (!mask) return mask;
    if (params.antialias && !soften(*mask, test, params.tolerance, stop))
        return fail(ErrorCode::cancelled, "The selection was cancelled.");
    return mask;
}

} // namespace mw::select
