#include "inpaint/vote.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "base/parallel.h"

namespace mw::inpaint {
namespace {

constexpr int kMaxVotes = 15 * 15;

struct Ballot {
    std::array<Point, kMaxVotes> from; // the source pixel each patch offers
    std::array<float, kMaxVotes> weight;
    std::array<float, kMaxVotes> bias; // of luma, guide units
    int count = 0;
};

// 1.3 ^ -distance into the hole (Wexler et al.): what lies near the border is known better, so it
// wins over the middle and the fill grows inwards.
std::array<float, 256> make_confidence() {
    std::array<float, 256> table;
    float w = 1;
    for (float& v : table) {
        v = w;
        w = std::max(w / 1.3f, 1e-6f);
    }
    return table;
}

// exp(-x) nearly, from operations that IEEE 754 rounds exactly: the same votes on every machine.
float falloff(float x) {
    const float t = 1.0f + x * 0.125f;
    const float t2 = t * t, t4 = t2 * t2;
    return 1.0f / (t4 * t4);
}

void collect(const Level& level, const Field& field, const std::vector<std::uint16_t>& depth,
             double spread, int x, int y, Ballot& ballot) {
    static const std::array<float, 256> confidence = make_confidence();
    std::array<float, kMaxVotes> cost;
    const int half = level.patch_side / 2;
    int n = 0;
    const int left = std::max(x - half, 0), right = std::min(x + half, level.size.width - 1);
    const int top = std::max(y - half, 0), bottom = std::min(y + half, level.size.height - 1);
    float sum = 0, least = 3e38f;
    const int here = depth[level.at(x, y)];
    for (int qy = top; qy <= bottom; ++qy) {
        for (int qx = left; qx <= right; ++qx) {
            const std::size_t i = level.at(qx, qy);
            if (!level.target[i]) continue;
            const Match& m = field.match[i];
            ballot.from[n] = {m.x + x - qx, m.y + y - qy};
            ballot.bias[n] = static_cast<float>(m.bias);
            // Relative to this pixel's own depth, so that deep holes do not run out of float range.
            const int deeper = std::clamp(depth[i] - here + 16, 0, 255);
            ballot.weight[n] = confidence[static_cast<std::size_t>(deeper)];
            cost[n] = static_cast<float>(m.cost);
            sum += cost[n];
            least = std::min(least, cost[n]);
            ++n;
        }
    }
    ballot.count = n;
    if (n == 0) return;
    // The scale of what counts as much worse is the neighbourhood's own mean above its best.
    const float scale = static_cast<float>(spread) * (sum / static_cast<float>(n)) + 1.0f;
    for (int i = 0; i < n; ++i)
        ballot.weight[i] *= falloff((cost[i] - least) / scale);
}

template <class Visit>
bool for_hole_rows(const Level& level, const std::stop_token& stop, const Visit& visit) {
    std::atomic<bool> whole{true};
    const Rect bounds = level.hole_bounds;
    parallel_for(bounds.height, 4, [&](int begin, int end) {
        Ballot ballot;
        for (int y = bounds.y + begin; y < bounds.y + end; ++y) {
            if (stop.stop_requested()) {
                whole = false;
                return;
            }
            for (int x = bounds.x; x < bounds.right(); ++x)
                if (level.hole[level.at(x, y)]) visit(x, y, ballot);
        }
    });
    return whole;
}

template <class T>
void store(T* target, const float* mean, int channels) {
    for (int c = 0; c < channels; ++c) {
        if constexpr (std::is_same_v<T, float>)
            target[c] = mean[c];
        else
            target[c] = static_cast<T>(std::clamp(
                mean[c] + 0.5f, 0.0f, static_cast<float>(std::numeric_limits<T>::max())));
    }
}

template <class T>
void vote_pixel(image::ImageView picture, image::ImageSpan target, const Ballot& ballot, int x,
                int y) {
    const int channels = picture.format.channels;
    const bool alpha = picture.format.has_alpha();
    constexpr float kUnit =
        (std::is_same_v<T, float> ? 1.0f : static_cast<float>(std::numeric_limits<T>::max())) /
        kGuideMax;
    float sum[4] = {}, weights = 0, alpha_sum = 0;
    for (int i = 0; i < ballot.count; ++i) {
        const T* s = picture.pixel<T>(ballot.from[i].x, ballot.from[i].y);
        float w = ballot.weight[i];
        weights += w;
        if (alpha) {
            alpha_sum += w * static_cast<float>(s[channels - 1]);
            w *= static_cast<float>(s[channels - 1]);
        }
        for (int c = 0; c < picture.format.color_channels(); ++c)
            sum[c] += w * (static_cast<float>(s[c]) + ballot.bias[i] * kUnit);
    }
    float mean[4] = {};
    const float color_weight = alpha ? alpha_sum : weights;
    for (int c = 0; c < picture.format.color_channels(); ++c)
        mean[c] = color_weight > 0 ? sum[c] / color_weight : 0;
    if (alpha) mean[channels - 1] = alpha_sum / weights;
    store(target.pixel<T>(x, y), mean, channels);
}

} // namespace

bool vote(Level& level, const Field& field, const std::vector<std::uint16_t>& depth, double spread,
          const std::stop_token& stop) {
    // Sources are never in the hole, so reading and writing one guide is no race.
    return for_hole_rows(level, stop, [&](int x, int y, Ballot& ballot) {
        collect(level, field, depth, spread, x, y, ballot);
        if (ballot.count == 0) return;
        float sum[kGuideChannels] = {}, weights = 0;
        for (int i = 0; i < ballot.count; ++i) {
            const std::int16_t* g = level.pixel(ballot.from[i].x, ballot.from[i].y);
            const float w = ballot.weight[i];
            weights += w;
            for (int c = 0; c < kGuideChannels; ++c)
                sum[c] += w * static_cast<float>(g[c]);
            sum[0] += w * ballot.bias[i];
        }
        for (int c = 0; c < kGuideChannels; ++c)
            level.pixel(x, y)[c] = static_cast<std::int16_t>(
                std::clamp(sum[c] / weights + 0.5f, 0.0f, static_cast<float>(kGuideMax)));
    });
}

bool vote_pixels(const Level& level, const Field& field, const std::vector<std::uint16_t>& depth,
                 image::ImageView picture, image::ImageSpan target, double spread,
                 const std::stop_token& stop) {
    return for_hole_rows(level, stop, [&](int x, int y, Ballot& ballot) {
        collect(level, field, depth, spread, x, y, ballot);
        if (ballot.count == 0) return;
        switch (picture.format.type) {
            case image::SampleType::u8:
                vote_pixel<std::uint8_t>(picture, target, ballot, x, y);
                break;
            case image::SampleType::u16:
                vote_pixel<std::uint16_t>(picture, target, ballot, x, y);
                break;
            case image::SampleType::f32:
                vote_pixel<float>(picture, target, ballot, x, y);
                break;
        }
    });
}

std::vector<Point> dominant_offsets(const Level& level, const Field& field,
                                    const std::vector<std::uint16_t>& depth, double spread,
                                    const std::stop_token& stop) {
    const Rect bounds = level.hole_bounds;
    std::vector<Point> offsets(static_cast<std::size_t>(bounds.area()));
    const bool whole = for_hole_rows(level, stop, [&](int x, int y, Ballot& ballot) {
        collect(level, field, depth, spread, x, y, ballot);
        if (ballot.count == 0) return;
        const auto best =
            std::max_element(ballot.weight.begin(), ballot.weight.begin() + ballot.count);
        const Point from = ballot.from[static_cast<std::size_t>(best - ballot.weight.begin())];
        offsets[static_cast<std::size_t>(y - bounds.y) * bounds.width + (x - bounds.x)] = {
            from.x - x, from.y - y};
    });
    return whole ? std::move(offsets) : std::vector<Point>{};
}

void preview_pixels(const Level& level, const std::vector<std::uint8_t>& finest_hole,
                    bool guide_has_alpha, image::ImageSpan target) {
    int shift = 0;
    while (((target.size.width - 1) >> shift) >= level.size.width ||
           ((target.size.height - 1) >> shift) >= level.size.height)
        ++shift;
    const auto byte = [](float v) {
        return static_cast<std::uint8_t>(std::clamp(v * 255.0f / kGuideMax + 0.5f, 0.0f, 255.0f));
    };
    const int channels = target.format.channels;
    parallel_for(target.size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            std::uint8_t* t = target.row<std::uint8_t>(y);
            for (int x = 0; x < target.size.width; ++x, t += channels) {
                if (!finest_hole[static_cast<std::size_t>(y) * target.size.width + x]) continue;
                const std::int16_t* g = level.pixel(x >> shift, y >> shift);
                const float a = guide_has_alpha ? std::max<float>(g[3], 1) / kGuideMax : 1.0f;
                const float luma = g[0], blue = luma + (g[1] - kGuideMax / 2) * (1.772f / 0.6f),
                            red = luma + (g[2] - kGuideMax / 2) * (1.402f / 0.6f);
                t[0] = byte(red / a);
                t[1] = byte((luma - 0.299f * red - 0.114f * blue) / 0.587f / a);
                t[2] = byte(blue / a);
                if (channels == 4) t[3] = byte(a * kGuideMax);
            }
        }
    });
}

} // namespace mw::inpaint
