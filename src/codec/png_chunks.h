// The chunks of a PNG, checked: lengths, order, CRC.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "codec/byte_reader.h"

namespace mw::codec {

struct PngChunk {
    std::string_view type; // four letters, inside the file
    ByteSpan data;
};

struct PngChunks {
    std::vector<PngChunk>
        list; // without IDAT and IEND, and without ancillary ones whose CRC is wrong
    std::vector<ByteSpan> image_data;
    std::vector<std::string> warnings;

    const PngChunk* find(std::string_view type) const;
};

// Strict where pixels are concerned, lenient beside them: a critical chunk with a wrong CRC, a
// length past the end or an unknown critical chunk is an error, a damaged ancillary chunk or a
// missing end a warning.
Result<PngChunks> read_png_chunks(ByteSpan file);

} // namespace mw::codec
