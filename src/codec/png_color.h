// The colour space that a PNG names in other ways than a profile.
#pragma once

#include "codec/decoder.h"
#include "codec/png_chunks.h"

namespace mw::codec {

// cICP before all, then a profile (read before this: nothing is done), then sRGB, then gAMA and
// cHRM, as the third edition orders them. What cannot be honoured is a warning.
void read_png_color(const PngChunks& chunks, int color_channels, Decoded& out);

} // namespace mw::codec
