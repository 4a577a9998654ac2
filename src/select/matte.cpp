#include "select/matte.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "select/pixels.h"

namespace mw::select {
namespace {

constexpr int kBlock = 64;
constexpr float kEpsilon = 1e-4f; // of squared encoded colour: what counts as flat

// Planes of floats of one size, side by side.
struct Planes {
    Size size;
    std::vector<float> values;
    Planes(Size s, std::size_t count)
        : size(s), values(count * static_cast<std::size_t>(s.area())) {}
    float* plane(std::size_t i) {
        return values.data() + i * static_cast<std::size_t>(size.area());
    }
};

// Means over (2r + 1) squared windows, as far as they lie in the plane; in place.
MW_CLONES void box_mean(float* p, int w, int h, int r, float* line) {
    for (int y = 0; y < h; ++y) {
        float* row = p + std::ptrdiff_t{y} * w;
        float sum = 0;
        for (int x = 0; x < std::min(r, w); ++x)
            sum += row[x];
        for (int x = 0; x < w; ++x) {
            if (x + r < w) sum += row[x + r];
            if (x - r - 1 >= 0) sum -= row[x - r - 1];
            const int n = std::min(x + r, w - 1) - std::max(x - r, 0) + 1;
            line[x] = sum / static_cast<float>(n);
        }
        std::copy(line, line + w, row);
    }
    // Down: `line` carries the sum, a ring of 2r + 1 old rows follows it.
    float* ring = line + w;
    std::fill(line, line + w, 0.0f);
    for (int y = 0; y < std::min(r, h); ++y)
        for (int x = 0; x < w; ++x)
            line[x] += p[std::ptrdiff_t{y} * w + x];
    for (int y = 0; y < h; ++y) {
        if (y + r < h) {
            const float* in = p + std::ptrdiff_t{y + r} * w;
            for (int x = 0; x < w; ++x)
                line[x] += in[x];
        }
        float* kept = ring + std::ptrdiff_t{y % (r + 1)} * w;
        if (y - r - 1 >= 0)
            for (int x = 0; x < w; ++x)
                line[x] -= kept[x];
        float* row = p + std::ptrdiff_t{y} * w;
        const float scale =
            1.0f / static_cast<float>(std::min(y + r, h - 1) - std::max(y - r, 0) + 1);
        for (int x = 0; x < w; ++x) {
            kept[x] = row[x];
            row[x] = line[x] * scale;
        }
    }
}

// a = inverse(covariance + epsilon) * covariance with p, b = mean p - a . mean; into planes 0..3.
MW_CLONES void solve(float* const* q, int count) {
    // q: means of r g b, rr rg rb gg gb bb, p, rp gp bp.
    for (int i = 0; i < count; ++i) {
        const float r = q[0][i], g = q[1][i], b = q[2][i], p = q[9][i];
        const float rr = q[3][i] - r * r + kEpsilon, rg = q[4][i] - r * g, rb = q[5][i] - r * b;
        const float gg = q[6][i] - g * g + kEpsilon, gb = q[7][i] - g * b;
        const float bb = q[8][i] - b * b + kEpsilon;
        const float x = q[10][i] - r * p, y = q[11][i] - g * p, z = q[12][i] - b * p;
        const float c0 = gg * bb - gb * gb, c1 = rb * gb - rg * bb, c2 = rg * gb - rb * gg;
        const float c3 = rr * bb - rb * rb, c4 = rb * rg - rr * gb, c5 = rr * gg - rg * rg;
        const float scale = 1 / (rr * c0 + rg * c1 + rb * c2);
        const float ar = (c0 * x + c1 * y + c2 * z) * scale;
        const float ag = (c1 * x + c3 * y + c4 * z) * scale;
        const float ab = (c2 * x + c4 * y + c5 * z) * scale;
        q[0][i] = ar;
        q[1][i] = ag;
        q[2][i] = ab;
        q[3][i] = p - ar * r - ag * g - ab * b;
    }
}

// Distance to the nearest edge between 0 and not 0, in thirds of a pixel, by a 3-4 chamfer
// (Borgefors 1986): 1 to 2 beside it.
std::vector<int> edge_distance(image::ImageView hard) {
    const int w = hard.size.width, h = hard.size.height;
    std::vector<int> d(static_cast<std::size_t>(w * h), 1 << 20);
    const auto at = [&](int x, int y) -> int& { return d[static_cast<std::size_t>(y * w + x)]; };
    for (int y = 0; y < h; ++y) {
        const auto* row = hard.row<std::uint8_t>(y);
        const auto* next = hard.row<std::uint8_t>(std::min(y + 1, h - 1));
        for (int x = 0; x < w; ++x) {
            if (x + 1 < w && row[x] != row[x + 1]) at(x, y) = at(x + 1, y) = 2;
            if (row[x] != next[x]) at(x, y) = at(x, y + 1) = 2;
        }
    }
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            int v = at(x, y);
            if (x > 0) v = std::min(v, at(x - 1, y) + 3);
            if (y > 0) v = std::min(v, at(x, y - 1) + 3);
            if (x > 0 && y > 0) v = std::min(v, at(x - 1, y - 1) + 4);
            if (x + 1 < w && y > 0) v = std::min(v, at(x + 1, y - 1) + 4);
            at(x, y) = v;
        }
    for (int y = h - 1; y >= 0; --y)
        for (int x = w - 1; x >= 0; --x) {
            int v = at(x, y);
            if (x + 1 < w) v = std::min(v, at(x + 1, y) + 3);
            if (y + 1 < h) v = std::min(v, at(x, y + 1) + 3);
            if (x + 1 < w && y + 1 < h) v = std::min(v, at(x + 1, y + 1) + 4);
            if (x > 0 && y + 1 < h) v = std::min(v, at(x - 1, y + 1) + 4);
            at(x, y) = v;
        }
    return d;
}

// Part of a picture around a block: its colours, labels and distances to the edge.
struct Surroundings {
    Rect window;
    image::Image labels;
    std::vector<std::array<float, 3>> color;
    std::vector<int> distance;
    std::size_t at(int x, int y) const { // picture coordinates
        return static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width) +
               static_cast<std::size_t>(x - window.x);
    }
    bool inside(std::size_t i) const { return labels.bytes()[i] != std::byte{0}; }
};

