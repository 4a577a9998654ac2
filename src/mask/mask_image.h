// Masks as pictures and back.
#pragma once

#include "base/result.h"
#include "mask/mask.h"

namespace mw::mask {

// How a picture becomes coverage: grey and RGB by luma, but alpha decides where it is not opaque
// everywhere and the colours are flat (the way image APIs encode masks: alpha 0 = edit). 16-bit and
// float are rounded to 8. `note` says in a few words what was read ("luma of RGB", "alpha, 0 =
// edit").
struct MaskReading {
    Mask mask;
    std::string note;
};
MaskReading from_image(image::ImageView picture);

// The same of a mask that belongs to a picture of `size`. invalid_argument, naming `label` and both
// sizes, when it has another.
Result<MaskReading> from_image_for(image::ImageView picture, Size size, std::string_view label);

} // namespace mw::mask
