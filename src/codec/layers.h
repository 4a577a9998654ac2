// Layered files for other programs: Photoshop documents and OpenRaster.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codec/codec.h"

namespace mw::codec {

struct LayerPixels {
    image::ImageRef pixels; // of Layer::rect's size; u8 or u16, 1 to 4 channels, straight alpha
    image::ImageRef mask;   // kGray8 or 16-bit grey of that size, 255 shows; null: none
};

struct Layer {
    std::string name; // UTF-8
    Rect rect;        // in the picture
    bool visible = true;
    bool masked = false; // make() gives a mask with it; of Photoshop documents alone
};

struct LayeredPicture {
    image::ImageView
        merged; // what the visible layers give, u8 or u16; its format is the document's
    Metadata metadata;
    std::vector<Layer> layers; // from the bottom
    // The pixels of one layer: asked for in that order, once each, and dropped once written.
    std::function<Result<LayerPixels>(std::size_t)> make;
};

// Adobe Photoshop File Formats Specification: 8 and 16 bit, grey or RGB, PackBits, profile, EXIF,
// XMP, layer masks, the merged picture. Written piece by piece: memory for a row and one layer.
// Errors: unsupported for a side over 30000 pixels (that needs a PSB), for more than 2 GB of layers
// or float pixels; those of the file.
Status write_psd(AtomicFile& file, const LayeredPicture& picture);

// OpenRaster 0.0.6: mimetype first and stored, stack.xml, a PNG for each layer, mergedimage.png,
// a thumbnail of at most 256 pixels. Layer masks are not part of it.
Status write_ora(AtomicFile& file, const LayeredPicture& picture);

// One that decode() would give of a Photoshop document of these pixels: translucent colours are
// merged onto white there, which rounds them.
image::Image as_merged_in_psd(image::ImageView pixels);

} // namespace mw::codec
