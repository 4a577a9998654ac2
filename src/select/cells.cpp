#include "select/cells.h"

#include <algorithm>
#include <cmath>

#include "image/color.h"

namespace mw::select {
namespace {

// sRGB decoded through a table: 1/4096 is finer than any difference that matters here.
float decoded(float encoded) {
    static const auto table = [] {
        std::array<float, 4097> t{};
        for (std::size_t i = 0; i < t.size(); ++i)
            t[i] = image::srgb_to_linear(static_cast<float>(i) / 4096.0f);
        return t;
    }();
    return encoded > 0 ? table[static_cast<std::size_t>(std::min(encoded, 1.0f) * 4096.0f + 0.5f)]
                       : 0.0f;
}

// The centre of sample i of k within cell x of n, in pixels of a window of `length`.
int sample_at(int x, int i, int k, int length, int n) {
    const double at = (x + (i + 0.5) / k) * length / n;
    return std::min(length - 1, static_cast<int>(at));
}

} // namespace

Color3 Cells::lab(int x, int y) const {
    const int across = std::clamp((window.width + size.width - 1) / size.width, 1, 4);
    const int down = std::clamp((window.height + size.height - 1) / size.height, 1, 4);
    float sum[3] = {};
    for (int j = 0; j < down; ++j)
        for (int i = 0; i < across; ++i) {
            const Rgba p =
                rgba_at(picture, window.x + sample_at(x, i, across, window.width, size.width),
                        window.y + sample_at(y, j, down, window.height, size.height));
            for (std::size_t c = 0; c < 3; ++c)
                sum[c] += 0.5f + (p[c] - 0.5f) * p[3];
        }
    const float n = static_cast<float>(across * down);
    return image::linear_to_lab({decoded(sum[0] / n), decoded(sum[1] / n), decoded(sum[2] / n)});
}

Point Cells::pixel(int x, int y) const {
    return {window.x + sample_at(x, 0, 1, window.width, size.width),
            window.y + sample_at(y, 0, 1, window.height, size.height)};
}

} // namespace mw::select
