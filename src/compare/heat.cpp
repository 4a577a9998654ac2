#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "compare/color_ramp.h"
#include "compare/error_tile.h"
#include "compare/fit.h"
#include "compare/modes.h"
#include "compare/pictures.h"

namespace mw::compare {
namespace {

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

void paint_row(const float* values, int count, float full_scale, std::uint8_t* to) {
    const auto& ramp = heat_ramp();
    for (int x = 0; x < count; ++x, to += 3)
        std::copy_n(ramp[heat_index(values[x], full_scale)].data(), 3, to);
}

} // namespace

image::Image heat_image(image::ImageView values, double full_scale, const mask::Mask* outline) {
    image::Image out(values.size, image::kRgb8);
    const image::ImageSpan span = out.span();
    parallel_for(values.size.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            paint_row(values.row<float>(y), values.size.width, static_cast<float>(full_scale),
                      span.row<std::uint8_t>(y));
    });
    if (outline && outline->size() == values.size) draw_outline(*outline, span);
    return out;
}

double full_scale(Metric metric) {
    return metric == Metric::delta_e ? 20 : 1;
}

double usual_gain(Metric metric) {
    return metric == Metric::absolute ? 4 : 1;
}

Result<image::Image> heat_map(image::ImageView a, image::ImageView b, const HeatParams& params,
                              const mask::Mask* outline, const Views& views) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    auto out = image::Image::try_create(a.size, image::kRgb8);
    if (!out) return out;
    const double gain =
        params.gain > 0 ? std::clamp(params.gain, 1.0, kMaxGain) : usual_gain(params.metric);
    const auto end_of_ramp = static_cast<float>(full_scale(params.metric) / gain);
    const ErrorTile error(a, b, views, params.metric, params.pixels_per_degree);
    const std::vector<Rect> tiles = tiles_of(a.size);
    const image::ImageSpan span = out->span();
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const Rect& tile = tiles[static_cast<std::size_t>(i)];
            image::Image values(tile.size(), image::kGrayF);
            error.fill(tile, values.span());
            for (int y = 0; y < tile.height; ++y)
                paint_row(values.view().row<float>(y), tile.width, end_of_ramp,
                          span.pixel<std::uint8_t>(tile.x, tile.y + y));
        }
    });
    if (outline && outline->size() == a.size) draw_outline(*outline, span);
    return out;
}

} // namespace mw::compare
