// What the engines on this machine share. Private to the room.
#pragma once

#include <string>
#include <vector>

#include "edit/backend.h"

namespace mw::provider {

Error stopped_edit();

// invalid_argument for a request without pixels, with masks of other sizes, or an empty mask.
Status check_pixels(const edit::EditRequest& request);

// An answer touches the mask only: where `mask` (kGray8) is 0 the samples of `picture` come back.
// Left changed, the graft would match the context back and undo what was asked.
void keep_outside(image::Image& answer, image::ImageView picture, image::ImageView mask);

// As PNG, quickly: it is kept beside the project and decoded once. A float picture becomes 16 bits,
// with a note when `notes` is given.
Result<edit::Answer> png_answer(const image::Image& image, std::vector<std::string>* notes);

} // namespace mw::provider
