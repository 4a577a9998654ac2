#include "image/taps.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::image {
namespace {

double box_overlap(double center, double half, int tap) {
    const double left = std::max(center - half, tap - 0.5),
                 right = std::min(center + half, tap + 0.5);
    return std::max(0.0, right - left);
}

constexpr float kMost = std::numeric_limits<float>::max();

// One row across, N channels.
template <int N, bool kLimited>
MW_INLINE void across_row(const float* source, float* target, const Taps& taps, int width) {
    for (int x = 0; x < width; ++x, target += N) {
        const float* w = taps.at(x);
        const float* p = source + std::ptrdiff_t{taps.first[static_cast<std::size_t>(x)]} * N;
        float sum[N] = {}, low[N], high[N];
        for (int c = 0; c < N; ++c) {
            low[c] = kMost;
            high[c] = -kMost;
        }
        for (int k = 0; k < taps.width; ++k, p += N)
            for (int c = 0; c < N; ++c) {
                sum[c] += w[k] * p[c];
                if constexpr (kLimited) {
                    if (w[k] == 0.0f) continue;
                    low[c] = std::min(low[c], p[c]);
                    high[c] = std::max(high[c], p[c]);
                }
            }
        for (int c = 0; c < N; ++c)
            target[c] = kLimited ? std::min(std::max(sum[c], low[c]), high[c]) : sum[c];
    }
}

template <bool kLimited>
void across_any(const float* source, float* target, const Taps& taps, int width, int channels) {
    switch (channels) {
        case 1:
            return across_row<1, kLimited>(source, target, taps, width);
        case 2:
            return across_row<2, kLimited>(source, target, taps, width);
        case 3:
            return across_row<3, kLimited>(source, target, taps, width);
        default:
            return across_row<4, kLimited>(source, target, taps, width);
    }
}

// What one row adds to the sums of a row below or above it.
MW_CLONES void add_row(const float* p, float w, float* sum, int count) {
    for (int j = 0; j < count; ++j)
        sum[j] += w * p[j];
}
MW_CLONES void widen_range(const float* p, float* low, float* high, int count) {
    for (int j = 0; j < count; ++j) {
        low[j] = p[j] < low[j] ? p[j] : low[j];
        high[j] = p[j] > high[j] ? p[j] : high[j];
    }
}
MW_CLONES void limit(float* sum, const float* low, const float* high, int count) {
    for (int j = 0; j < count; ++j) {
        const float v = sum[j] > low[j] ? sum[j] : low[j];
        sum[j] = v < high[j] ? v : high[j];
    }
}

} // namespace

double lanczos3(double x) {
    x = std::abs(x);
    if (x < 1e-9) return 1;
    if (x >= 3) return 0;
    const double p = std::numbers::pi * x;
    return 3 * std::sin(p) * std::sin(p / 3) / (p * p);
}

Taps make_taps(int from, int to, Grid grid, Filter filter) {
    const double widen = std::max(1.0, grid.step);
    const double support = filter == Filter::area ? 0.5 * widen : 3 * widen;
    Taps taps;
    taps.width = std::min(from, static_cast<int>(std::ceil(2 * support)) + 2);
    taps.first.resize(static_cast<std::size_t>(to));
    taps.weights.assign(static_cast<std::size_t>(to) * static_cast<std::size_t>(taps.width), 0.0f);
    std::vector<double> exact(static_cast<std::size_t>(taps.width));
    for (int i = 0; i < to; ++i) {
        const double center = grid.origin + i * grid.step;
        const int low = static_cast<int>(std::floor(center - support));
        const int high = static_cast<int>(std::ceil(center + support));
        const int first = std::clamp(low, 0, from - taps.width);
        float* weights =
            &taps.weights[static_cast<std::size_t>(i) * static_cast<std::size_t>(taps.width)];
        double sum = 0;
        std::fill(exact.begin(), exact.end(), 0.0);
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

Image through_taps(ImageView wide, const Taps& across, const Taps& down, bool limited) {
    const int n = wide.format.channels;
    const Size size{static_cast<int>(across.first.size()), static_cast<int>(down.first.size())};
    Image narrow({size.width, wide.size.height}, wide.format);
    parallel_for(wide.size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* s = wide.row<float>(y);
            float* t = narrow.span().row<float>(y);
            if (limited)
                across_any<true>(s, t, across, size.width, n);
            else
                across_any<false>(s, t, across, size.width, n);
        }
    });
    Image out(size, wide.format);
    const int count = size.width * n;
    parallel_for(size.height, 16, [&](int begin, int end) {
        std::vector<float> low, high;
        for (int y = begin; y < end; ++y) {
            const float* w = down.at(y);
            float* t = out.span().row<float>(y);
            if (limited) {
                low.assign(static_cast<std::size_t>(count), kMost);
                high.assign(static_cast<std::size_t>(count), -kMost);
            }
            for (int k = 0; k < down.width; ++k) {
                if (w[k] == 0.0f) continue;
                const float* p =
                    narrow.view().row<float>(down.first[static_cast<std::size_t>(y)] + k);
                add_row(p, w[k], t, count);
                if (limited) widen_range(p, low.data(), high.data(), count);
            }
            if (limited) limit(t, low.data(), high.data(), count);
        }
    });
    return out;
}

} // namespace mw::image
