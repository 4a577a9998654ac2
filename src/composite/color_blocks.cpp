#include "composite/color_blocks.h"

#include <algorithm>

#include "base/parallel.h"
#include "composite/warp.h"

namespace mw::composite {
namespace {

constexpr int kBand = 64;
constexpr std::size_t kFewBlocks = 300;
constexpr float kTextured = 3;       // levels of standard deviation: above it a block has a texture
constexpr float kSameTexture = 0.6f; // correlation
constexpr float kClipped = 1.0f;     // levels from either end

struct Sums {
    std::array<double, 3> source{}, answer{};
    double ss = 0, aa = 0, sa = 0, s = 0, a = 0; // of luma
    int count = 0;
    void add(const float* p, const float* q, int n) {
        float l = 0, m = 0;
        for (int c = 0; c < 3; ++c) {
            const float u = 255 * p[n == 1 ? 0 : c], v = 255 * q[n == 1 ? 0 : c];
            source[static_cast<std::size_t>(c)] += u;
            answer[static_cast<std::size_t>(c)] += v;
            const float weight = c == 0 ? 0.2126f : c == 1 ? 0.7152f : 0.0722f;
            l += weight * u, m += weight * v;
        }
        s += l, a += m;
        ss += double(l) * l, aa += double(m) * m, sa += double(l) * m;
        ++count;
    }
};

// Such a value says nothing about the curve that led there. False for what is not a number, too.
bool usable(const float* p, int n) {
    bool good = true;
    for (int c = 0; c < n; ++c)
        good &= 255 * p[c] > kClipped && 255 * p[c] < 255 - kClipped;
    return good;
}

bool pair_of(const Sums& sums, BlockPair& pair) {
    const double n = sums.count;
    for (std::size_t c = 0; c < 3; ++c) {
        pair.source[c] = static_cast<float>(sums.source[c] / n);
        pair.answer[c] = static_cast<float>(sums.answer[c] / n);
    }
    const double ss = std::max(0.0, sums.ss / n - sums.s * sums.s / (n * n));
    const double aa = std::max(0.0, sums.aa / n - sums.a * sums.a / (n * n));
    const double sa = sums.sa / n - sums.s * sums.a / (n * n);
    pair.contrast = static_cast<float>(std::sqrt(ss));
    const double most = std::sqrt(std::max(ss, aa));
    return most < kTextured || sa > kSameTexture * std::sqrt(ss * aa);
}

// The part of a window whose registered answer lies within the answer.
bool answered(const Context& context, const Registration& r, const Rect& block) {
    const Rect inside = Rect::of(context.window.size()).grown(-2);
    for (const Point p : {Point{block.x, block.y}, Point{block.right() - 1, block.bottom() - 1}}) {
        const PointF q = map_point(r, context.centre, {double(p.x), double(p.y)});
        if (!inside.contains(
                Point{static_cast<int>(std::floor(q.x)), static_cast<int>(std::floor(q.y))}))
            return false;
    }
    return true;
}

std::vector<BlockPair> pairs_of(const Context& context, const Registration& registration,
                                int side) {
    const Size size = context.window.size();
    const int n = context.source.format().channels;
    const int bands = (size.height + kBand - 1) / kBand;
    std::vector<std::vector<BlockPair>> found(static_cast<std::size_t>(bands));
    parallel_for(bands, 1, [&](int begin, int end) {
        for (int band = begin; band < end; ++band) {
            const int top = band * kBand, height = std::min(kBand, size.height - top);
            image::Image answer({size.width, height}, context.answer.format());
            warp(context.answer.view(), registration, context.centre, {0, top, size.width, height},
                 answer.span());
            for (int by = 0; by + side <= height; by += side)
                for (int bx = 0; bx + side <= size.width; bx += side) {
                    const Rect block{bx, top + by, side, side};
                    if (registration.applied && !answered(context, registration, block)) continue;
                    Sums sums;
                    for (int y = by; y < by + side; ++y) {
                        const auto* ring = context.ring.view().row<std::uint8_t>(top + y);
                        const float* s = context.source.view().row<float>(top + y);
                        const float* a = answer.view().row<float>(y);
                        for (int x = bx; x < bx + side; ++x)
                            if (ring[x] && usable(s + x * n, n) && usable(a + x * n, n))
                                sums.add(s + x * n, a + x * n, n);
                    }
                    BlockPair pair;
                    if (sums.count * 2 < side * side || !pair_of(sums, pair)) continue;
                    pair.judge = held_back(bx, top + by);
                    found[static_cast<std::size_t>(band)].push_back(pair);
                }
        }
    });
    std::vector<BlockPair> out;
    for (const auto& some : found)
        out.insert(out.end(), some.begin(), some.end());
    return out;
}

} // namespace

std::vector<BlockPair> block_pairs(const Context& context, const Registration& registration) {
    std::vector<BlockPair> pairs = pairs_of(context, registration, 8);
    if (pairs.size() < kFewBlocks) pairs = pairs_of(context, registration, 4);
    return pairs;
}

} // namespace mw::composite
