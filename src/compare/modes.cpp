#include "compare/modes.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "compare/color_ramp.h"
#include "compare/fit.h"
#include "compare/shown_tile.h"
#include "image/convert.h"

namespace mw::compare {

Rgb difference(const Rgb& a, const Rgb& b, double gain) {
    Rgb out{};
    for (std::size_t c = 0; c < 3; ++c)
        out[c] = std::min(std::abs(a[c] - b[c]) * static_cast<float>(gain), 1.0f);
    return out;
}

float absolute(const Rgb& a, const Rgb& b) {
    return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

Rgb heat_color(double value, double gain, double full_scale) {
    const Rgb8& c =
        heat_ramp()[heat_index(static_cast<float>(value * gain), static_cast<float>(full_scale))];
    return {static_cast<float>(c[0]) / 255, static_cast<float>(c[1]) / 255,
            static_cast<float>(c[2]) / 255};
}

Rgb onion(const Rgb& a, const Rgb& b, double opacity) {
    const float t = static_cast<float>(std::clamp(opacity, 0.0, 1.0));
    Rgb out{};
    for (std::size_t c = 0; c < 3; ++c)
        out[c] = a[c] + (b[c] - a[c]) * t;
    return out;
}

Rgb wiped(const Rgb& a, const Rgb& b, const WipeLine& line, const Rect& pane, PointF at) {
    return side_of_a(line, pane, at) > 0 ? a : b;
}

bool flicker_shows_b(double seconds, double hz) {
    return static_cast<std::int64_t>(std::floor(seconds * hz * 2)) % 2 != 0;
}

Result<image::Image> difference_picture(image::ImageView a, image::ImageView b, double gain,
                                        const Views& views) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    auto out = image::Image::try_create(a.size, image::kRgb8);
    if (!out) return out;
    const float factor =
        static_cast<float>(std::clamp(std::isfinite(gain) ? gain : 1.0, 1.0, kMaxGain)) * 255;
    const std::vector<Rect> tiles = tiles_of(a.size);
    const image::ImageSpan span = out->span();
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const Rect& tile = tiles[static_cast<std::size_t>(i)];
            const ShownTile seen(a, b, views, tile, 0);
            const image::PixelFormat format{3, image::SampleType::f32};
            const image::Image fa = image::convert(seen.a().sub(seen.tile()), format);
            const image::Image fb = image::convert(seen.b().sub(seen.tile()), format);
            for (int y = 0; y < tile.height; ++y) {
                const float* p = fa.view().row<float>(y);
                const float* q = fb.view().row<float>(y);
                auto* to = span.pixel<std::uint8_t>(tile.x, tile.y + y);
                for (int x = 0; x < 3 * tile.width; ++x)
                    to[x] = static_cast<std::uint8_t>(
                        std::min(std::abs(p[x] - q[x]) * factor, 255.0f) + 0.5f);
            }
        }
    });
    return out;
}

} // namespace mw::compare
