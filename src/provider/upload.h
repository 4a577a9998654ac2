// The two files of a request as they go over the wire.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edit/backend.h"

namespace mw::provider {

struct Upload {
    Bytes bytes;
    std::string media_type; // "image/png"
    std::vector<std::string> notes;
};

// The request's pixels as PNG.
Result<Upload> encode_pixels(const edit::EditRequest& request);

// A binary mask (kGray8, 0 keep, above 0 edit) as the picture that says so to a service of this
// polarity: kRgba8 or kGray8.
image::Image mask_picture(image::ImageView binary, edit::MaskPolarity polarity);

// The request's mask as PNG in the model's polarity, never above model.max_mask_bytes: a mask too
// fine for that is sent coarser, in blocks of 2, 4 or 8 pixels that cover all it covers, with a
// note. too_large when even that is not enough (a limit of a few kilobytes).
Result<Upload> encode_mask(const edit::EditRequest& request, const edit::ModelCapabilities& model);

} // namespace mw::provider
