#include "inpaint/level.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "inpaint/box_sum.h"

namespace mw::inpaint {
namespace {

constexpr int kRows = 32;

float sample(const std::uint8_t v) {
    return static_cast<float>(v) / 255.0f;
}
float sample(const std::uint16_t v) {
    return static_cast<float>(v) / 65535.0f;
}
float sample(const float v) {
    return v > 0.0f ? std::min(v, 1.0f) : 0.0f; // NaN too
}

std::int16_t quantize(float v) {
    return static_cast<std::int16_t>(
        std::clamp(v * kGuideMax + 0.5f, 0.0f, static_cast<float>(kGuideMax)));
}

// Luma counts twice what a colour difference does: texture is mostly luma, and chroma noise of a
// JPEG must not decide. Colour is premultiplied, so that what lies under alpha 0 does not matter.
template <class T>
void color_rows(image::ImageView picture, Level& level, int begin, int end) {
    const image::PixelFormat format = picture.format;
    for (int y = begin; y < end; ++y) {
        const T* s = picture.row<T>(y);
        std::int16_t* g = level.pixel(0, y);
        for (int x = 0; x < level.size.width; ++x, s += format.channels, g += kGuideChannels) {
            if (level.hole[level.at(x, y)]) continue;
            const bool rgb = format.color_channels() == 3;
            const float a = format.has_alpha() ? sample(s[format.channels - 1]) : 1.0f;
            const float r = sample(s[0]) * a, gr = sample(s[rgb ? 1 : 0]) * a,
                        b = sample(s[rgb ? 2 : 0]) * a;
            const float luma = 0.299f * r + 0.587f * gr + 0.114f * b;
            g[0] = quantize(luma);
            g[1] = quantize(0.5f + 0.6f * (b - luma) / 1.772f);
            g[2] = quantize(0.5f + 0.6f * (r - luma) / 1.402f);
            if (format.has_alpha()) g[3] = quantize(a);
        }
    }
}

// The mean absolute difference to the next pixel along one axis, over a window of known pixels.
// Absolute gradients of fine texture are 1 .. 10 % of the range: lifted so that they count beside
// luma.
void texture_channel(Level& level, int dx, int dy, int channel, float gain,
                     const std::stop_token& stop) {
    constexpr int kRadius = 8;
    if (stop.stop_requested()) return;
    const Size size = level.size;
    std::vector<std::int32_t> gradient(level.hole.size()), known(level.hole.size());
    parallel_for(size.height, kRows, [&](int begin, int end) {
        for (int y = begin; y < std::min(end, size.height - dy) && !stop.stop_requested(); ++y) {
            for (int x = 0; x + dx < size.width; ++x) {
                if (level.hole[level.at(x, y)] || level.hole[level.at(x + dx, y + dy)]) continue;
                gradient[level.at(x, y)] =
                    std::abs(level.pixel(x + dx, y + dy)[0] - level.pixel(x, y)[0]);
                known[level.at(x, y)] = 1;
            }
        }
    });
    const std::vector<std::int32_t> sums = box_sum(size, gradient, kRadius, stop),
                                    counts = box_sum(size, known, kRadius, stop);
    if (stop.stop_requested()) return;
    parallel_for(size.height, kRows, [&](int begin, int end) {
        for (int y = begin; y < end && !stop.stop_requested(); ++y) {
            for (int x = 0; x < size.width; ++x) {
                const std::size_t i = level.at(x, y);
                if (level.hole[i]) continue;
                const float mean =
                    static_cast<float>(sums[i]) / static_cast<float>(std::max(1, counts[i]));
                level.pixel(x, y)[channel] =
                    static_cast<std::int16_t>(std::min(gain * mean, static_cast<float>(kGuideMax)));
            }
        }
    });
}

void place_patches(Level& level, int patch_side, const std::stop_token& stop) {
    level.patch_side = patch_side;
    if (stop.stop_requested()) return;
    const int half = patch_side / 2;
    const Size size = level.size;
    const std::vector<std::int32_t> touched =
        box_sum(size, {level.hole.begin(), level.hole.end()}, half, stop);
    const std::vector<std::int32_t> barred =
        level.barred.empty()
            ? std::vector<std::int32_t>{}
            : box_sum(size, {level.barred.begin(), level.barred.end()}, half, stop);
    level.target.assign(level.hole.size(), 0);
    level.source.assign(level.hole.size(), 0);
    for (int y = 0; y < size.height && !stop.stop_requested(); ++y) {
        for (int x = 0; x < size.width; ++x) {
            const std::size_t i = level.at(x, y);
            if (level.hole[i]) {
                ++level.hole_count;
                level.hole_bounds = unite(level.hole_bounds, Rect{x, y, 1, 1});
            }
            if (x < half || y < half || x >= size.width - half || y >= size.height - half) continue;
            if (touched[i] > 0) {
                level.target[i] = 1;
                ++level.target_count;
                level.target_bounds = unite(level.target_bounds, Rect{x, y, 1, 1});
            } else if (barred.empty() || barred[i] == 0) {
                level.source[i] = 1;
                level.sources.push_back({x, y});
            }
        }
    }
}

} // namespace

Level make_finest_level(image::ImageView picture, const std::vector<std::uint8_t>& hole,
                        const std::vector<std::uint8_t>& barred, int patch_side,
                        const std::stop_token& stop) {
    Level level;
    level.size = picture.size;
    level.hole = hole;
    level.barred = barred;
    level.guide.assign(hole.size() * kGuideChannels, 0);
    parallel_for(picture.size.height, kRows, [&](int begin, int end) {
        if (stop.stop_requested()) return;
        switch (picture.format.type) {
            case image::SampleType::u8:
                color_rows<std::uint8_t>(picture, level, begin, end);
                break;
            case image::SampleType::u16:
                color_rows<std::uint16_t>(picture, level, begin, end);
                break;
            case image::SampleType::f32:
                color_rows<float>(picture, level, begin, end);
                break;
        }
    });
    constexpr float kGain = 3.0f;
    if (!picture.format.has_alpha()) texture_channel(level, 1, 0, 3, kGain, stop);
    texture_channel(level, 0, 1, 4, kGain, stop);
    place_patches(level, patch_side, stop);
    return level;
}

Level make_coarser_level(const Level& fine, int patch_side, const std::stop_token& stop) {
    Level level;
    level.size = {(fine.size.width + 1) / 2, (fine.size.height + 1) / 2};
    level.hole.assign(static_cast<std::size_t>(level.size.area()), 0);
    level.guide.assign(level.hole.size() * kGuideChannels, 0);
    if (!fine.barred.empty()) level.barred.assign(level.hole.size(), 0);
    parallel_for(level.size.height, kRows, [&](int begin, int end) {
        for (int y = begin; y < end && !stop.stop_requested(); ++y) {
            for (int x = 0; x < level.size.width; ++x) {
                int sum[kGuideChannels] = {}, n = 0, holes = 0, barred = 0;
                for (int fy = 2 * y; fy < std::min(2 * y + 2, fine.size.height); ++fy) {
                    for (int fx = 2 * x; fx < std::min(2 * x + 2, fine.size.width); ++fx) {
                        holes += fine.hole[fine.at(fx, fy)];
                        if (!fine.barred.empty()) barred += fine.barred[fine.at(fx, fy)];
                        const std::int16_t* g = fine.pixel(fx, fy);
                        for (int c = 0; c < kGuideChannels; ++c)
                            sum[c] += g[c];
                        ++n;
                    }
                }
                level.hole[level.at(x, y)] = holes > 0;
                if (barred > 0) level.barred[level.at(x, y)] = 1;
                if (holes > 0) continue;
                for (int c = 0; c < kGuideChannels; ++c)
                    level.pixel(x, y)[c] = static_cast<std::int16_t>((sum[c] + n / 2) / n);
            }
        }
    });
    place_patches(level, patch_side, stop);
    return level;
}

Level structure_of(const Level& level, const std::stop_token& stop) {
    constexpr int kRadius = 6;
    Level result = level;
    std::vector<std::int32_t> luma(level.hole.size()), known(level.hole.size());
    for (std::size_t i = 0; i < luma.size(); ++i) {
        known[i] = !level.hole[i];
        luma[i] = known[i] * level.guide[i * kGuideChannels];
    }
    const auto sums = box_sum(level.size, luma, kRadius, stop),
               counts = box_sum(level.size, known, kRadius, stop);
    for (std::size_t i = 0; i < luma.size() && !stop.stop_requested(); ++i) {
        std::int16_t* g = result.guide.data() + i * kGuideChannels;
        std::fill(g, g + kGuideChannels, std::int16_t{0});
        if (!known[i]) continue;
        const std::int16_t* from = level.guide.data() + i * kGuideChannels;
        const int detail = luma[i] - sums[i] / counts[i];
        g[0] = static_cast<std::int16_t>(std::clamp(kGuideMax / 2 + 2 * detail, 0, kGuideMax));
        g[1] = static_cast<std::int16_t>(from[1] / 2);
        g[2] = static_cast<std::int16_t>(from[2] / 2);
        g[3] = static_cast<std::int16_t>(luma[i] / 2);
        g[4] = static_cast<std::int16_t>((from[3] + from[4]) / 4);
    }
    return result;
}

std::vector<std::uint16_t> distance_into_hole(const Level& level) {
    // Two passes over the rows give the exact chessboard distance (Rosenfeld & Pfaltz 1966).
    constexpr std::uint16_t kFar = 0xfff0;
    const Size size = level.size;
    const Rect b = level.hole_bounds;
    std::vector<std::uint16_t> d(level.hole.size());
    for (std::size_t i = 0; i < d.size(); ++i)
        d[i] = level.hole[i] ? kFar : 0;
    const auto relax = [&](int x, int y, int dx, int dy) {
        const int nx = x + dx, ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= size.width || ny >= size.height) return;
        auto& v = d[level.at(x, y)];
        v = std::min<std::uint16_t>(v, static_cast<std::uint16_t>(d[level.at(nx, ny)] + 1));
    };
    for (int y = b.y; y < b.bottom(); ++y) {
        for (int x = b.x; x < b.right(); ++x) {
            if (!level.hole[level.at(x, y)]) continue;
            relax(x, y, -1, 0);
            relax(x, y, -1, -1);
            relax(x, y, 0, -1);
            relax(x, y, 1, -1);
        }
    }
    for (int y = b.bottom() - 1; y >= b.y; --y) {
        for (int x = b.right() - 1; x >= b.x; --x) {
            if (!level.hole[level.at(x, y)]) continue;
            relax(x, y, 1, 0);
            relax(x, y, 1, 1);
            relax(x, y, 0, 1);
            relax(x, y, -1, 1);
        }
    }
    return d;
}

int hole_depth(const Level& level) {
    const auto d = distance_into_hole(level);
    return d.empty() ? 0 : *std::max_element(d.begin(), d.end());
}

} // namespace mw::inpaint
