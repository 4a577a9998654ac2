#pragma once

#include "develop.h"

namespace mw::sample {

// Mask of the toy and of all it changes on the table (its shadow from the window, its contact
// shade, its reflection): one channel, 0 keep, 255 edit, grown and softened by a few pixels.
// Independent of `threads`.
Picture toy_mask(int width, int height, int threads);

} // namespace mw::sample
