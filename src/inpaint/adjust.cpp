#include "inpaint/adjust.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::inpaint {
namespace {

using image::Float3;

constexpr int kRows = 4; // between two looks at the stop token

image::PixelFormat as_float(image::PixelFormat format) {
    return {format.channels, image::SampleType::f32};
}

// work(y) for all rows; false when stopped.
bool for_rows(int height, const std::stop_token& stop, const std::function<void(int)>& work) {
    std::atomic<bool> whole{true};
    parallel_for(height, kRows, [&](int begin, int end) {
        if (stop.stop_requested()) {
            whole = false;
            return;
        }
        for (int y = begin; y < end; ++y)
            work(y);
    });
    return whole;
}

// In strips, so that a large picture can be left in the middle.
bool convert_rows(image::ImageView source, image::ImageSpan target, const std::stop_token& stop) {
    constexpr int kStrip = 64;
    for (int y = 0; y < source.size.height; y += kStrip) {
        if (stop.stop_requested()) return false;
        const Rect strip{0, y, source.size.width, std::min(kStrip, source.size.height - y)};
        image::convert_into(source.sub(strip), target.sub(strip));
    }
    return true;
}

// Linear light, straight alpha. Empty when stopped.
image::Image linear_of(image::ImageView picture, const std::stop_token& stop) {
    image::Image out(picture.size, as_float(picture.format));
    const int channels = picture.format.channels, colors = picture.format.color_channels();
    if (!convert_rows(picture, out.span(), stop)) return {};
    const bool whole = for_rows(picture.size.height, stop, [&](int y) {
        float* v = out.span().row<float>(y);
        for (int x = 0; x < picture.size.width; ++x, v += channels)
            for (int c = 0; c < colors; ++c)
                v[c] = image::srgb_to_linear(v[c]);
    });
    return whole ? std::move(out) : image::Image{};
}

// Back to the picture's own format, with its own alpha bit for bit. Empty when stopped.
image::Image encoded_as(image::Image linear, image::ImageView picture,
                        const std::stop_token& stop) {
    if (linear.empty()) return {};
    const int channels = picture.format.channels, colors = picture.format.color_channels();
    const bool whole = for_rows(picture.size.height, stop, [&](int y) {
        float* v = linear.span().row<float>(y);
        for (int x = 0; x < picture.size.width; ++x, v += channels)
            for (int c = 0; c < colors; ++c)
                v[c] = image::linear_to_srgb(v[c]);
    });
    if (!whole) return {};
    image::Image out(picture.size, picture.format);
    if (!convert_rows(linear.view(), out.span(), stop)) return {};
    if (!picture.format.has_alpha()) return out;
    const int sample = image::sample_bytes(picture.format.type);
    for (int y = 0; y < picture.size.height; ++y) {
        const std::byte* from = picture.row_bytes(y) + (channels - 1) * sample;
        std::byte* to = out.span().row_bytes(y) + (channels - 1) * sample;
        for (int x = 0; x < picture.size.width; ++x)
            std::copy_n(from + x * channels * sample, sample, to + x * channels * sample);
    }
    return out;
}

// Each pixel's linear colour replaced by change(colour); grey pictures as three equal channels.
template <class Change>
image::Image each_pixel(image::ImageView picture, const std::stop_token& stop,
                        const Change& change) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const int channels = picture.format.channels;
    const bool grey = picture.format.color_channels() == 1;
    const bool whole = for_rows(picture.size.height, stop, [&](int y) {
        float* v = linear.span().row<float>(y);
        for (int x = 0; x < picture.size.width; ++x, v += channels) {
            const Float3 c = change(grey ? Float3{v[0], v[0], v[0]} : Float3{v[0], v[1], v[2]});
            if (grey) {
                v[0] = 0.2126f * c[0] + 0.7152f * c[1] + 0.0722f * c[2];
            } else {
                std::copy(c.begin(), c.end(), v);
            }
        }
    });
    return whole ? encoded_as(std::move(linear), picture, stop) : image::Image{};
}

bool in_gamut(Float3 c) {
    constexpr float kSlack = 1e-4f;
    return std::all_of(c.begin(), c.end(),
                       [](float v) { return v >= -kSlack && v <= 1.0f + kSlack; });
}

