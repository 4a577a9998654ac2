// The maps that look at one pixel at a time.
#include <algorithm>
#include <cmath>
#include <vector>

#include "compare/delta_e.h"
#include "compare/metrics.h"
#include "compare/tile.h"
#include "image/convert.h"

namespace mw::compare {

void fill_delta_e(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out) {
    const auto width = static_cast<std::size_t>(tile.width);
    std::vector<float> planes(6 * width);
    float* p[6];
    for (std::size_t i = 0; i < 6; ++i)
        p[i] = planes.data() + i * width;
    for (int y = 0; y < tile.height; ++y) {
        float* to = out.row<float>(y);
        if (same_samples(a, b, {tile.x, tile.y + y, tile.width, 1})) {
            std::fill_n(to, tile.width, 0.0f);
            continue;
        }
        linear_row(a, tile.x, tile.y + y, tile.width, p[0], p[1], p[2]);
        linear_row(b, tile.x, tile.y + y, tile.width, p[3], p[4], p[5]);
        delta_e_row(p, p + 3, to, tile.width);
    }
}

void fill_abs(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out) {
    if (same_samples(a, b, tile)) {
        for (int y = 0; y < tile.height; ++y)
            std::fill_n(out.row<float>(y), tile.width, 0.0f);
        return;
    }
    const int n = std::max(a.format.color_channels(), b.format.color_channels());
    const image::PixelFormat format{n, image::SampleType::f32};
    const image::Image fa = image::convert(a.sub(tile), format);
    const image::Image fb = image::convert(b.sub(tile), format);
    for (int y = 0; y < tile.height; ++y) {
        const float* pa = fa.view().row<float>(y);
        const float* pb = fb.view().row<float>(y);
        float* to = out.row<float>(y);
        for (int x = 0; x < tile.width; ++x, pa += n, pb += n) {
            to[x] = 0;
            for (int c = 0; c < n; ++c) {
                const float d = std::abs(pa[c] - pb[c]);
                to[x] = std::max(to[x], std::isnan(d) ? 0.0f : d);
            }
        }
    }
}

image::Image delta_e_map(image::ImageView a, image::ImageView b) {
    assert(a.size == b.size);
    return map_of(a.size,
                  [&](const Rect& tile, image::ImageSpan out) { fill_delta_e(a, b, tile, out); });
}

image::Image abs_map(image::ImageView a, image::ImageView b) {
    assert(a.size == b.size);
    return map_of(a.size,
                  [&](const Rect& tile, image::ImageSpan out) { fill_abs(a, b, tile, out); });
}

} // namespace mw::compare
