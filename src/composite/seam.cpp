#include "composite/seam.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "mask/refine.h"

namespace mw::composite {
namespace {

constexpr double kLargestFeather = 512;

// A plane of floats with a step: cell (x, y) stands for the pixels [x * step, (x + 1) * step).
struct Grid {
    int width = 0, height = 0;
    std::vector<float> values;
    float& at(int x, int y) {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    float get(int x, int y) const { return const_cast<Grid*>(this)->at(x, y); }
};

Grid shrink_by_max(image::ImageView distance, int step) {
    Grid grid{
        (distance.size.width + step - 1) / step, (distance.size.height + step - 1) / step, {}};
    grid.values.assign(static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height),
                       0.0f);
    for (int y = 0; y < distance.size.height; ++y) {
        const float* d = distance.row<float>(y);
        for (int x = 0; x < distance.size.width; ++x) {
            float& g = grid.at(x / step, y / step);
            g = std::max(g, d[x]);
        }
    }
    return grid;
}

// A disc that lies within a neighbour's disc adds nothing. The tolerance lets the staircase of a
// slanted edge count as straight, or every pixel of it would be drawn.
bool dominated(const Grid& d, int x, int y, float step) {
    const float mine = d.get(x, y);
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            const int nx = x + i, ny = y + j;
            if ((!i && !j) || nx < 0 || ny < 0 || nx >= d.width || ny >= d.height) continue;
            const float away = step * (i && j ? 1.41421356f : 1.0f);
            if (d.get(nx, ny) >= mine + 0.85f * away) return true;
        }
    }
    return false;
}

// Radius of the largest disc inside the support that covers a cell (Hildebrand & Ruegsegger 1997),
// up to `cap`.
Grid largest_disc(const Grid& d, int step, float cap) {
    Grid radius = d;
    for (int y = 0; y < d.height; ++y) {
        for (int x = 0; x < d.width; ++x) {
            const float r = d.get(x, y);
            if (r <= 0 || dominated(d, x, y, static_cast<float>(step))) continue;
            if (r >= cap) { // in the thick: only the rim of the plateau reaches anything lower
                bool rim = false;
                for (int j = -1; j <= 1 && !rim; ++j)
                    for (int i = -1; i <= 1 && !rim; ++i)
                        rim = x + i >= 0 && y + j >= 0 && x + i < d.width && y + j < d.height &&
                              d.get(x + i, y + j) < cap;
                if (!rim) continue;
            }
            const float cells = r / static_cast<float>(step);
            const int reach = static_cast<int>(cells);
            for (int j = -reach; j <= reach; ++j) {
                if (y + j < 0 || y + j >= d.height) continue;
                const int half = static_cast<int>(
                    std::sqrt(std::max(0.0f, cells * cells - static_cast<float>(j * j))));
                const int first = std::max(0, x - half), last = std::min(d.width - 1, x + half);
                for (int i = first; i <= last; ++i) {
                    float& t = radius.at(i, y + j);
                    if (d.get(i, y + j) > 0) t = std::max(t, r);
                }
            }
        }
    }
    return radius;
}

constexpr float kFar = 1e9f;

// From a radius; kFar outside the support.
Grid diameter(Grid radius) {
    for (float& v : radius.values)
        v = v > 0 ? std::max(1.0f, 2 * v - 1) : kFar;
    return radius;
}

// Thickness, limited to grow by 1 per pixel from where it is less. Without the limit a stroke that
// enters a blob would meet a sudden wide fade and be cut off there: along the middle of the neck
// (half-width h, thickness 2h) at t pixels into the blob, the fade is (2h + t) / 3 wide and the
// edge max(h, t) away, so the weight stays full.
Grid slowly_growing(Grid thick, int step) {
    const float side = static_cast<float>(step), corner = side * 1.41421356f;
    const auto relax = [&](int x, int y, int nx, int ny, float away) {
        if (nx < 0 || ny < 0 || nx >= thick.width || ny >= thick.height) return;
        const float other = thick.get(nx, ny);
        float& mine = thick.at(x, y);
        if (mine < kFar && other < kFar) mine = std::min(mine, other + away);
    };
    for (int y = 0; y < thick.height; ++y) {
        for (int x = 0; x < thick.width; ++x) {
            relax(x, y, x - 1, y, side);
            relax(x, y, x - 1, y - 1, corner);
            relax(x, y, x, y - 1, side);
            relax(x, y, x + 1, y - 1, corner);
        }
    }
    for (int y = thick.height - 1; y >= 0; --y) {
        for (int x = thick.width - 1; x >= 0; --x) {
            relax(x, y, x + 1, y, side);
            relax(x, y, x + 1, y + 1, corner);
            relax(x, y, x, y + 1, side);
            relax(x, y, x - 1, y + 1, corner);
        }
    }
    return thick;
}

float smoothstep(float t) {
    t = std::clamp(t, 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

} // namespace

Depth::Depth(const mask::Mask& mask, const Rect& window, float most) {
    // Beyond this distance from the edge neither the fade nor its limit has an effect.
    const float cap = 1.5f * most + 1;
    // What the pixels of the window depend on: discs, and the growth of thickness to 3 times most.
    seen_ = intersect(window.grown(static_cast<int>(std::ceil(4.5f * most)) + 3),
                      intersect(mask.bounds().grown(1), mask.rect()));
    shown_ = intersect(window, seen_);
    if (shown_.empty()) return;
    distance_ = mask::inside_distance(mask, seen_, cap);
    // Thickness varies slowly: for wide fades a coarse grid is enough, and keeps the cost flat.
    step_ = std::max(1, static_cast<int>(cap / 16));
    Grid widest = diameter(largest_disc(shrink_by_max(distance_.view(), step_), step_, cap));
    width_ = widest.width;
    Grid thick = slowly_growing(widest, step_);
    widest_ = std::move(widest.values);
    thickness_ = std::move(thick.values);
}

image::Image seam_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params) {
    image::Image out = mask.read(window);
    const double asked = params.feather_px.value_or(kDefaultFeather);
    if (!(asked > 0)) return out;
    const float feather = static_cast<float>(std::min(asked, kLargestFeather));
    const Depth depth(mask, window, feather);
    const Rect shown = depth.shown();
    parallel_for(shown.height, 32, [&](int begin, int end) {
        for (int y = shown.y + begin; y < shown.y + end; ++y) {
            auto* w = out.span().row<std::uint8_t>(y - window.y) - window.x;
            for (int x = shown.x; x < shown.right(); ++x) {
                if (w[x] == 0) continue;
                const float width = std::min(feather, depth.thickness(x, y) / 3);
                const float d = depth.distance(x, y);
                if (width <= 1 || d >= width) continue;
                const float weight = static_cast<float>(w[x]) * smoothstep(d / width);
                w[x] = static_cast<std::uint8_t>(weight + 0.5f);
            }
        }
    });
    return out;
}

} // namespace mw::composite
