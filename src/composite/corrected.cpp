#include "composite/corrected.h"

#include <algorithm>

#include "base/parallel.h"
#include "composite/color_curve.h"
#include "composite/warp.h"

namespace mw::composite {
namespace {

constexpr int kBand = 32; // the warp reads a few rows beyond each band twice

template <class F>
void for_bands(image::Image& out, const F& f) {
    parallel_for(out.height(), kBand, [&](int begin, int end) {
        const Rect area{0, begin, out.width(), end - begin};
        f(area, out.span().sub(area));
    });
}

} // namespace

image::Image corrected_answer(const Context& context, const Registration& registration,
                              const ColorMatch& match) {
    const ColorCurve curve(match);
    image::Image out(context.window.size(), context.answer.format());
    for_bands(out, [&](const Rect& area, const image::ImageSpan& to) {
        warp(context.answer.view(), registration, context.centre, area, to);
        if (curve.is_identity()) return;
        for (int y = 0; y < area.height; ++y)
            curve.apply(to.row<float>(y), area.width, to.format.channels);
    });
    return out;
}

image::Image aligned_opacity(const Context& context, const Registration& registration) {
    if (context.opacity.empty()) return {};
    image::Image out(context.window.size(), image::kGrayF);
    for_bands(out, [&](const Rect& area, const image::ImageSpan& to) {
        warp(context.opacity.view(), registration, context.centre, area, to);
        for (int y = 0; y < area.height; ++y) {
            float* p = to.row<float>(y);
            for (int x = 0; x < area.width; ++x)
                p[x] = std::clamp(p[x], 0.0f, 1.0f);
        }
    });
    return out;
}

} // namespace mw::composite
