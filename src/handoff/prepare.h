// The pixels of an export: cut out, in the colours and the depth that were asked for.
#pragma once

#include <string>
#include <vector>

#include "handoff/export_options.h"
#include "image/color_space.h"
#include "mask/mask.h"

namespace mw::handoff {

struct ExportSource {
    image::ImageRef picture, original; // of one size and format
    mask::Mask touched;                // union of the masks between them
    codec::Metadata metadata;
    image::DisplayTransform view;
    // Something was redacted on the way: the metadata that could show it stays out, and the region
    // that changed is that of the masks, whatever was in them.
    bool redacted = false;
};

struct Prepared {
    image::ImageRef picture, original; // converted alike
    mask::Mask touched;                // of that part
    Rect region;                       // of the whole picture
    codec::Metadata metadata;
    codec::EncodeOptions encode;
    std::vector<std::string> notes; // what is lost, and why; a sentence each
};

// For one of the formats that codec::encode writes. Errors: invalid_argument when there is nothing
// to cut out (an empty mask, no change), or no mask for the alpha; unsupported when the format
// cannot hold the depth asked for; too_large.
Result<Prepared> prepare_export(const ExportSource& source, codec::FileFormat format,
                                const ExportOptions& options);

// Whether the format can hold the depth; f32 and half alike hold source when it is float.
bool holds(codec::FileFormat format, Depth depth);

} // namespace mw::handoff
