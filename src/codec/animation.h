// Pictures that follow each other in one file.
#pragma once

#include <span>

#include "codec/codec.h"

namespace mw::codec {

struct AnimationFrame {
    image::ImageView pixels; // kRgb8
    int milliseconds = 500;  // how long it is shown, 20 .. 60000
};

// Frames of one size, shown in turn for ever. webp (lossless, or lossy by jpeg_quality) or gif: one
// palette of 256 colours for all frames and a dither by position, so that what is alike in two
// frames stays alike. Errors: invalid_argument without frames or of several sizes; unsupported for
// another format or a side over 16383 (WebP) or 65535 (GIF); too_large.
Result<Bytes> encode_animation(std::span<const AnimationFrame> frames, FileFormat format,
                               const EncodeOptions& options = {});

} // namespace mw::codec
