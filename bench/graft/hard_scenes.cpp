// Contexts that say little or that mislead.
#include <algorithm>
#include <cmath>

#include "graft/scene.h"
#include "mask/shapes.h"

namespace mw::bench {
namespace {

using image::Image;

double value(const std::string& kind, int x, int y, int c, int index) {
    const double period = 11 + index;
    if (kind == "sky") return 150 + 20 * c + 30 * (y - 0.2 * x) / 600 + 4 * index;
    if (kind == "stripes") return 120 + 10 * c + 60 * std::sin(6.2832 * (x + 0.3 * y) / period);
    return 120 + 12 * c + 50 * std::sin(6.2832 * x / period) * std::sin(6.2832 * y / period);
}

} // namespace

Scene make_hard_scene(const std::string& kind, int index) {
    const Size size{600, 520};
    const Size wide_size{size.width + 2 * kMargin, size.height + 2 * kMargin};
    std::mt19937 random(static_cast<unsigned>(77 + index));
    std::normal_distribution<double> grain(0, 0.7);
    Image wide(wide_size, image::kRgb8), content(wide_size, image::kRgb8);
    for (int y = 0; y < wide_size.height; ++y)
        for (int x = 0; x < wide_size.width; ++x)
            for (int c = 0; c < 3; ++c) {
                wide.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(
                    std::clamp(value(kind, x, y, c, index) + grain(random), 0.0, 255.0));
                const double spot = std::sin(0.05 * x + c) * std::cos(0.07 * y - c);
                content.span().pixel<std::uint8_t>(x, y)[c] =
                    static_cast<std::uint8_t>(128 + 90 * spot + 20 * std::sin(0.6 * x + 0.5 * y));
            }
    Scene scene;
    scene.name = kind + "#" + std::to_string(index);
    scene.mask = mask::ellipse(size, {180, 150, 240, 210});
    finish(scene, wide, content, {}, random);
    return scene;
}

} // namespace mw::bench
