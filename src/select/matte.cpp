#include "select/matte.h"

#include <algorithm>
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

// The pixels within `reach` (Chebyshev) of an edge of `hard`: 1, in a window.
std::vector<std::uint8_t> near_edge(image::ImageView hard, int reach) {
    const int w = hard.size.width, h = hard.size.height;
    const auto spread = [&](bool most) { // maxima or minima over the window, separably
        std::vector<std::uint8_t> rows(static_cast<std::size_t>(w * h)), out(rows.size());
        const auto pick = [most](std::uint8_t a, std::uint8_t b) {
            return most ? std::max(a, b) : std::min(a, b);
        };
        for (int y = 0; y < h; ++y) {
            const std::uint8_t* from = hard.row<std::uint8_t>(y);
            for (int x = 0; x < w; ++x) {
                std::uint8_t v = from[x];
                for (int u = std::max(0, x - reach); u <= std::min(w - 1, x + reach); ++u)
                    v = pick(v, from[u]);
                rows[static_cast<std::size_t>(y * w + x)] = v;
            }
        }
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x)
                out[static_cast<std::size_t>(y * w + x)] =
                    rows[static_cast<std::size_t>(y * w + x)];
        for (int y = 0; y < h; ++y)
            for (int v = std::max(0, y - reach); v <= std::min(h - 1, y + reach); ++v)
                for (int x = 0; x < w; ++x) {
                    auto& o = out[static_cast<std::size_t>(y * w + x)];
                    o = pick(o, rows[static_cast<std::size_t>(v * w + x)]);
                }
        return out;
    };
    std::vector<std::uint8_t> high = spread(true);
    const std::vector<std::uint8_t> low = spread(false);
    for (std::size_t i = 0; i < high.size(); ++i)
        high[i] = high[i] != low[i];
    return high;
}

// New coverage of `block`, or an empty image when no edge is near.
image::Image soft_block(const mask::Mask& hard, image::ImageView picture, const Rect& block,
                        int reach) {
    const Rect window = intersect(block.grown(2 * reach), picture.rect());
    const image::Image labels = hard.read(window);
    const auto bytes = labels.bytes();
    if (std::all_of(bytes.begin(), bytes.end(), [&](std::byte b) { return b == bytes[0]; }))
        return {};
    const std::vector<std::uint8_t> near = near_edge(labels.view(), reach);
    const int w = window.width, h = window.height, count = w * h;
    Planes planes(window.size(), 13);
    float* q[13];
    for (std::size_t i = 0; i < 13; ++i)
        q[i] = planes.plane(i);
    std::vector<float> color(3 * static_cast<std::size_t>(count));
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            const Rgba c = rgba_at(picture, window.x + x, window.y + y);
            const int i = y * w + x;
            const float p = bytes[static_cast<std::size_t>(i)] != std::byte{0};
            std::array<float, 3> v;
            for (std::size_t k = 0; k < 3; ++k) {
                v[k] = std::clamp(std::isnan(c[k]) ? 0.0f : c[k], 0.0f, 1.0f);
                color[3 * static_cast<std::size_t>(i) + k] = v[k];
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
    solve(q, count);
    for (std::size_t i = 0; i < 4; ++i)
        box_mean(q[i], w, h, reach, line.data());
    image::Image out(block.size(), image::kGray8);
    for (int y = 0; y < block.height; ++y)
        for (int x = 0; x < block.width; ++x) {
            const int i = (block.y - window.y + y) * w + block.x - window.x + x;
            auto& to = *out.span().pixel<std::uint8_t>(x, y);
            to = static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
            if (!near[static_cast<std::size_t>(i)]) continue;
            const float* c = color.data() + 3 * std::ptrdiff_t{i};
            const float alpha = q[0][i] * c[0] + q[1][i] * c[1] + q[2][i] * c[2] + q[3][i];
            // The filter leaves a haze of a few per cent on either side.
            constexpr float kHaze = 0.06f;
            to = static_cast<std::uint8_t>(
                std::clamp((alpha - kHaze) / (1 - 2 * kHaze), 0.0f, 1.0f) * 255 + 0.5f);
        }
    return out;
}

} // namespace

bool soften_edge(mask::Mask& mask, image::ImageView picture, const Rect& within, int reach_px,
                 const std::stop_token& stop) {
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
                soft_block(hard, picture, blocks[static_cast<std::size_t>(i)], reach_px);
    });
    if (stopped) return false;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (!made[i].empty()) mask.write(blocks[i], made[i].view());
    return true;
}

} // namespace mw::select
