#include "inpaint/first_guess.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "base/parallel.h"
#include "inpaint/pull_push.h"
#include "inpaint/search.h"
#include "inpaint/surroundings.h"

namespace mw::inpaint {
namespace {

// The bilinear steps of pull-push show as a faint grid; averaging in the hole takes them away.
void relax(Weighted& plane, const std::vector<std::uint8_t>& hole, int rounds) {
    const Size size = plane.size;
    for (int round = 0; round < rounds; ++round) {
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
                if (!hole[static_cast<std::size_t>(y) * size.width + x]) continue;
                const float* near[4] = {
                    plane.at(std::max(x - 1, 0), y), plane.at(std::min(x + 1, size.width - 1), y),
                    plane.at(x, std::max(y - 1, 0)), plane.at(x, std::min(y + 1, size.height - 1))};
                float* v = plane.at(x, y);
                for (int c = 0; c < plane.channels; ++c)
                    v[c] = 0.25f * (near[0][c] + near[1][c] + near[2][c] + near[3][c]);
            }
        }
    }
}

template <class T>
void smooth_typed(image::ImageSpan picture, const std::vector<std::uint8_t>& hole) {
    const int channels = picture.format.channels;
    Weighted plane(picture.size, channels);
    for (int y = 0; y < picture.size.height; ++y) {
        for (int x = 0; x < picture.size.width; ++x) {
            if (hole[static_cast<std::size_t>(y) * picture.size.width + x]) continue;
            const T* s = picture.pixel<T>(x, y);
            float* v = plane.at(x, y);
            for (int c = 0; c < channels; ++c)
                v[c] = static_cast<float>(s[c]);
            v[channels] = 1;
        }
    }
    pull_push(plane);
    relax(plane, hole, 8);
    for (int y = 0; y < picture.size.height; ++y) {
        for (int x = 0; x < picture.size.width; ++x) {
            if (!hole[static_cast<std::size_t>(y) * picture.size.width + x]) continue;
            T* s = picture.pixel<T>(x, y);
            const float* v = plane.at(x, y);
            for (int c = 0; c < channels; ++c) {
                if constexpr (std::is_same_v<T, float>)
                    s[c] = v[c];
                else
                    s[c] = static_cast<T>(std::clamp(
                        v[c] + 0.5f, 0.0f, static_cast<float>(std::numeric_limits<T>::max())));
            }
        }
    }
}

// Known pixels of the patch around (x, y), as offsets.
std::vector<Point> known_around(const Level& level, const std::vector<std::uint8_t>& known, int x,
                                int y, int half) {
    std::vector<Point> out;
    for (int dy = -half; dy <= half; ++dy)
        for (int dx = -half; dx <= half; ++dx)
            if (level.size.width > x + dx && x + dx >= 0 && level.size.height > y + dy &&
                y + dy >= 0 && known[level.at(x + dx, y + dy)])
                out.push_back({dx, dy});
    return out;
}

Point best_source(const Level& level, const std::vector<Point>& offsets, int x, int y,
                  std::uint64_t seed) {
    Point best = level.sources.front();
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    Random random(seed ^ (static_cast<std::uint64_t>(level.at(x, y)) << 20));
    for (const Point s : level.sources) {
        // Up to a quarter dearer, by chance: seeds begin differently.
        const int factor = 64 + random.below(16);
        std::int64_t sum =
            factor * std::int64_t{unlikeness(level, level.at(x, y), level.at(s.x, s.y),
                                             static_cast<int>(offsets.size()))};
        for (const Point o : offsets) {
            const std::int16_t* a = level.pixel(x + o.x, y + o.y);
            const std::int16_t* b = level.pixel(s.x + o.x, s.y + o.y);
            for (int c = 0; c < kGuideChannels; ++c)
                sum += factor * (a[c] - b[c]) * (a[c] - b[c]);
            if (sum >= least) break;
        }
        if (sum < least) {
            least = sum;
            best = s;
        }
    }
    return best;
}

} // namespace

bool peel_inwards(Level& level, std::uint64_t seed, const std::stop_token& stop) {
    const int half = level.patch_side / 2;
    std::vector<std::uint8_t> known(level.hole.size());
    for (std::size_t i = 0; i < known.size(); ++i)
        known[i] = !level.hole[i];
    const Rect bounds = level.hole_bounds;
    while (true) {
        std::vector<Point> layer;
        for (int y = bounds.y; y < bounds.bottom(); ++y)
            for (int x = bounds.x; x < bounds.right(); ++x)
                if (!known[level.at(x, y)] && !known_around(level, known, x, y, 1).empty())
                    layer.push_back({x, y});
        if (layer.empty()) return true;
        std::vector<Point> chosen(layer.size());
        std::atomic<bool> whole{true};
        parallel_for(static_cast<int>(layer.size()), 1, [&](int begin, int end) {
            for (int i = begin; i < end; ++i) {
                if (stop.stop_requested()) {
                    whole = false;
                    return;
                }
                const Point p = layer[static_cast<std::size_t>(i)];
                chosen[static_cast<std::size_t>(i)] =
                    best_source(level, known_around(level, known, p.x, p.y, half), p.x, p.y, seed);
            }
        });
        if (!whole) return false;
        for (std::size_t i = 0; i < layer.size(); ++i) {
            const std::int16_t* s = level.pixel(chosen[i].x, chosen[i].y);
            std::copy(s, s + kGuideChannels, level.pixel(layer[i].x, layer[i].y));
            known[level.at(layer[i].x, layer[i].y)] = 1;
        }
    }
}

void smooth_guide(Level& level) {
    Weighted plane(level.size, kGuideChannels);
    for (int y = 0; y < level.size.height; ++y) {
        for (int x = 0; x < level.size.width; ++x) {
            if (level.hole[level.at(x, y)]) continue;
            std::copy(level.pixel(x, y), level.pixel(x, y) + kGuideChannels, plane.at(x, y));
            plane.at(x, y)[kGuideChannels] = 1;
        }
    }
    pull_push(plane);
    for (int y = 0; y < level.size.height; ++y)
        for (int x = 0; x < level.size.width; ++x)
            if (level.hole[level.at(x, y)])
                for (int c = 0; c < kGuideChannels; ++c)
                    level.pixel(x, y)[c] = static_cast<std::int16_t>(plane.at(x, y)[c] + 0.5f);
}

void smooth_pixels(image::ImageSpan picture, const std::vector<std::uint8_t>& hole) {
    switch (picture.format.type) {
        case image::SampleType::u8:
            smooth_typed<std::uint8_t>(picture, hole);
            break;
        case image::SampleType::u16:
            smooth_typed<std::uint16_t>(picture, hole);
            break;
        case image::SampleType::f32:
            smooth_typed<float>(picture, hole);
            break;
    }
}

} // namespace mw::inpaint
