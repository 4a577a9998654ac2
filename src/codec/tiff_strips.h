// Strips of a TIFF as they lie in the file: predictor, then deflate. Ours, so that they are packed
// in parallel; libtiff 4.5 packs one after another, and floats of a big-endian file wrongly.
#pragma once

#include <vector>

#include "base/file.h"
#include "image/image.h"

namespace mw::codec {

// Rows `first` to `first + count` of `pixels`: horizontal differences (TIFF 6.0, section 14) for
// integers, Adobe's floating point predictor (TIFF Technical Note 3) for floats.
Bytes predicted_tiff_rows(image::ImageView pixels, int first, int count, bool big_endian);

// All strips of `rows` rows from strip `first` on, `count` of them, each a zlib stream. Empty when
// memory is short.
std::vector<Bytes> packed_tiff_strips(image::ImageView pixels, int rows, int first, int count,
                                      bool big_endian, int level);

} // namespace mw::codec
