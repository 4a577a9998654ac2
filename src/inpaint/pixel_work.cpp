#include "inpaint/pixel_work.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "image/convert.h"

namespace mw::inpaint {
namespace {

using image::Float3;

constexpr int kRows = 4; // between two looks at the stop token

image::PixelFormat as_float(image::PixelFormat format) {
    return {format.channels, image::SampleType::f32};
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

bool in_gamut(Float3 c) {
    constexpr float kSlack = 1e-4f;
    return std::all_of(c.begin(), c.end(),
                       [](float v) { return v >= -kSlack && v <= 1.0f + kSlack; });
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

} // namespace

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

LightAndColor means_under(image::ImageView linear, image::ImageView coverage) {
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
                const Float3 lab = image::linear_to_oklab(color_of(v, grey));
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

} // namespace mw::inpaint
