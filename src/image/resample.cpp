#include "image/resample.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "base/parallel.h"
#include "image/convert.h"

namespace mw::image {
namespace {

// The weights of one output position: taps `first` .. `first + weights - 1`, clamped at the edges
// already.
struct Taps {
    std::vector<int> first;
    std::vector<float> weights; // `width` per position
    int width = 0;
};

double lanczos3(double x) {
    x = std::abs(x);
    if (x < 1e-9) return 1;
    if (x >= 3) return 0;
    const double p = std::numbers::pi * x;
    return 3 * std::sin(p) * std::sin(p / 3) / (p * p);
}

double box_overlap(double center, double half, int tap) {
    const double left = std::max(center - half, tap - 0.5),
                 right = std::min(center + half, tap + 0.5);
    return std::max(0.0, right - left);
}

Taps make_taps(int from, int to, Filter filter) {
    const double scale = double(from) / to, widen = std::max(1.0, scale);
    const double support = filter == Filter::area ? 0.5 * widen : 3 * widen;
    Taps taps;
    taps.width = std::min(from, static_cast<int>(std::ceil(2 * support)) + 2);
    taps.first.resize(static_cast<std::size_t>(to));
    taps.weights.assign(static_cast<std::size_t>(to) * static_cast<std::size_t>(taps.width), 0.0f);
    for (int i = 0; i < to; ++i) {
        const double center = (i + 0.5) * scale - 0.5;
        const int low = static_cast<int>(std::floor(center - support));
        const int high = static_cast<int>(std::ceil(center + support));
        const int first = std::clamp(low, 0, from - taps.width);
        float* weights =
            &taps.weights[static_cast<std::size_t>(i) * static_cast<std::size_t>(taps.width)];
        double sum = 0;
        std::vector<double> exact(static_cast<std::size_t>(taps.width), 0.0);
        for (int t = low; t <= high; ++t) {
            const double w = filter == Filter::area ? box_overlap(center, support, t)
                                                    : lanczos3((t - center) / widen);
            const int at = std::clamp(std::clamp(t, 0, from - 1) - first, 0, taps.width - 1);
            exact[static_cast<std::size_t>(at)] += w;
            sum += w;
        }
        for (int t = 0; t < taps.width; ++t)
            weights[t] = static_cast<float>(exact[static_cast<std::size_t>(t)] / sum);
        taps.first[static_cast<std::size_t>(i)] = first;
    }
    return taps;
}

void weight_by_alpha(ImageSpan pixels) {
    const int n = pixels.format.channels;
    for (int y = 0; y < pixels.size.height; ++y) {
        float* p = pixels.row<float>(y);
        for (int x = 0; x < pixels.size.width; ++x, p += n)
            for (int c = 0; c + 1 < n; ++c)
                p[c] *= p[n - 1];
    }
}

void divide_by_alpha(ImageSpan pixels) {
    const int n = pixels.format.channels;
    for (int y = 0; y < pixels.size.height; ++y) {
        float* p = pixels.row<float>(y);
        for (int x = 0; x < pixels.size.width; ++x, p += n)
            for (int c = 0; c + 1 < n; ++c)
                p[c] = p[n - 1] > 1e-6f ? p[c] / p[n - 1] : 0.0f;
    }
}

} // namespace

Image resample(ImageView source, Size size, Filter filter) {
    assert(!source.empty() && !size.empty());
    const int n = source.format.channels;
    Image wide = convert(source, {n, SampleType::f32});
    if (source.format.has_alpha()) weight_by_alpha(wide.span());
    const Taps across = make_taps(source.size.width, size.width, filter);
    const Taps down = make_taps(source.size.height, size.height, filter);
    Image narrow({size.width, source.size.height}, {n, SampleType::f32});
    parallel_for(source.size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* s = wide.view().row<float>(y);
            float* t = narrow.span().row<float>(y);
            for (int x = 0; x < size.width; ++x) {
                const auto i = static_cast<std::size_t>(x);
                const float* w = &across.weights[i * static_cast<std::size_t>(across.width)];
                const float* p = s + std::ptrdiff_t{across.first[i]} * n;
                for (int c = 0; c < n; ++c) {
                    float sum = 0;
                    for (int k = 0; k < across.width; ++k)
                        sum += w[k] * p[k * n + c];
                    t[x * n + c] = sum;
                }
            }
        }
    });
    Image out(size, {n, SampleType::f32});
    parallel_for(size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const auto i = static_cast<std::size_t>(y);
            const float* w = &down.weights[i * static_cast<std::size_t>(down.width)];
            float* t = out.span().row<float>(y);
            for (int k = 0; k < down.width; ++k) {
                if (w[k] == 0.0f) continue;
                const float* p = narrow.view().row<float>(down.first[i] + k);
                for (int j = 0; j < size.width * n; ++j)
                    t[j] += w[k] * p[j];
            }
        }
    });
    if (source.format.has_alpha()) divide_by_alpha(out.span());
    return source.format.type == SampleType::f32 ? std::move(out)
                                                 : convert(out.view(), source.format);
}

Image halve(ImageView source) {
    assert(source.format.type == SampleType::u8);
    const int n = source.format.channels;
    Image out({(source.size.width + 1) / 2, (source.size.height + 1) / 2}, source.format);
    for (int y = 0; y < out.height(); ++y) {
        const auto* a = source.row<std::uint8_t>(2 * y);
        const auto* b = source.row<std::uint8_t>(std::min(2 * y + 1, source.size.height - 1));
        auto* t = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < out.width(); ++x) {
            const int left = 2 * x * n, right = std::min(2 * x + 1, source.size.width - 1) * n;
            for (int c = 0; c < n; ++c)
                t[x * n + c] = static_cast<std::uint8_t>(
                    (a[left + c] + a[right + c] + b[left + c] + b[right + c] + 2) >> 2);
        }
    }
    return out;
}

} // namespace mw::image
