// What a plan shows: pixels and masks cut out of the picture.
#include <fmt/format.h>

#include <algorithm>

#include "edit/backend.h"
#include "image/convert.h"
#include "image/resample.h"
#include "mask/refine.h"

namespace mw::edit {
namespace {

// Below this a doubled lattice shows nothing that Lanczos does not.
constexpr double kEdgesFrom = 1.25;

using image::Image;
using image::ImageView;
using image::SampleType;

// Rounding of what was white to the last bit is not above white.
constexpr float kAboveWhite = 1 + 1 / 512.0f;

double share_above_white(ImageView shown) {
    const int n = shown.format.channels, colors = shown.format.color_channels();
    std::int64_t count = 0;
    for (int y = 0; y < shown.size.height; ++y) {
        const float* p = shown.row<float>(y);
        for (int x = 0; x < shown.size.width; ++x, p += n)
            count += std::any_of(p, p + colors, [](float v) { return v > kAboveWhite; });
    }
    return static_cast<double>(count) / static_cast<double>(shown.size.area());
}

bool see_through(ImageView picture) {
    const Image alpha = image::convert(picture, {2, SampleType::u8});
    for (int y = 0; y < alpha.height(); ++y)
        for (int x = 0; x < alpha.width(); ++x)
            if (alpha.view().pixel<std::uint8_t>(x, y)[1] != 255) return true;
    return false;
}

} // namespace

image::Filter filter_for(Resampling how, Size from, Size to) {
    using image::Filter;
    const double wider = double(to.width) / from.width, taller = double(to.height) / from.height;
    const bool enlarges = std::min(wider, taller) > 1;
    switch (how) {
        case Resampling::plain:
            return Filter::lanczos;
        case Resampling::area:
            return std::max(wider, taller) < 1 ? Filter::area : Filter::lanczos_limited;
        case Resampling::edges:
            return enlarges ? Filter::edge_directed : Filter::lanczos_limited;
        case Resampling::automatic:
            return std::min(wider, taller) >= kEdgesFrom ? Filter::edge_directed
                                                         : Filter::lanczos_limited;
        case Resampling::lanczos:
            break;
    }
    return Filter::lanczos_limited;
}

Image sent_pixels(ImageView picture, const image::DisplayTransform& view, const CropPlan& plan,
                  const ModelCapabilities& model, std::vector<std::string>& notes) {
    Image shown = image::extract_reflected(picture, plan.crop);
    const bool deep = picture.format.type != SampleType::u8;
    const bool scaled = plan.crop.size() != plan.request_size;
    const bool grey = picture.format.color_channels() == 1 && model.takes_grey;
    const bool alpha = picture.format.has_alpha() && model.takes_alpha;
    const image::PixelFormat format{(grey ? 1 : 3) + (alpha ? 1 : 0),
                                    deep && model.keeps_depth ? SampleType::u16 : SampleType::u8};
    if (picture.format.has_alpha() && !alpha && see_through(shown.view()))
        notes.push_back("the picture is partly transparent here; that is not sent");
    if (!view.is_identity())
        shown = picture.format.type == SampleType::f32 || scaled
                    ? view.to_display(shown.view())
                    : view.to_display(shown.view(), format.type);
    if (picture.format.type == SampleType::f32)
        if (const double share = share_above_white(shown.view()); share > 0)
            notes.push_back(fmt::format(
                "{:.2g} % of the pixels sent are brighter than white and are sent as white{}",
                100 * share,
                view.space() && view.space()->scene_linear ? "; a lower exposure shows them" : ""));
    if (scaled)
        shown = image::resample(shown.view(), plan.request_size,
                                filter_for(plan.resampling, shown.size(), plan.request_size));
    return shown.format() == format ? std::move(shown) : image::convert(shown.view(), format);
}

image::Image extract_crop(image::ImageView picture, const CropPlan& plan) {
    image::Image crop = image::extract_reflected(picture, plan.crop);
    if (plan.crop.size() == plan.request_size) return crop;
    return image::resample(crop.view(), plan.request_size,
                           filter_for(plan.resampling, crop.size(), plan.request_size));
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
