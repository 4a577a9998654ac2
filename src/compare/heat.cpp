#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/parallel.h"
#include "compare/pictures.h"
#include "compare/tile.h"
#include "image/color.h"

namespace mw::compare {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

// Black through violet, magenta and orange to pale yellow, made in CIELAB with lightness growing
// evenly: equal steps of the value are equal steps to the eye, and the picture reads in grey too.
// Chroma is reduced where sRGB ends.
std::array<Rgb, 256> make_ramp() {
    std::array<Rgb, 256> ramp{};
    for (std::size_t i = 0; i < ramp.size(); ++i) {
        const double t = static_cast<double>(i) / 255;
        const double hue = (290 + 170 * t) * std::numbers::pi / 180; // violet to yellow by red
        double chroma = 75 * std::pow(std::sin(std::numbers::pi * std::pow(t, 0.85)), 0.7);
        image::Float3 rgb{};
        for (int tries = 0; tries < 200; ++tries, chroma *= 0.97) {
            rgb = image::lab_to_linear({static_cast<float>(97 * t),
                                        static_cast<float>(chroma * std::cos(hue)),
                                        static_cast<float>(chroma * std::sin(hue))});
            const auto [low, high] = std::minmax_element(rgb.begin(), rgb.end());
            if (*low >= -1e-4f && *high <= 1.0001f) break;
        }
        for (std::size_t c = 0; c < 3; ++c)
            ramp[i][c] = static_cast<std::uint8_t>(
                std::lround(255 * std::clamp(image::linear_to_srgb(rgb[c]), 0.0f, 1.0f)));
    }
    return ramp;
}

void draw_outline(const mask::Mask& mask, image::ImageSpan out) {
    const Rect bounds = mask.bounds();
    constexpr int kBand = 64;
    for (int top = bounds.y; top < bounds.bottom(); top += kBand) {
        const Rect rows{bounds.x - 1, top - 1, bounds.width + 2,
                        std::min(kBand, bounds.bottom() - top) + 2};
        const image::Image c = mask.read(rows);
        const auto at = [&](int x, int y) { return *c.view().pixel<std::uint8_t>(x, y); };
        for (int y = 1; y + 1 < rows.height; ++y) {
            for (int x = 1; x + 1 < rows.width; ++x) {
                // The border of the picture is an edge as well: the outline is closed.
                if (!at(x, y) || (at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1)))
                    continue;
                std::fill_n(out.pixel<std::uint8_t>(rows.x + x, rows.y + y), 3, 255);
            }
        }
    }
}

} // namespace

image::Image heat_image(image::ImageView values, double full_scale, const mask::Mask* outline) {
    static const std::array<Rgb, 256> ramp = make_ramp();
    image::Image out(values.size, image::kRgb8);
    const float factor = full_scale > 0 ? static_cast<float>(255 / full_scale) : 0;
    parallel_for(values.size.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* v = values.row<float>(y);
            auto* to = out.span().row<std::uint8_t>(y);
            for (int x = 0; x < values.size.width; ++x, to += 3) {
                const float step = v[x] * factor;
                const auto i =
                    static_cast<std::size_t>(step > 0 ? std::min(step + 0.5f, 255.0f) : 0);
                std::copy_n(ramp[i].data(), 3, to);
            }
        }
    });
    if (outline && outline->size() == values.size) draw_outline(*outline, out.span());
    return out;
}

Result<image::Image> heat_map(image::ImageView a, image::ImageView b, Metric metric,
                              const mask::Mask* outline, const Views& views) {
    if (a.size != b.size || a.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The pictures are {} x {} and {} x {}, and only pictures of one "
                                "size can be compared; scale or crop one of them first.",
                                a.size.width, a.size.height, b.size.width, b.size.height));
    try {
        const image::Image own_a = shown(a, views.a), own_b = shown(b, views.b);
        if (!own_a.empty()) a = own_a.view();
        if (!own_b.empty()) b = own_b.view();
        switch (metric) {
            case Metric::flip:
                return heat_image(flip_map(a, b, 67.0206).view(), 1, outline);
            case Metric::delta_e:
                return heat_image(delta_e_map(a, b).view(), 20, outline);
            case Metric::absolute:
                return heat_image(abs_map(a, b).view(), 0.25, outline);
            case Metric::ssim:
                break;
        }
        image::Image map = ssim_map(a, b);
        for (int y = 0; y < map.height(); ++y)
            for (int x = 0; x < map.width(); ++x) {
                float& v = map.span().row<float>(y)[x];
                v = 1 - v;
            }
        return heat_image(map.view(), 1, outline);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "Not enough memory for the heat map; close other "
                    "pictures or compare smaller ones.");
    }
}

} // namespace mw::compare
