// What a plan shows: pixels and masks cut out of the picture.
#include <algorithm>

#include "edit/crop_plan.h"
#include "image/resample.h"
#include "mask/refine.h"

namespace mw::edit {

image::Image extract_crop(image::ImageView picture, const CropPlan& plan) {
    image::Image crop = image::extract_reflected(picture, plan.crop);
    if (plan.crop.size() == plan.request_size) return crop;
    return image::resample(crop.view(), plan.request_size, image::Filter::lanczos);
}

image::Image extract_coverage(const mask::Mask& mask, const CropPlan& plan) {
    if (mask.rect().contains(plan.crop)) return mask.read(plan.crop);
    // Padding shows the picture's mirror image, so it needs the mask's mirror image too: half an
    // object that is to go must not survive as context in the padding.
    return image::extract_reflected(mask.read(mask.rect()).view(), plan.crop);
}

image::Image extract_sent_mask(const mask::Mask& mask, const CropPlan& plan,
                               const PlanParams& params) {
    const image::Image coverage =
        params.mask_grow_px > 0 ? extract_coverage(mask::grow(mask, params.mask_grow_px), plan)
                                : extract_coverage(mask, plan);
    image::Image out(plan.request_size, image::kGray8);
    // Any covered pixel within the footprint of a request pixel covers it: a hair must not vanish
    // when the crop is scaled down.
    const auto footprint = [](int i, int to, int from) {
        const auto low = std::int64_t{i} * from / to;
        const auto high = (std::int64_t{i + 1} * from + to - 1) / to;
        return std::pair{static_cast<int>(low), static_cast<int>(std::max(low + 1, high))};
    };
    const Size from = coverage.size();
    for (int y = 0; y < out.height(); ++y) {
        const auto [top, bottom] = footprint(y, out.height(), from.height);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int sy = top; sy < bottom; ++sy) {
            const auto* row = coverage.view().row<std::uint8_t>(sy);
            for (int x = 0; x < out.width(); ++x) {
                const auto [first, last] = footprint(x, out.width(), from.width);
                for (int sx = first; sx < last; ++sx)
                    if (row[sx]) to[x] = 255;
            }
        }
    }
    return out;
}

} // namespace mw::edit
