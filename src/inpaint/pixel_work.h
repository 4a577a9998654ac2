// What the adjustments share: pictures in linear light and back, a pixel at a time. Internal to the
// room.
#pragma once

#include <functional>
#include <stop_token>

#include "image/color.h"
#include "image/image.h"

namespace mw::inpaint {

// work(y) for all rows of 0 .. height, on several threads; false when stopped.
bool for_rows(int height, const std::stop_token& stop, const std::function<void(int)>& work);

// Linear light, straight alpha, f32 in the picture's channels. Empty when stopped.
image::Image linear_of(image::ImageView picture, const std::stop_token& stop);
// Back to the picture's own format, with its own alpha bit for bit. Empty when stopped, or when
// `linear` is.
image::Image encoded_as(image::Image linear, image::ImageView picture, const std::stop_token& stop);

// Colours times alpha; `undo` divides again, and what is transparent becomes black.
void multiply_alpha(image::Image& linear, bool undo);

// Gaussian of an f32 picture of any channels, sigma > 0 px, ends repeated. False when stopped.
bool blur_plane(image::Image& plane, double sigma, const std::stop_token& stop);

// Oklab to linear sRGB, with the chroma lowered until it is a colour of sRGB. Beyond white (HDR) as
// is.
image::Float3 fit_gamut(image::Float3 lab);

// Mean Oklab lightness and chroma of a linear f32 picture, weighted by `coverage` (kGray8, its
// size) and alpha; transparent pixels have no say. Without any coverage of the whole.
struct LightAndColor {
    float lightness = 0, chroma = 0;
};
LightAndColor means_under(image::ImageView linear, image::ImageView coverage);

inline image::Float3 color_of(const float* v, bool grey) {
    return grey ? image::Float3{v[0], v[0], v[0]} : image::Float3{v[0], v[1], v[2]};
}
inline void set_color(float* v, bool grey, image::Float3 c) {
    if (grey) {
        v[0] = 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2];
    } else {
        v[0] = c[0];
        v[1] = c[1];
        v[2] = c[2];
    }
}

// change(x, y, colour) -> colour for each pixel's linear colour, grey as three equal channels.
template <class Change>
image::Image each_pixel_at(image::ImageView picture, const std::stop_token& stop,
                           const Change& change) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const int channels = picture.format.channels;
    const bool grey = picture.format.color_channels() == 1;
    const bool whole = for_rows(picture.size.height, stop, [&](int y) {
        float* v = linear.span().row<float>(y);
        for (int x = 0; x < picture.size.width; ++x, v += channels)
            set_color(v, grey, change(x, y, color_of(v, grey)));
    });
    return whole ? encoded_as(std::move(linear), picture, stop) : image::Image{};
}
template <class Change>
image::Image each_pixel(image::ImageView picture, const std::stop_token& stop,
                        const Change& change) {
    return each_pixel_at(picture, stop, [&](int, int, image::Float3 c) { return change(c); });
}

} // namespace mw::inpaint
