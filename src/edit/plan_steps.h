// What planning one crop and planning several have in common. Private to the room.
#pragma once

#include "edit/crop_plan.h"

namespace mw::edit {

// The support of a request and the part of the picture that should be shown with it, both within
// the picture; when the crop shows more or less than that, it is centred on `middle`.
struct Wish {
    Rect support, window, middle;
};

// invalid_argument: no picture, a mask of another size, an empty mask.
Status check_mask(Size picture, const mask::Mask& mask);

// invalid_argument: a dragged crop that shows nothing of the support.
Result<Wish> wish_for(Size picture, const Rect& support, const PlanParams& params);

// plan_crop for a mask with these bounds.
Result<CropPlan> plan_support(Size picture, const Rect& support, const SizeRules& rules,
                              const PlanParams& params);

} // namespace mw::edit