// The guided filter over `block`.
std::vector<float> guided(const Surroundings& s, const Rect& block, int reach) {
    const Rect window = intersect(block.grown(2 * reach), s.window);
    const int w = window.width, h = window.height;
    Planes planes(window.size(), 13);
    float* q[13];
    for (std::size_t i = 0; i < 13; ++i)
        q[i] = planes.plane(i);
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            const std::size_t from = s.at(window.x + x, window.y + y);
            const int i = y * w + x;
            const float p = s.inside(from);
            const auto& v = s.color[from];
            for (std::size_t k = 0; k < 3; ++k) {
                q[k][i] = v[k];
                q[10 + k][i] = v[k] * p;
            }
            q[3][i] = v[0] * v[0];
            q[4][i] = v[0] * v[1];
            q[5][i] = v[0] * v[2];
            q[6][i] = v[1] * v[1];
            q[7][i] = v[1] * v[2];
            q[8][i] = v[2] * v[2];
            q[9][i] = p;
        }
    std::vector<float> line(static_cast<std::size_t>(w) * static_cast<std::size_t>(reach + 2));
    for (float* plane : q)
        box_mean(plane, w, h, reach, line.data());
    solve(q, w * h);
    for (std::size_t i = 0; i < 4; ++i)
        box_mean(q[i], w, h, reach, line.data());
    std::vector<float> alpha;
    alpha.reserve(static_cast<std::size_t>(block.size().area()));
    for (int y = block.y; y < block.bottom(); ++y)
        for (int x = block.x; x < block.right(); ++x) {
            const int i = (y - window.y) * w + x - window.x;
            const auto& c = s.color[s.at(x, y)];
            alpha.push_back(q[0][i] * c[0] + q[1][i] * c[1] + q[2][i] * c[2] + q[3][i]);
        }
    return alpha;
}

