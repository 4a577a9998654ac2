#include "lettering/ink_color.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mw::lettering {
namespace {

constexpr double kEnough = 4.5, kShare = 0.03;

double luminance(image::Float3 c) {
    return 0.2126 * std::max(0.0f, c[0]) + 0.7152 * std::max(0.0f, c[1]) +
           0.0722 * std::max(0.0f, c[2]);
}

struct Pixel {
    image::Float3 encoded;
    float alpha;
};
Pixel pixel_of(const float* p, const image::PixelFormat& format) {
    const bool grey = format.color_channels() == 1;
    const float alpha = format.has_alpha() ? p[format.channels - 1] : 1.0f;
    const auto whole = [](float v) { return std::isfinite(v) ? std::clamp(v, 0.0f, 1.0f) : 0.0f; };
    return {{whole(p[0]), whole(p[grey ? 0 : 1]), whole(p[grey ? 0 : 2])}, whole(alpha)};
}

image::Float3 linear(image::Float3 encoded) {
    for (float& v : encoded)
        v = image::srgb_to_linear(v);
    return encoded;
}

} // namespace

double contrast(image::Float3 a, image::Float3 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

image::Float3 mean_color(image::ImageView encoded, const std::function<bool(int, int)>& takes) {
    double sum[3] = {}, weight = 0;
    for (int y = 0; y < encoded.size.height; ++y) {
        const float* p = encoded.row<float>(y);
        for (int x = 0; x < encoded.size.width; ++x, p += encoded.format.channels) {
            if (!takes(x, y)) continue;
            const Pixel pixel = pixel_of(p, encoded.format);
            const image::Float3 c = linear(pixel.encoded);
            for (std::size_t i = 0; i < 3; ++i)
                sum[i] += double(c[i]) * pixel.alpha;
            weight += pixel.alpha;
        }
    }
    if (weight <= 0) return {0.5f, 0.5f, 0.5f};
    return {static_cast<float>(sum[0] / weight), static_cast<float>(sum[1] / weight),
            static_cast<float>(sum[2] / weight)};
}

image::Float3 ink_color(image::ImageView encoded, image::Float3 ground) {
    // By encoded luma: where the darkest and the lightest share end.
    std::array<double, 256> counts{};
    double all = 0;
    const auto level = [](const Pixel& p) {
        return static_cast<std::size_t>(
            std::lround(255 * std::clamp(0.2126f * p.encoded[0] + 0.7152f * p.encoded[1] +
                                             0.0722f * p.encoded[2],
                                         0.0f, 1.0f)));
    };
    const auto pixel = [&](int x, int y) {
        return pixel_of(encoded.row<float>(y) + std::ptrdiff_t{x} * encoded.format.channels,
                        encoded.format);
    };
    for (int y = 0; y < encoded.size.height; ++y)
        for (int x = 0; x < encoded.size.width; ++x) {
            const Pixel p = pixel(x, y);
            if (p.alpha < 0.5f) continue;
            counts[level(p)] += 1;
            all += 1;
        }
    std::size_t dark = 0, light = 255;
    double below = counts[0], above = counts[255];
    while (dark < 255 && below < kShare * all)
        below += counts[++dark];
    while (light > 0 && above < kShare * all)
        above += counts[--light];
    const image::Float3 darkest = mean_color(encoded, [&](int x, int y) {
        const Pixel p = pixel(x, y);
        return p.alpha >= 0.5f && level(p) <= dark;
    });
    const image::Float3 lightest = mean_color(encoded, [&](int x, int y) {
        const Pixel p = pixel(x, y);
        return p.alpha >= 0.5f && level(p) >= light;
    });
    const bool to_light = contrast(lightest, ground) >= contrast(darkest, ground);
    const image::Float3 start = to_light ? lightest : darkest;
    // Black or white reaches what any ground needs, the other does not always.
    const bool up = contrast(start, ground) >= kEnough
                        ? to_light
                        : contrast({1, 1, 1}, ground) >= contrast({0, 0, 0}, ground);
    image::Float3 lab = image::linear_to_oklab(up == to_light ? start : up ? lightest : darkest);
    const auto shown = [&] {
        image::Float3 c = image::oklab_to_linear(lab);
        for (float& v : c)
            v = std::clamp(v, 0.0f, 1.0f);
        return c;
    };
    image::Float3 color = shown();
    for (int step = 0; step < 100 && contrast(color, ground) < kEnough; ++step) {
        lab[0] = std::clamp(lab[0] + (up ? 0.02f : -0.02f), 0.0f, 1.0f);
        lab[1] *= 0.97f;
        lab[2] *= 0.97f;
        color = shown();
    }
    return color;
}

} // namespace mw::lettering
