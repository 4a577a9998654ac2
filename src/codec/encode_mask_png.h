// Masks as PNG, by the runs that their rows have in common.
#pragma once

#include "base/file.h"
#include "image/image.h"

namespace mw::codec {

// An 8-bit grey PNG (ISO/IEC 15948; RFC 1950, 1951) of kGray8 coverage, which must not be empty,
// made for pictures whose rows are mostly like the row above or runs of one value: filter Up in
// every row, or none where a sample says that it is smaller; runs as repetitions of one byte; one
// Huffman code fitted to a sample of the rows. Any picture is written without loss. No metadata.
Bytes encode_mask_png(image::ImageView coverage);

} // namespace mw::codec
