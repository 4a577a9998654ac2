// Masks as PNG, by their runs.
#pragma once

#include "base/file.h"
#include "image/image.h"

namespace mw::codec {

// An 8-bit grey PNG (ISO/IEC 15948; RFC 1950, 1951) of kGray8 coverage, which must not be empty,
// made for pictures that are mostly runs of one value: unfiltered rows, runs as repetitions of one
// byte, one Huffman code made for that. Any picture is written without loss, though one without
// runs a third larger than it was. No metadata.
Bytes encode_mask_png(image::ImageView coverage);

} // namespace mw::codec
