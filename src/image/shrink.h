// Small pictures of large ones, for lists.
#pragma once

#include "image/image.h"

namespace mw::image {

// By the mean over areas, so that its longer side is at most `box` (>= 1) pixels and its shape
// stays; a picture that fits already is a copy. Each side keeps at least a pixel.
Image shrink_into(ImageView picture, int box);

} // namespace mw::image
