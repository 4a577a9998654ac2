#include "inpaint/clone.h"

#include "base/parallel.h"
#include "image/continue_smoothly.h"
#include "image/convert.h"

namespace mw::inpaint {
namespace {

// a + sign * b
image::Image sum(image::ImageView a, image::ImageView b, float sign) {
    image::Image out(a.size, a.format);
    parallel_for(a.size.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float *p = a.row<float>(y), *q = b.row<float>(y);
            float* to = out.span().row<float>(y);
            for (int i = 0; i < a.size.width * a.format.channels; ++i)
                to[i] = p[i] + sign * q[i];
        }
    });
    return out;
}

} // namespace

image::Image heal(image::ImageView picture, image::ImageView beside, image::ImageView coverage,
                  std::stop_token stop) {
    const image::PixelFormat format{picture.format.channels, image::SampleType::f32};
    const image::Image there = image::convert(beside, format);
    image::Image lacking = sum(image::convert(picture, format).view(), there.view(), -1);
    if (stop.stop_requested()) return {};
    image::continue_smoothly(lacking.span(), coverage);
    if (stop.stop_requested()) return {};
    // Outside the hole that is the picture again.
    return image::convert(sum(there.view(), lacking.view(), 1).view(), picture.format);
}

} // namespace mw::inpaint
