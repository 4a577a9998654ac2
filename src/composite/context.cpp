#include "composite/context.h"

#include <atomic>

#include "base/parallel.h"
#include "image/convert.h"

namespace mw::composite {
namespace {

using image::Image;
using image::ImageView;
using image::SampleType;

Image colors_of(ImageView view, int channels) {
    return image::convert(view, {channels, SampleType::f32});
}

// The last channel alone; empty when there is no alpha.
Image alpha_of(ImageView view) {
    if (!view.format.has_alpha()) return {};
    const Image full = image::convert(view, {2, SampleType::f32});
    Image out(view.size, image::kGrayF);
    parallel_for(view.size.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* from = full.view().row<float>(y);
            float* to = out.span().row<float>(y);
            for (int x = 0; x < view.size.width; ++x)
                to[x] = from[2 * x + 1];
        }
    });
    return out;
}

bool all_finite(const float* values, int count) {
    bool finite = true;
    for (int i = 0; i < count; ++i)
        finite &= std::isfinite(values[i]);
    return finite;
}

// A number that is none would spread over its neighbours when the answer is resampled: the source
// shows there instead.
void leave_out_nonsense(Context& context) {
    const int n = context.answer.format().channels, width = context.window.width;
    for (int y = 0; y < context.window.height; ++y) {
        float* a = context.answer.span().row<float>(y);
        if (all_finite(a, width * n)) continue;
        if (context.opacity.empty()) {
            context.opacity = Image(context.window.size(), image::kGrayF);
            for (int row = 0; row < context.window.height; ++row)
                std::fill_n(context.opacity.span().row<float>(row), width, 1.0f);
        }
        const float* s = context.source.view().row<float>(y);
        for (int x = 0; x < width; ++x) {
            if (all_finite(a + x * n, n)) continue;
            context.opacity.span().row<float>(y)[x] = 0;
            for (int c = 0; c < n; ++c)
                a[x * n + c] = std::isfinite(s[x * n + c]) ? s[x * n + c] : 0;
        }
    }
}

} // namespace

Context make_context(ImageView source, ImageView answer, const mask::Mask& mask,
                     const edit::CropPlan& plan, const Rect& window,
                     const image::DisplayTransform& view) {
    Context context;
    context.window = window;
    context.centre = {plan.crop.x + 0.5 * plan.crop.width - 0.5 - window.x,
                      plan.crop.y + 0.5 * plan.crop.height - 0.5 - window.y};
    const int channels = source.format.color_channels();
    const ImageView here = source.sub(window);
    const ImageView there = answer.sub(window.translated(-plan.crop.x, -plan.crop.y));
    context.source = view.to_display(here);
    if (context.source.format().channels != channels)
        context.source = colors_of(context.source.view(), channels);
    context.answer = colors_of(there, channels);
    context.opacity = alpha_of(there);
    leave_out_nonsense(context);
    const Image alpha = alpha_of(here);
    context.ring = mask.read(window);
    std::atomic<std::int64_t> pixels = 0;
    parallel_for(window.height, 64, [&](int begin, int end) {
        std::int64_t count = 0;
        for (int y = begin; y < end; ++y) {
            auto* ring = context.ring.span().row<std::uint8_t>(y);
            const float* s = context.source.view().row<float>(y);
            const bool finite = all_finite(s, window.width * channels);
            for (int x = 0; x < window.width; ++x) {
                // What cannot be seen has no colour to compare with.
                const bool shown =
                    (alpha.empty() || alpha.view().row<float>(y)[x] > 0) &&
                    (context.opacity.empty() || context.opacity.view().row<float>(y)[x] > 0.5f) &&
                    (finite || all_finite(s + x * channels, channels));
                ring[x] = ring[x] == 0 && shown;
                count += ring[x];
            }
        }
        pixels += count;
    });
    context.ring_pixels = pixels;
    return context;
}

} // namespace mw::composite