// Mean colours of what surely lies inside and outside, over windows of hair_px to each side, kept
// for every kCoarse x kCoarse pixels.
class SideColors {
  public:
    SideColors(const Surroundings& s, int hair_px)
        : window_(s.window),
          size_{(s.window.width + kCoarse - 1) / kCoarse,
                (s.window.height + kCoarse - 1) / kCoarse},
          planes_(size_, 10) {
        const int sure = hair_px; // a third of hair_px, in thirds of a pixel
        for (int y = 0; y < window_.height; ++y)
            for (int x = 0; x < window_.width; ++x) {
                const std::size_t from = s.at(window_.x + x, window_.y + y);
                if (s.distance[from] <= sure) continue;
                const std::size_t first = s.inside(from) ? 0 : 5;
                const auto to = static_cast<std::size_t>(y / kCoarse * size_.width + x / kCoarse);
                const auto& c = s.color[from];
                for (std::size_t k = 0; k < 3; ++k)
                    planes_.plane(first + k)[to] += c[k];
                planes_.plane(first + 3)[to] += c[0] * c[0] + c[1] * c[1] + c[2] * c[2];
                planes_.plane(first + 4)[to] += 1;
            }
        const int reach = std::max(1, hair_px / kCoarse);
        std::vector<float> line(static_cast<std::size_t>(size_.width) *
                                static_cast<std::size_t>(reach + 2));
        for (std::size_t i = 0; i < 10; ++i)
            box_mean(planes_.plane(i), size_.width, size_.height, reach, line.data());
    }

    struct Side {
        std::array<float, 3> mean{};
        float deviation = 0; // root of the summed variances
        bool known = false;
    };
    // 0 inside, 1 outside; between the coarse places.
    Side side(int which, int x, int y) {
        const float u = std::clamp((static_cast<float>(x - window_.x) + 0.5f) / kCoarse - 0.5f,
                                   0.0f, static_cast<float>(size_.width - 1));
        const float v = std::clamp((static_cast<float>(y - window_.y) + 0.5f) / kCoarse - 0.5f,
                                   0.0f, static_cast<float>(size_.height - 1));
        const int x0 = static_cast<int>(u), y0 = static_cast<int>(v);
        const int dx = x0 + 1 < size_.width, dy = y0 + 1 < size_.height ? size_.width : 0;
        const float fx = u - static_cast<float>(x0), fy = v - static_cast<float>(y0);
        float sums[5];
        for (std::size_t k = 0; k < 5; ++k) {
            const float* p =
                planes_.plane(5 * static_cast<std::size_t>(which) + k) + y0 * size_.width + x0;
            const float top = p[0] + (p[dx] - p[0]) * fx, low = p[dy] + (p[dy + dx] - p[dy]) * fx;
            sums[k] = top + (low - top) * fy;
        }
        Side made;
        made.known = sums[4] > 0.1f; // of the 16 pixels of a place
        if (!made.known) return made;
        float variance = sums[3] / sums[4];
        for (std::size_t k = 0; k < 3; ++k) {
            made.mean[k] = sums[k] / sums[4];
            variance -= made.mean[k] * made.mean[k];
        }
        made.deviation = std::sqrt(std::max(0.0f, variance));
        return made;
    }

  private:
    static constexpr int kCoarse = 4;
    Rect window_;
    Size size_;
    Planes planes_;
};

float ramp(float from, float to, float x) {
    return std::clamp((x - from) / (to - from), 0.0f, 1.0f);
}

struct Share {
    float alpha = 0, trust = 0;
};
// How much of the object's colour a pixel holds, and whether that can be said.
Share unmixed(const std::array<float, 3>& c, const SideColors::Side& in,
              const SideColors::Side& out) {
    if (!in.known || !out.known) return {};
    float apart = 0, along = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const float d = in.mean[k] - out.mean[k];
        apart += d * d;
        along += d * (c[k] - out.mean[k]);
    }
    if (apart < 1e-4f) return {};
    const float length = std::sqrt(apart), t = along / apart;
    // Each side's own spread is not softness.
    const float low = std::min(0.35f, out.deviation / length);
    const float high = 1 - std::min(0.35f, in.deviation / length);
    Share made;
    made.alpha = ramp(low, high, t);
    const float on_line = std::clamp(t, 0.0f, 1.0f);
    float off = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const float d = c[k] - out.mean[k] - on_line * (in.mean[k] - out.mean[k]);
        off += d * d;
    }
    const float spread = 0.03f + std::max(in.deviation, out.deviation);
    made.trust = ramp(1.5f, 2.5f, length / (in.deviation + out.deviation + 0.03f)) *
                 (1 - ramp(1.5f, 3.0f, std::sqrt(off) / spread));
    return made;
}

