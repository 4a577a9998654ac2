// Pictures as data: URLs. Private to the room.
#pragma once

#include <string>

#include "compare/stats.h"

namespace mw::report {

// As shown, kRgb8, scaled down to at most max_side, WebP of that quality (100: lossless).
Result<std::string> picture_url(image::ImageView picture, const image::DisplayTransform& view,
                                int max_side, int quality);
// A part enlarged by whole numbers to about `side`, without loss; what lies beyond is reflected.
Result<std::string> detail_url(image::ImageView picture, const image::DisplayTransform& view,
                               const Rect& part, int side);
std::string base64(std::span<const std::byte> bytes); // RFC 4648, padded

} // namespace mw::report
