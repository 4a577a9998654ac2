#include "select/pixels.h"

#include "image/color.h"

namespace mw::select {
namespace {

float sample(const std::byte* p, int c, image::SampleType type) {
    switch (type) {
        case image::SampleType::u8:
            return static_cast<float>(reinterpret_cast<const std::uint8_t*>(p)[c]) / 255.0f;
        case image::SampleType::u16:
            return static_cast<float>(reinterpret_cast<const std::uint16_t*>(p)[c]) / 65535.0f;
        case image::SampleType::f32:
            break;
    }
    return reinterpret_cast<const float*>(p)[c];
}

} // namespace

Rgba rgba_at(image::ImageView picture, int x, int y) {
    const image::PixelFormat f = picture.format;
    const std::byte* p = picture.row_bytes(y) + std::ptrdiff_t{x} * f.bytes();
    Rgba out{sample(p, 0, f.type), 0, 0, 1};
    out[1] = f.color_channels() == 3 ? sample(p, 1, f.type) : out[0];
    out[2] = f.color_channels() == 3 ? sample(p, 2, f.type) : out[0];
    if (f.has_alpha()) out[3] = sample(p, f.channels - 1, f.type);
    return out;
}

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
