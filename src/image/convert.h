// Between sample types and channel counts. Values keep their encoding (no transfer function is
// applied).
#pragma once

#include "image/image.h"

namespace mw::image {

// u8 -> u16 is x * 257, u16 -> u8 rounds x / 257, u8 and u16 -> f32 divide by the maximum, f32 ->
// integer clamps to 0..1 and rounds (NaN becomes 0): u8 -> any -> u8 and u16 -> f32 -> u16 are
// lossless. Grey widens to equal RGB; RGB narrows to grey by Rec. 709 luma weights on the encoded
// values; a missing alpha becomes opaque; an alpha that is not wanted is dropped.
Image convert(ImageView source, PixelFormat format);

// As convert, into pixels that exist; sizes must be equal.
void convert_into(ImageView source, ImageSpan target);

} // namespace mw::image
