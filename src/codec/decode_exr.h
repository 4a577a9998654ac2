// Beside the pixels of an OpenEXR: which part, and what travels with it.
#pragma once

#include "codec/decoder.h"
#include "codec/exr_header.h"

namespace mw::codec {

struct ExrChoice {
    ExrHeader header;
    ExrLayout layout;
    int part = 0;
};

// The first part with colours whose size is allowed. Warns of others; unsupported for deep ones.
Result<ExrChoice> choose_exr_part(ByteSpan file, const Canvas& canvas, Decoded& out);

// "Z, N.X, N.Y and 5 more".
std::string exr_names(const ExrChoice& choice);

// Depth, colour space, header to be kept; warnings of what is shown or written otherwise.
void describe_exr(const ExrChoice& choice, Decoded& out);

} // namespace mw::codec
