// The pixels a motion is measured on, and how they are read.
#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "composite/motion.h"

namespace mw::composite {
namespace {

constexpr float kLeastGradient = 0.6f;  // levels per pixel of the level: below it says nothing
constexpr int kCell = 16;               // pixels of the level
constexpr std::int64_t kMany = 300'000; // pixels past which every other row and column will do

// Squared steepness of row b between a and c; 0 at both ends and where the ring is not clear.
MW_CLONES void steepness(const float* a, const float* b, const float* c, const std::uint8_t* ring,
                         int width, float* out) {
    out[0] = out[width - 1] = 0;
    for (int x = 1; x + 1 < width; ++x) {
        const float gx = 0.5f * (b[x + 1] - b[x - 1]), gy = 0.5f * (c[x] - a[x]);
        out[x] = ring[x] ? gx * gx + gy * gy : 0.0f;
    }
}

} // namespace

void Samples::push(int px, int py, const Smooth& s) {
    x.push_back(static_cast<float>(px));
    y.push_back(static_cast<float>(py));
    value.push_back(s.value);
    gx.push_back(s.gx);
    gy.push_back(s.gy);
}

void Samples::push(const Samples& other, std::size_t i) {
    x.push_back(other.x[i]);
    y.push_back(other.y[i]);
    value.push_back(other.value[i]);
    gx.push_back(other.gx[i]);
    gy.push_back(other.gy[i]);
}

Samples thinned(const Samples& all, std::size_t most) {
    Samples some;
    const std::size_t every = (all.size() + most - 1) / std::max<std::size_t>(1, most);
    for (std::size_t i = 0; i < all.size(); i += std::max<std::size_t>(1, every))
        some.push(all, i);
    return some;
}

void choose_samples(Level& level, std::size_t most) {
    const Ring clear = inner(level.ring);
    const int w = clear.width, h = clear.height;
    std::size_t cells = 0;
    for (int y = kCell / 2; y < h; y += kCell)
        for (int x = kCell / 2; x < w; x += kCell)
            cells += clear.row(y)[x];
    const std::size_t quota = std::max<std::size_t>(4, most / std::max<std::size_t>(1, cells));
    const int step = std::int64_t{w} * h > kMany ? 2 : 1;
    struct Pixel {
        int x, y;
        float steep;
    };
    std::vector<float> steep(static_cast<std::size_t>(w));
    std::vector<std::vector<Pixel>> found(static_cast<std::size_t>(w / kCell + 1));
    const int unit = static_cast<int>(level.unit);
    for (int top = 0; top < h; top += kCell) {
        for (auto& cell : found)
            cell.clear();
        for (int y = std::max(1, top); y < std::min(top + kCell, h - 1); y += step) {
            steepness(level.source.row(y - 1), level.source.row(y), level.source.row(y + 1),
                      clear.row(y), w, steep.data());
            for (int x = y % 4 / 2; x < w; x += step)
                if (const float s = steep[static_cast<std::size_t>(x)];
                    s >= kLeastGradient * kLeastGradient)
                    found[static_cast<std::size_t>(x / kCell)].push_back({x, y, s});
        }
        for (auto& cell : found) {
            if (cell.size() > quota) {
                std::nth_element(cell.begin(), cell.begin() + static_cast<std::ptrdiff_t>(quota),
                                 cell.end(),
                                 [](const Pixel& p, const Pixel& q) { return p.steep > q.steep; });
                cell.resize(quota);
            }
            for (const Pixel& p : cell)
                (held_back(p.x * unit, p.y * unit) ? level.judge : level.fit)
                    .push(p.x, p.y, smooth_at(level.source, p.x, p.y));
        }
    }
}

void read_answer(const Level& level, const Samples& samples, const Motion& motion,
                 std::vector<float>& out) {
    out.resize(samples.size());
    const Registration r = motion.registration();
    const double cx = level.centre.x, cy = level.centre.y;
    const auto xx = static_cast<float>(r.xx), xy = static_cast<float>(r.xy);
    const auto yx = static_cast<float>(r.yx), yy = static_cast<float>(r.yy);
    const auto tx = static_cast<float>(cx + r.dx / level.unit - r.xx * cx - r.xy * cy);
    const auto ty = static_cast<float>(cy + r.dy / level.unit - r.yx * cx - r.yy * cy);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const float x = samples.x[i], y = samples.y[i];
        out[i] = smooth_at(level.answer, xx * x + xy * y + tx, yx * x + yy * y + ty);
    }
}

} // namespace mw::composite
