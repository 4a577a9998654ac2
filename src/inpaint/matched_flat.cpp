// A flat that fits in: the colours around carried across, and their noise.
#include <algorithm>
#include <cmath>
#include <vector>

#include "image/convert.h"
#include "inpaint/adjust.h"
#include "inpaint/coverage.h"

namespace mw::inpaint {
namespace {

// Weighted values at one scale: known pixels have weight 1, means of some known ones less.
struct Scale {
    Size size;
    std::vector<float> values, weights; // values are times their weights
};

Scale half_of(const Scale& s, int n) {
    Scale out{{(s.size.width + 1) / 2, (s.size.height + 1) / 2}, {}, {}};
    const auto count = static_cast<std::size_t>(out.size.area());
    out.values.assign(count * static_cast<std::size_t>(n), 0);
    out.weights.assign(count, 0);
    for (int y = 0; y < s.size.height; ++y)
        for (int x = 0; x < s.size.width; ++x) {
            const auto from = static_cast<std::size_t>(y) * static_cast<std::size_t>(s.size.width) +
                              static_cast<std::size_t>(x);
            const auto to =
                static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(out.size.width) +
                static_cast<std::size_t>(x / 2);
            out.weights[to] += s.weights[from];
            for (int c = 0; c < n; ++c)
                out.values[to * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)] +=
                    s.values[from * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)];
        }
    // What is known to a quarter already speaks for the whole.
    for (std::size_t i = 0; i < count; ++i) {
        const float w = out.weights[i];
        if (w <= 1) continue;
        for (int c = 0; c < n; ++c)
            out.values[i * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)] /= w;
        out.weights[i] = 1;
    }
    return out;
}

// Where less than all is known the coarser scale, read smoothly, makes up for it.
void push(const Scale& coarse, Scale& fine, int n) {
    const int w = coarse.size.width, h = coarse.size.height;
    for (int y = 0; y < fine.size.height; ++y)
        for (int x = 0; x < fine.size.width; ++x) {
            const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(fine.size.width) +
                           static_cast<std::size_t>(x);
            const float missing = 1 - fine.weights[i];
            if (missing <= 0) continue;
            const float u = std::clamp(0.5f * static_cast<float>(x) - 0.25f, 0.0f,
                                       static_cast<float>(w - 1)),
                        v = std::clamp(0.5f * static_cast<float>(y) - 0.25f, 0.0f,
                                       static_cast<float>(h - 1));
            const int x0 = static_cast<int>(u), y0 = static_cast<int>(v);
            const float fx = u - static_cast<float>(x0), fy = v - static_cast<float>(y0);
            for (int c = 0; c < n; ++c) {
                const auto at = [&](int px, int py) {
                    return coarse.values[(static_cast<std::size_t>(std::min(py, h - 1)) *
                                              static_cast<std::size_t>(w) +
                                          static_cast<std::size_t>(std::min(px, w - 1))) *
                                             static_cast<std::size_t>(n) +
                                         static_cast<std::size_t>(c)];
                };
                const float smooth = (1 - fy) * ((1 - fx) * at(x0, y0) + fx * at(x0 + 1, y0)) +
                                     fy * ((1 - fx) * at(x0, y0 + 1) + fx * at(x0 + 1, y0 + 1));
                fine.values[i * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)] +=
                    missing * smooth;
            }
            fine.weights[i] = 1;
        }
}

// A number for a place and a seed, the same on any machine; about normal, sigma 1.
float normal_at(std::uint64_t seed, std::uint64_t index) {
    float sum = 0;
    for (std::uint64_t k = 0; k < 4; ++k) {
        std::uint64_t z = seed * 0x9e3779b97f4a7c15u + index * 4 + k + 0x632be59bd9b4e019u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        sum += static_cast<float>(z >> 40) / 16777216.0f - 0.5f;
    }
    return sum * 1.7320508f; // four uniform ones have a variance of 1/3
}

} // namespace

image::Image matched_flat(image::ImageView picture, image::ImageView coverage, std::uint64_t seed,
                          std::stop_token stop) {
    const int n = picture.format.channels, colors = picture.format.color_channels();
    const image::Image encoded = image::convert(picture, {n, image::SampleType::f32});
    Scale finest{picture.size, {}, {}};
    const auto count = static_cast<std::size_t>(picture.size.area());
    finest.values.assign(count * static_cast<std::size_t>(n), 0);
    finest.weights.assign(count, 0);
    for (int y = 0; y < picture.size.height; ++y) {
        const float* row = encoded.view().row<float>(y);
        const std::uint8_t* m = coverage.row<std::uint8_t>(y);
        for (int x = 0; x < picture.size.width; ++x) {
            const auto i =
                static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.size.width) +
                static_cast<std::size_t>(x);
            if (m[x] != 0 || !std::all_of(row + x * n, row + (x + 1) * n,
                                          [](float v) { return std::isfinite(v); }))
                continue;
            finest.weights[i] = 1;
            std::copy_n(row + x * n, n, finest.values.begin() + static_cast<std::ptrdiff_t>(i) * n);
        }
    }
    std::vector<Scale> scales;
    scales.push_back(std::move(finest));
    while (scales.back().size.area() > 1) {
        if (stop.stop_requested()) return {};
        scales.push_back(half_of(scales.back(), n));
    }
    if (scales.back().weights[0] <= 0) { // nothing is known
        std::fill(scales.back().values.begin(), scales.back().values.end(), 0.5f);
        if (picture.format.has_alpha()) scales.back().values[static_cast<std::size_t>(n - 1)] = 1;
    } else {
        for (float& v : scales.back().values)
            v /= scales.back().weights[0];
    }
    scales.back().weights[0] = 1;
    for (std::size_t i = scales.size() - 1; i-- > 0;) {
        if (stop.stop_requested()) return {};
        push(scales[i + 1], scales[i], n);
    }
    // The noise of what is around, not of what is covered.
    const Rect hole = coverage_bounds(coverage);
    const Rect around =
        intersect(hole.grown(std::max(hole.size().longer_side() / 2, 24)), picture.rect());
    const double sigma =
        around.empty() ? 0 : noise_sigma(picture.sub(around), coverage.sub(around));
    image::Image out = image::clone(encoded.view());
    for (int y = 0; y < picture.size.height; ++y) {
        if (stop.stop_requested()) return {};
        float* row = out.span().row<float>(y);
        const std::uint8_t* m = coverage.row<std::uint8_t>(y);
        for (int x = 0; x < picture.size.width; ++x) {
            if (m[x] == 0) continue;
            const auto i =
                static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.size.width) +
                static_cast<std::size_t>(x);
            const float noise = static_cast<float>(sigma) * normal_at(seed, i);
            for (int c = 0; c < n; ++c)
                row[x * n + c] =
                    scales[0]
                        .values[i * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)] +
                    (c < colors ? noise : 0);
        }
    }
    return image::convert(out.view(), picture.format);
}

} // namespace mw::inpaint
