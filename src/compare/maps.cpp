// The maps that look at one pixel at a time.
#include <algorithm>
#include <cmath>
#include <vector>

#include "compare/ciede2000.h"
#include "compare/fast_math.h"
#include "compare/metrics.h"
#include "compare/tile.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

void lab_of(float r, float g, float b, float* lab) {
    const auto f = [](float t) {
        return t > 216.0f / 24389.0f ? cube_root(t) : (24389.0f / 27.0f * t + 16.0f) / 116.0f;
    };
    const float x = f((0.4124564f * r + 0.3575761f * g + 0.1804375f * b) / 0.95047f);
    const float y = f(0.2126729f * r + 0.7151522f * g + 0.0721750f * b);
    const float z = f((0.0193339f * r + 0.1191920f * g + 0.9503041f * b) / 1.08883f);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

} // namespace

void fill_delta_e(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out) {
    const auto width = static_cast<std::size_t>(tile.width);
    std::vector<float> planes(6 * width);
    float* p[6];
    for (std::size_t i = 0; i < 6; ++i)
        p[i] = planes.data() + i * width;
    const bool alike = a.format == b.format;
    const auto pixel = static_cast<std::size_t>(a.format.bytes());
    for (int y = 0; y < tile.height; ++y) {
        float* to = out.row<float>(y);
        const Rect line{tile.x, tile.y + y, tile.width, 1};
        if (alike && same_samples(a, b, line)) {
            std::fill_n(to, tile.width, 0.0f);
            continue;
        }
        linear_row(a, tile.x, tile.y + y, tile.width, p[0], p[1], p[2]);
        linear_row(b, tile.x, tile.y + y, tile.width, p[3], p[4], p[5]);
        const std::byte* row_a = a.row_bytes(tile.y + y) + std::size_t(tile.x) * pixel;
        const std::byte* row_b =
            b.row_bytes(tile.y + y) + std::size_t(tile.x) * std::size_t(b.format.bytes());
        for (int x = 0; x < tile.width; ++x) {
            to[x] = 0;
            const std::size_t at = std::size_t(x) * pixel;
            if (alike && std::memcmp(row_a + at, row_b + at, pixel) == 0) continue;
            float la[3], lb[3];
            lab_of(p[0][x], p[1][x], p[2][x], la);
            lab_of(p[3][x], p[4][x], p[5][x], lb);
            to[x] = ciede2000_of<float>(la, lb);
        }
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
