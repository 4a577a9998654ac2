#include "composite/fitted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "image/resample.h"

namespace mw::composite {

namespace {
// More than this between the sides' ratios is another picture, not rounding.
constexpr double kMostStretch = 0.02;
} // namespace

Result<image::Image> fitted(image::ImageView answer, const edit::CropPlan& plan,
                            std::vector<std::string>& notes) {
    const Size got = answer.size, want = plan.crop.size();
    if (answer.empty() || (got.area() == 1 && want.area() > 16))
        return fail(
            ErrorCode::corrupt,
            fmt::format("The answer is a picture of {} x {} pixels where {} x {} were "
                        "expected; the document is unchanged. Run the edit again.",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    const auto stretch = [&](Size s) {
        const double ratio = double(got.width) * s.height / (double(got.height) * s.width);
        return std::max(ratio, 1 / ratio) - 1;
    };
    // A side of few pixels may be off by rounding alone.
    const double rounding = 1.0 / std::min({got.width, got.height, want.width, want.height});
    const double off = std::min(stretch(want), stretch(plan.request_size));
    if (got != plan.request_size && off > std::max(kMostStretch, rounding))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The answer is {} x {} but {} x {} was asked for: another shape, "
                        "so it would have to be stretched. The document is unchanged and "
                        "the answer kept; run the edit again or give the crop it belongs "
                        "to.",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    if (got == want) return image::Image{};
    if (got != plan.request_size)
        notes.push_back(
            fmt::format("the answer came as {} x {} instead of {} x {} and was "
                        "resampled",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    else
        notes.push_back(fmt::format("the answer of {} x {} was resampled to the crop's {} x {}",
                                    got.width, got.height, want.width, want.height));
    return image::resample(answer, want, edit::filter_for(plan.resampling, got, want));
}

} // namespace mw::composite
