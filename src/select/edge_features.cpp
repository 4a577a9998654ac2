#include "select/edge_features.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "base/clones.h"
#include "compare/fast_math.h"
#include "select/pixels.h"

namespace mw::select {
namespace {

constexpr int kReach = 3; // of smoothing (2) and of differences (1)
constexpr int kWindow = kFeatureSide + 2 * kReach;
constexpr int kInner = kFeatureSide + 2; // smoothed, with a rim for differences
constexpr float kFlat = 0.002f;          // a gradient of encoded colour without direction

struct Window {
    float raw[3][kWindow][kWindow];
    float rows[kWindow][kWindow];
    float smooth[4][kInner][kInner]; // r g b, and their mean
};

// Binomial of five, both ways.
MW_CLONES void smoothen(Window& w) {
    for (int c = 0; c < 3; ++c) {
        for (int y = 0; y < kWindow; ++y)
            for (int x = 2; x < kWindow - 2; ++x) {
                const float* p = w.raw[c][y] + x;
                w.rows[y][x] = (p[-2] + p[2] + 4 * (p[-1] + p[1]) + 6 * p[0]) * (1.0f / 16);
            }
        for (int y = 0; y < kInner; ++y)
            for (int x = 0; x < kInner; ++x) {
                const int v = y + 2, u = x + 2;
                w.smooth[c][y][x] = (w.rows[v - 2][u] + w.rows[v + 2][u] +
                                     4 * (w.rows[v - 1][u] + w.rows[v + 1][u]) + 6 * w.rows[v][u]) *
                                    (1.0f / 16);
            }
    }
    for (int y = 0; y < kInner; ++y)
        for (int x = 0; x < kInner; ++x)
            w.smooth[3][y][x] =
                (w.smooth[0][y][x] + w.smooth[1][y][x] + w.smooth[2][y][x]) * (1.0f / 3);
}

void load(image::ImageView picture, int x0, int y0, Window& w) {
    const image::PixelFormat f = picture.format;
    const bool bytes = f.type == image::SampleType::u8;
    const int g = f.color_channels() == 3 ? 1 : 0, b = 2 * g;
    for (int y = 0; y < kWindow; ++y) {
        const int v = std::clamp(y0 + y - kReach, 0, picture.size.height - 1);
        for (int x = 0; x < kWindow; ++x) {
            const int u = std::clamp(x0 + x - kReach, 0, picture.size.width - 1);
            if (bytes) {
                const auto* p = picture.pixel<std::uint8_t>(u, v);
                w.raw[0][y][x] = static_cast<float>(p[0]) * (1.0f / 255);
                w.raw[1][y][x] = static_cast<float>(p[g]) * (1.0f / 255);
                w.raw[2][y][x] = static_cast<float>(p[b]) * (1.0f / 255);
                continue;
            }
            const Rgba p = rgba_at(picture, u, v);
            for (std::size_t c = 0; c < 3; ++c)
                w.raw[c][y][x] = std::isfinite(p[c]) ? p[c] : 0.0f;
        }
    }
}

// A row's gradients: of the channel where each is strongest.
MW_INLINE void gradient_row(const Window& w, int y, float* gx, float* gy, float* squared) {
    for (int x = 0; x < kFeatureSide; ++x)
        gx[x] = gy[x] = squared[x] = 0;
    for (int c = 0; c < 3; ++c) {
        const auto& s = w.smooth[c];
        for (int x = 0; x < kFeatureSide; ++x) {
            const float dx = s[y + 1][x + 2] - s[y + 1][x], dy = s[y + 2][x + 1] - s[y][x + 1];
            const float q = dx * dx + dy * dy;
            const bool more = q > squared[x];
            gx[x] = compare::select(more, dx, gx[x]);
            gy[x] = compare::select(more, dy, gy[x]);
            squared[x] = compare::select(more, q, squared[x]);
        }
    }
}

// The direction across a gradient, as a share 0..1 of a turn, within a thousandth.
MW_INLINE float turn_of(float gx, float gy) {
    const float x = -gy, y = gx; // a quarter turn on
    const float ax = std::abs(x), ay = std::abs(y);
    const bool steep = ay > ax;
    const float small = compare::select(steep, ax, ay), large = compare::select(steep, ay, ax);
    const float r = small / (large + 1e-20f), r2 = r * r;
    float turn = r * (0.15914f + r2 * (-0.05107f + r2 * 0.01712f)); // atan r / (2 pi)
    turn = compare::select(steep, 0.25f - turn, turn);
    turn = compare::select(x < 0, 0.5f - turn, turn);
    return compare::select(y < 0, 1 - turn, turn);
}

MW_CLONES void rate(const Window& w, float full, EdgeFeatures& out) {
    static thread_local float laplacian[kInner][kInner];
    const auto& mean = w.smooth[3];
    for (int y = 1; y < kInner - 1; ++y)
        for (int x = 1; x < kInner - 1; ++x)
            laplacian[y][x] =
                mean[y][x - 1] + mean[y][x + 1] + mean[y - 1][x] + mean[y + 1][x] - 4 * mean[y][x];
    float gx[kFeatureSide], gy[kFeatureSide], squared[kFeatureSide];
    for (int y = 0; y < kFeatureSide; ++y) {
        gradient_row(w, y, gx, gy, squared);
        std::uint8_t direction[kFeatureSide], cost[kFeatureSide];
        for (int x = 0; x < kFeatureSide; ++x) {
            const int turn = static_cast<int>(turn_of(gx[x], gy[x]) * kDirections + 0.5f);
            direction[x] = static_cast<std::uint8_t>(
                squared[x] < kFlat * kFlat ? kDirections : turn & (kDirections - 1));
            // A crossing belongs to the side that is nearer to zero; the tile's rim is not asked.
            const float own = laplacian[y + 1][x + 1];
            const auto crossing = [own](float other) {
                return (own * other < 0) & (std::abs(own) <= std::abs(other));
            };
            const bool crosses = crossing(laplacian[y + 1][x]) | crossing(laplacian[y + 1][x + 2]) |
                                 crossing(laplacian[y][x + 1]) | crossing(laplacian[y + 2][x + 1]);
            const float strength = std::sqrt(squared[x]) / full;
            const float weak = 1 - compare::select(strength > 1, 1.0f, strength);
            // A crossing of noise is none.
            const float none = compare::select(crosses, weak * weak, 1.0f);
            cost[x] = static_cast<std::uint8_t>(
                static_cast<int>(255 * (0.43f * none + 0.14f * weak) + 0.5f));
        }
        for (int x = 0; x < kFeatureSide; ++x)
            out[static_cast<std::size_t>(y * kFeatureSide + x)] = {cost[x], direction[x]};
    }
}

} // namespace

float full_gradient(image::ImageView picture) {
    const auto window = std::make_unique<Window>();
    std::vector<float> found;
    constexpr int kTiles = 5, kStep = 4;
    float gx[kFeatureSide], gy[kFeatureSide], squared[kFeatureSide];
    for (int j = 0; j < kTiles; ++j)
        for (int i = 0; i < kTiles; ++i) {
            const int x0 = std::max(0, (picture.size.width - kFeatureSide) * i / (kTiles - 1));
            const int y0 = std::max(0, (picture.size.height - kFeatureSide) * j / (kTiles - 1));
            load(picture, x0, y0, *window);
            smoothen(*window);
            for (int y = 0; y < kFeatureSide; y += kStep) {
                gradient_row(*window, y, gx, gy, squared);
                for (int x = 0; x < kFeatureSide; x += kStep)
                    found.push_back(squared[x]);
            }
        }
    const auto at = found.begin() + static_cast<std::ptrdiff_t>(found.size() * 99 / 100);
    std::nth_element(found.begin(), at, found.end());
    return std::max(0.02f, std::sqrt(*at));
}

void compute_features(image::ImageView picture, int x0, int y0, float full, EdgeFeatures& out) {
    static thread_local const auto window = std::make_unique<Window>();
    load(picture, x0, y0, *window);
    smoothen(*window);
    rate(*window, full, out);
}

} // namespace mw::select
