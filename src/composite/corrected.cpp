#include "composite/corrected.h"

#include <algorithm>

#include "base/parallel.h"

namespace mw::composite {
namespace {

constexpr int kBand = 16;

image::Image aligned(image::ImageView picture, const Context& context, const Registration& r) {
    if (!r.applied) return image::clone(picture);
    image::Image out(picture.size, picture.format);
    parallel_for(picture.size.height, kBand, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < picture.size.width; ++x) {
                const PointF q = map_point(r, context.centre, {double(x), double(y)});
                sample_cubic(picture, q.x, q.y, out.span().pixel<float>(x, y));
            }
    });
    return out;
}

} // namespace

image::Image corrected_answer(const Context& context, const Registration& registration,
                              const ColorMatch& match) {
    image::Image out = aligned(context.answer.view(), context, registration);
    if (!match.applied) return out;
    const int n = out.format().channels;
    parallel_for(out.height(), kBand, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* p = out.span().row<float>(y);
            for (int x = 0; x < out.width(); ++x)
                for (int c = 0; c < n; ++c, ++p)
                    *p = static_cast<float>(match.gain[static_cast<std::size_t>(c)]) * *p +
                         static_cast<float>(match.offset[static_cast<std::size_t>(c)] / 255);
        }
    });
    return out;
}

image::Image aligned_opacity(const Context& context, const Registration& registration) {
    if (context.opacity.empty()) return {};
    image::Image out = aligned(context.opacity.view(), context, registration);
    for (int y = 0; y < out.height(); ++y) {
        float* p = out.span().row<float>(y);
        for (int x = 0; x < out.width(); ++x)
            p[x] = std::clamp(p[x], 0.0f, 1.0f);
    }
    return out;
}

} // namespace mw::composite
