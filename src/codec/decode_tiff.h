// Beside the pixels of a TIFF: which page, and what travels with it.
#pragma once

#include "codec/decoder.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"
#include "codec/tiff_rows.h"

namespace mw::codec {

struct TiffPage {
    TiffDirectory directory;
    int index = 0; // in the chain of directories
};

// The first picture in full size. Warns of further ones; unsupported when the file is a camera's.
Result<TiffPage> choose_tiff_page(const TiffStructure& tiff, Decoded& out);

// ICC, XMP, EXIF, resolution; warns of Photoshop's layers.
void read_tiff_metadata(const TiffStructure& tiff, const TiffDirectory& page, const TiffIo& io,
                        int color_channels, Decoded& out);

} // namespace mw::codec
