// PNG of pictures with few colours: a byte a pixel.
#pragma once

#include <optional>

#include "codec/codec.h"

namespace mw::codec {

// A PNG with a palette, quick to make; nothing when the picture (kRgb8) has more than 256 colours.
// Errors: too_large, io.
Result<std::optional<Bytes>> encode_palette_png(image::ImageView rgb);

} // namespace mw::codec
