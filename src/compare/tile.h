// Pictures are compared tile by tile: memory stays small at any size, equal tiles cost a memcmp,
// and the split never depends on the number of threads. Private to the room.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "image/color_space.h"

namespace mw::compare {

// The tiles of a picture in reading order, at most 256 x 128 each.
std::vector<Rect> tiles_of(Size size);

// Whole rows, where nothing looks at its neighbours: memory is read as it lies.
std::vector<Rect> bands_of(Size size);

// `by` more on every side, as far as the picture goes.
Rect with_halo(const Rect& tile, int by, Size picture);

// The same samples in both, bit for bit; false when the formats differ.
bool same_samples(image::ImageView a, image::ImageView b, const Rect& window);

// What a screen is given, to 16 bits; empty for sRGB, which is its own.
image::Image shown(image::ImageView picture, const image::DisplayTransform& view);

// A whole map from a function that fills one tile (of the map's own pixels).
using TileFill = std::function<void(const Rect& tile, image::ImageSpan out)>;
image::Image map_of(Size size, const TileFill& fill);

// Fill one tile of the maps of metrics.h. Where a and b are equal: 0 (ssim: 1).
void fill_delta_e(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out);
void fill_ssim(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out);
void fill_abs(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out);
// `filters` from flip_filters.
struct FlipFilters;
std::shared_ptr<const FlipFilters> flip_filters(double pixels_per_degree);
// How far around a tile the maps look.
constexpr int kSsimHalo = 5;
int halo_of(const FlipFilters& filters);
void fill_flip(const FlipFilters& filters, image::ImageView a, image::ImageView b, const Rect& tile,
               image::ImageSpan out);

// One row of any format as planes: linear sRGB clamped to 0 .. 1, and encoded luma (Rec. 709).
// Grey is three equal channels; alpha is left out; NaN is 0.
void linear_row(image::ImageView picture, int x, int y, int count, float* r, float* g, float* b);
void luma_row(image::ImageView picture, int x, int y, int count, float* luma);

} // namespace mw::compare
