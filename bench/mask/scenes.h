// What the rows work on.
#pragma once

#include <vector>

#include "mask/brush.h"

namespace mw::bench {

// 400 samples of a wave across a picture of that size, about 1.5 sides long, margins left free.
std::vector<mask::StrokeSample> wave(Size size);
// Blobs and specks in every tile: edges everywhere.
mask::Mask crowded(Size size);
// What an artist leaves: six strokes and two soft ones.
mask::Mask painted(Size size);

} // namespace mw::bench
