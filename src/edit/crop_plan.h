// Which part of the picture a request shows the model, and at what size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/model.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::edit {

struct PlanParams {
    // Pixels of context around the mask's support; absent: max(64, 25 % of the support's longer
    // side).
    std::optional<int> context_px;
    // The request size asked for; absent: the crop's own (1:1).
    std::optional<Size> request_size;
    int mask_grow_px = 0; // how far the sent mask is grown beyond the artist's
};

// `crop` is in image pixels and may stick out of the picture only when the picture is smaller than
// the model's least legal size; then `padding` is true and the part outside is reflected. The
// request is `request_size` pixels; `scale` = request_size / crop, 1 unless the support exceeds the
// model's cap or another size was asked for.
struct CropPlan {
    Rect crop;
    Size request_size;
    double scale = 1;
    bool padded = false;
    std::vector<std::string> notes; // what a person should know: "scaled down to 0.42 because …"
    bool operator==(const CropPlan&) const = default;
};

// Support plus context, grown (never scaled up) until `rules` hold, slid inwards at the borders,
// reflected padding only when the picture is too small; scaled down only when the support itself
// exceeds the cap. Errors: invalid_argument for an empty mask, a mask of another size than the
// picture (both named), or a request size the rules forbid.
Result<CropPlan> plan_crop(Size picture, const mask::Mask& mask, const SizeRules& rules,
                           const PlanParams& params = {});

// The pixels of plan.crop at plan.request_size, reflected where it sticks out, in the picture's own
// format.
image::Image extract_crop(image::ImageView picture, const CropPlan& plan);

// The binary mask to be sent: 255 where the artist's mask, grown by params.mask_grow_px, is above
// 0; kGray8 of request_size.
image::Image extract_sent_mask(const mask::Mask& mask, const CropPlan& plan,
                               const PlanParams& params);

} // namespace mw::edit
