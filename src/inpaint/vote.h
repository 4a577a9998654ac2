// Every patch that covers a hole pixel votes for its colour (Wexler, Shechtman, Irani 2007).
// Internal to the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "image/image.h"
#include "inpaint/level.h"
#include "inpaint/search.h"

namespace mw::inpaint {

// Rebuilds the hole of level.guide from the field. `depth` is distance_into_hole; `spread`, above
// 0, how little worse patches are discounted: 1 as Wexler, towards 0 only the best counts. False
// when stopped.
bool vote(Level& level, const Field& field, const std::vector<std::uint16_t>& depth, double spread,
          const std::stop_token& stop);

// The same with the samples of a picture of level's size: hole pixels of `target`, which may be
// `picture` itself, are written in its own format. False when stopped.
bool vote_pixels(const Level& level, const Field& field, const std::vector<std::uint16_t>& depth,
                 image::ImageView picture, image::ImageSpan target, double spread,
                 const std::stop_token& stop);

// The patch that weighs most for each hole pixel, as source minus target position; row by row over
// level.hole_bounds, {0, 0} where there is no hole. Empty when stopped.
std::vector<Point> dominant_offsets(const Level& level, const Field& field,
                                    const std::vector<std::uint16_t>& depth, double spread,
                                    const std::stop_token& stop);

// Writes the hole of `target` (kRgb8 or kRgba8, the finest size) with level.guide's colours,
// enlarged from wherever level stands in the pyramid: for a look at how far the fill is.
void preview_pixels(const Level& level, const std::vector<std::uint8_t>& finest_hole,
                    bool guide_has_alpha, image::ImageSpan target);

} // namespace mw::inpaint
