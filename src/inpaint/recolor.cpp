#include <algorithm>
#include <cmath>

#include "inpaint/adjust.h"
#include "inpaint/pixel_work.h"

namespace mw::inpaint {
namespace {

using image::Float3;

float smoothstep(float from, float to, float x) {
    const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

} // namespace

image::Image recolor(image::ImageView picture, image::ImageView coverage, Float3 target_srgb,
                     double lightness_pull, std::stop_token stop) {
    const Float3 target = image::linear_to_oklab({image::srgb_to_linear(target_srgb[0]),
                                                  image::srgb_to_linear(target_srgb[1]),
                                                  image::srgb_to_linear(target_srgb[2])});
    const image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const LightAndColor mean = means_under(linear.view(), coverage);
    const float from = std::clamp(mean.lightness, 0.02f, 0.98f);
    const float to =
        std::clamp(from + static_cast<float>(lightness_pull) * (target[0] - from), 0.02f, 0.98f);
    // A power keeps black black and white white while the mean lands where it should. Darker paint
    // scales all light alike, which in Oklab is a factor; only what glints (nearly white) stays
    // pale.
    const float power = std::log(to) / std::log(from);
    const float darken = std::min(1.0f, to / from);
    // Light that fades scales Oklab's three axes alike, so chroma over lightness is what a surface
    // keeps through its shading. Without a colour of its own every part is coloured alike.
    const float own = mean.chroma / from;
    const float has_color = smoothstep(0.03f, 0.10f, own);
    const float per_lightness =
        std::hypot(target[1], target[2]) / std::clamp(target[0], 0.05f, 1.0f);
    const float hue = std::atan2(target[2], target[1]);
    const float hue_a = std::cos(hue), hue_b = std::sin(hue);
    return each_pixel(picture, stop, [&](Float3 c) {
        const Float3 lab = image::linear_to_oklab(c);
        const float l = std::max(lab[0], 0.0f);
        const float glint = darken < 1.0f ? smoothstep(0.93f, 1.0f, l) : 1.0f;
        const float curved = l < 1.0f ? std::pow(l, power) : l;
        const float lightness = glint * curved + (1 - glint) * l * darken;
        const float relative =
            l > 1e-3f && own > 0 ? std::min(std::hypot(lab[1], lab[2]) / l / own, 1.3f) : 1.0f;
        const float chroma = per_lightness * lightness * (1 + has_color * (relative - 1));
        return fit_gamut({lightness, chroma * hue_a, chroma * hue_b});
    });
}

} // namespace mw::inpaint
