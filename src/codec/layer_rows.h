// Rows of a layer in the document's own format. Private to the room.
#pragma once

#include "codec/byte_reader.h"
#include "image/convert.h"

namespace mw::codec {

// Any layer as rows of one format: grey widened, depth and alpha as there.
class LayerRows {
  public:
    LayerRows(image::ImageView source, image::PixelFormat format)
        : source_(source), row_({source.size.width, 1}, format) {}
    const std::byte* operator()(int y) {
        if (source_.format == row_.format()) return source_.row_bytes(y);
        image::convert_into(source_.sub({0, y, source_.size.width, 1}), row_.span());
        return row_.view().row_bytes(0);
    }

  private:
    image::ImageView source_;
    image::Image row_;
};

} // namespace mw::codec