// Oklab to linear with the chroma lowered until it is a colour of sRGB. Beyond white (HDR) as is.
Float3 fit_gamut(Float3 lab) {
    Float3 c = image::oklab_to_linear(lab);
    if (in_gamut(c) || lab[0] >= 1.0f || lab[0] <= 0.0f) return c;
    float low = 0, high = 1;
    for (int i = 0; i < 10; ++i) {
        const float middle = 0.5f * (low + high);
        (in_gamut(image::oklab_to_linear({lab[0], lab[1] * middle, lab[2] * middle})) ? low
                                                                                      : high) =
            middle;
    }
    return image::oklab_to_linear({lab[0], lab[1] * low, lab[2] * low});
}

struct Means {
    float lightness = 0, chroma = 0;
};

// Weighted by coverage and alpha; transparent pixels have no say.
Means mean_under(image::ImageView linear, image::ImageView coverage) {
    const int channels = linear.format.channels;
    const bool grey = linear.format.color_channels() == 1;
    double lightness = 0, chroma = 0, weights = 0;
    for (const bool everywhere : {false, true}) {
        for (int y = 0; y < linear.size.height; ++y) {
            const float* v = linear.row<float>(y);
            const std::uint8_t* m = coverage.row<std::uint8_t>(y);
            for (int x = 0; x < linear.size.width; ++x, v += channels) {
                double w = everywhere ? 1.0 : m[x] / 255.0;
                if (linear.format.has_alpha()) w *= v[channels - 1];
                if (!(w > 0)) continue;
                const Float3 lab = image::linear_to_oklab(grey ? Float3{v[0], v[0], v[0]}
                                                               : Float3{v[0], v[1], v[2]});
                if (!std::isfinite(lab[0]) || !std::isfinite(lab[1]) || !std::isfinite(lab[2]))
                    continue;
                lightness += w * lab[0];
                chroma += w * std::hypot(lab[1], lab[2]);
                weights += w;
            }
        }
        if (weights > 0) break;
    }
    if (weights <= 0) return {0.5f, 0};
    return {static_cast<float>(lightness / weights), static_cast<float>(chroma / weights)};
}

float smoothstep(float from, float to, float x) {
    const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

std::vector<float> gaussian_taps(double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(3.0 * sigma)));
    std::vector<float> taps(static_cast<std::size_t>(2 * radius + 1));
    double sum = 0;
    for (int i = -radius; i <= radius; ++i)
        sum += std::exp(-0.5 * i * i / (sigma * sigma));
    for (int i = -radius; i <= radius; ++i)
        taps[static_cast<std::size_t>(i + radius)] =
            static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
    return taps;
}

// Separable; premultiplied, interleaved. False when stopped.
bool blur_plane(image::Image& plane, double sigma, const std::stop_token& stop) {
    const std::vector<float> taps = gaussian_taps(sigma);
    const int radius = static_cast<int>(taps.size() / 2), n = plane.format().channels;
    const int width = plane.width(), height = plane.height();
    image::Image turned(plane.size(), plane.format());
    const bool along = for_rows(height, stop, [&](int y) {
        const float* s = plane.view().row<float>(y);
        float* t = turned.span().row<float>(y);
        // The row with its ends repeated, so that the taps run without a branch.
        std::vector<float> row(static_cast<std::size_t>((width + 2 * radius) * n));
        for (int x = -radius; x < width + radius; ++x)
            std::copy_n(s + std::clamp(x, 0, width - 1) * n, n, row.begin() + (x + radius) * n);
        for (int k = 0; k <= 2 * radius; ++k) {
            const float w = taps[static_cast<std::size_t>(k)];
            const float* from = row.data() + k * n;
            for (int i = 0; i < width * n; ++i)
                t[i] += w * from[i];
        }
    });
    if (!along) return false;
    return for_rows(height, stop, [&](int y) {
        float* t = plane.span().row<float>(y);
        std::fill_n(t, width * n, 0.0f);
        for (int k = -radius; k <= radius; ++k) {
            const float* s = turned.view().row<float>(std::clamp(y + k, 0, height - 1));
            const float w = taps[static_cast<std::size_t>(k + radius)];
            for (int i = 0; i < width * n; ++i)
                t[i] += w * s[i];
        }
    });
}

