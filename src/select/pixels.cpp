#include "select/pixels.h"

#include "image/color.h"

namespace mw::select {
std::array<float, 3> lab_of(const Rgba& rgba) {
    return image::linear_to_lab({image::srgb_to_linear(rgba[0]), image::srgb_to_linear(rgba[1]),
                                 image::srgb_to_linear(rgba[2])});
}

Rgba mean_at(image::ImageView picture, int x, int y, int side) {
    if (side <= 1) return rgba_at(picture, x, y);
    const int r = side / 2;
    const Rect window = intersect(Rect{x - r, y - r, 2 * r + 1, 2 * r + 1}, picture.rect());
    double sum[3] = {}, plain[3] = {}, alpha = 0;
    for (int v = window.y; v < window.bottom(); ++v)
        for (int u = window.x; u < window.right(); ++u) {
            const Rgba p = rgba_at(picture, u, v);
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += double(p[c]) * double(p[3]);
                plain[c] += double(p[c]);
            }
            alpha += double(p[3]);
        }
    const double n = double(window.area());
    Rgba out{};
    for (std::size_t c = 0; c < 3; ++c)
        out[c] = static_cast<float>(alpha > 0 ? sum[c] / alpha : plain[c] / n);
    out[3] = static_cast<float>(alpha / n);
    return out;
}

} // namespace mw::select
