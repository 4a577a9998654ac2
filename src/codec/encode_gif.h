// An animated GIF by giflib. For encode_animation alone.
#pragma once

#include "codec/animation.h"

namespace mw::codec {

// Checked frames: kRgb8, one size, sides at most 65535.
Result<Bytes> encode_gif(std::span<const AnimationFrame> frames);

} // namespace mw::codec
