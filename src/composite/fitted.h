// The answer at the size of the crop it is for. Private to the room.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edit/crop_plan.h"
#include "image/image.h"

namespace mw::composite {

// The answer resampled to plan.crop's size, with a note; an empty Image when it has that size
// already. Errors: corrupt for no pixels or a single one, invalid_argument for another shape (more
// than 2 % between the sides' ratios).
Result<image::Image> fitted(image::ImageView answer, const edit::CropPlan& plan,
                            std::vector<std::string>& notes);

} // namespace mw::composite