// New coverage of `block`, or an empty image when no edge is near.
image::Image soft_block(const mask::Mask& hard, image::ImageView picture, const Rect& block,
                        const EdgeReach& reach) {
    const int most = std::max(reach.guided_px, reach.hair_px);
    Surroundings s;
    s.window = intersect(block.grown(2 * most), picture.rect());
    {
        // An edge that far away changes nothing here.
        const image::Image close = hard.read(intersect(block.grown(most + 1), picture.rect()));
        const auto b = close.bytes();
        if (std::all_of(b.begin(), b.end(), [&](std::byte v) { return v == b[0]; })) return {};
    }
    s.labels = hard.read(s.window);
    s.distance = edge_distance(s.labels.view());
    s.color.reserve(s.distance.size());
    for (int y = s.window.y; y < s.window.bottom(); ++y)
        for (int x = s.window.x; x < s.window.right(); ++x) {
            const Rgba c = rgba_at(picture, x, y);
            std::array<float, 3> v;
            for (std::size_t k = 0; k < 3; ++k)
                v[k] = std::clamp(std::isnan(c[k]) ? 0.0f : c[k], 0.0f, 1.0f);
            s.color.push_back(v);
        }
    const std::vector<float> filtered = guided(s, block, reach.guided_px);
    SideColors sides(s, reach.hair_px);
    image::Image out(block.size(), image::kGray8);
    std::size_t n = 0;
    for (int y = block.y; y < block.bottom(); ++y) {
        auto* to = out.span().row<std::uint8_t>(y - block.y);
        for (int x = block.x; x < block.right(); ++x, ++n) {
            const std::size_t i = s.at(x, y);
            const float far = static_cast<float>(s.distance[i]) / 3;
            float alpha = s.inside(i);
            if (far <= static_cast<float>(reach.guided_px)) alpha = filtered[n];
            const auto hair = static_cast<float>(reach.hair_px);
            if (far < hair) {
                const Share share = unmixed(s.color[i], sides.side(0, x, y), sides.side(1, x, y));
                alpha += (share.alpha - alpha) * share.trust * ramp(hair, 0.67f * hair, far);
            }
            // Both leave a haze of a few per cent on either side.
            constexpr float kHaze = 0.06f;
            to[x - block.x] = static_cast<std::uint8_t>(255 * ramp(kHaze, 1 - kHaze, alpha) + 0.5f);
        }
    }
    return out;
}

} // namespace

bool soften_edge(mask::Mask& mask, image::ImageView picture, const Rect& within,
                 const EdgeReach& reach, const std::stop_token& stop) {
    const mask::Mask hard = mask;
    std::vector<Rect> blocks;
    for (int y = within.y; y < within.bottom(); y += kBlock)
        for (int x = within.x; x < within.right(); x += kBlock)
            blocks.push_back(intersect(Rect{x, y, kBlock, kBlock}, within));
    std::vector<image::Image> made(blocks.size());
    std::atomic<bool> stopped = false;
    parallel_for(static_cast<int>(blocks.size()), 8, [&](int begin, int end) {
        if (stop.stop_requested()) stopped = true;
        for (int i = begin; i < end && !stopped; ++i)
            made[static_cast<std::size_t>(i)] =
                soft_block(hard, picture, blocks[static_cast<std::size_t>(i)], reach);
    });
    if (stopped) return false;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (!made[i].empty()) mask.write(blocks[i], made[i].view());
    return true;
}

} // namespace mw::select