void multiply_alpha(image::Image& linear, bool undo) {
    if (!linear.format().has_alpha()) return;
    const int channels = linear.format().channels;
    for (int y = 0; y < linear.height(); ++y) {
        float* v = linear.span().row<float>(y);
        for (int x = 0; x < linear.width(); ++x, v += channels) {
            const float a = v[channels - 1];
            for (int c = 0; c + 1 < channels; ++c)
                v[c] = undo ? (a > 1e-6f ? v[c] / a : 0.0f) : v[c] * a;
        }
    }
}

} // namespace

image::Image recolor(image::ImageView picture, image::ImageView coverage, Float3 target_srgb,
                     double lightness_pull, std::stop_token stop) {
    const Float3 target = image::linear_to_oklab({image::srgb_to_linear(target_srgb[0]),
                                                  image::srgb_to_linear(target_srgb[1]),
                                                  image::srgb_to_linear(target_srgb[2])});
    const image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const Means mean = mean_under(linear.view(), coverage);
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

image::Image blur(image::ImageView picture, double sigma_px, std::stop_token stop) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    // Wide blurs are done on a smaller picture: what shrinking loses, the blur would lose anyway.
    int shrink = 1;
    while (sigma_px / shrink > 12 && picture.size.width / shrink > 8 &&
           picture.size.height / shrink > 8)
        shrink *= 2;
    const Size full = picture.size;
    if (shrink > 1)
        linear = image::resample(
            linear.view(),
            {(full.width + shrink - 1) / shrink, (full.height + shrink - 1) / shrink},
            image::Filter::area);
    if (stop.stop_requested()) return {};
    multiply_alpha(linear, false);
    // A box of `shrink` has blurred already, by the variance (n^2 - 1) / 12.
    const double wanted = sigma_px * sigma_px, had = (shrink * shrink - 1) / 12.0;
    if (!blur_plane(linear, std::sqrt(wanted - had) / shrink, stop)) return {};
    multiply_alpha(linear, true);
    if (shrink > 1) linear = image::resample(linear.view(), full, image::Filter::lanczos);
    return encoded_as(std::move(linear), picture, stop);
}

image::Image pixelate(image::ImageView picture, int side_px, std::stop_token stop) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    multiply_alpha(linear, false);
    const int side = std::clamp(side_px, 2, std::max(2, picture.size.longer_side()));
    const int channels = picture.format.channels;
    const int cells = (picture.size.height + side - 1) / side;
    const bool whole = for_rows(cells, stop, [&](int row) {
        const int top = row * side, bottom = std::min(top + side, picture.size.height);
        for (int left = 0; left < picture.size.width; left += side) {
            const int right = std::min(left + side, picture.size.width);
            double sum[4] = {};
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    for (int c = 0; c < channels; ++c)
                        sum[c] += linear.view().pixel<float>(x, y)[c];
            const double count = double(right - left) * (bottom - top);
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    for (int c = 0; c < channels; ++c)
                        linear.span().pixel<float>(x, y)[c] = static_cast<float>(sum[c] / count);
        }
    });
    if (!whole) return {};
    multiply_alpha(linear, true);
    return encoded_as(std::move(linear), picture, stop);
}

image::Image expose(image::ImageView picture, double stops, std::stop_token stop) {
    const auto gain = static_cast<float>(std::exp2(stops));
    return each_pixel(picture, stop, [gain](Float3 c) {
        return Float3{c[0] * gain, c[1] * gain, c[2] * gain};
    });
}

image::Image desaturate(image::ImageView picture, double amount, std::stop_token stop) {
    const auto keep = static_cast<float>(std::max(0.0, 1.0 - amount));
    return each_pixel(picture, stop, [keep](Float3 c) {
        Float3 lab = image::linear_to_oklab(c);
        lab[1] *= keep;
        lab[2] *= keep;
        return keep > 1 ? fit_gamut(lab) : image::oklab_to_linear(lab);
    });
}

} // namespace mw::inpaint
