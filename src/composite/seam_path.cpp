#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "composite/seam.h"

namespace mw::composite {
namespace {

constexpr double kDeepest = 512; // px
constexpr float kLeastReach = 3; // px: a band narrower than this has no room for a path
constexpr int kLevels = 256;     // steps of difference
constexpr float kPerLevel = 4;   // steps a level: from 64 levels on a difference is a difference

enum Side : std::uint8_t { kUndecided, kSource, kAnswer };

// Difference on the display, in steps, averaged over 3x3 so that grain does not steer the path.
std::vector<std::uint8_t> differences(image::ImageView source, image::ImageView answer) {
    const int w = source.size.width, h = source.size.height, n = source.format.channels;
    const auto at = [w](int x, int y) {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(w) +
               static_cast<std::size_t>(x);
    };
    std::vector<float> single(at(0, h));
    std::vector<std::uint8_t> out(single.size());
    parallel_for(h, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* s = source.row<float>(y);
            const float* a = answer.row<float>(y);
            for (int x = 0; x < w; ++x, s += n, a += n) {
                float most = 0;
                for (int c = 0; c < n; ++c) {
                    const float d =
                        std::abs(std::clamp(s[c], 0.0f, 1.0f) - std::clamp(a[c], 0.0f, 1.0f));
                    if (d > most) most = d; // not where a number is none
                }
                single[at(x, y)] = 255 * most;
            }
        }
    });
    parallel_for(h, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < w; ++x) {
                float sum = 0;
                for (int j = -1; j <= 1; ++j)
                    for (int i = -1; i <= 1; ++i)
                        sum += single[at(std::clamp(x + i, 0, w - 1), std::clamp(y + j, 0, h - 1))];
                out[at(x, y)] =
                    static_cast<std::uint8_t>(std::min(sum * (kPerLevel / 9), float(kLevels - 1)));
            }
    });
    return out;
}

// Meyer's flooding (1991) from what is decided; the highest difference is taken first.
void flood(std::vector<std::uint8_t>& side, const std::vector<std::uint8_t>& difference, int w,
           int h) {
    // A pixel waits with the side that reached it first; it is decided when it is taken out.
    struct Wait {
        int pixel;
        std::uint8_t side;
    };
    std::array<std::vector<Wait>, kLevels> queue;
    const auto ask = [&](int from, int level) {
        const int x = from % w, y = from / w;
        const auto visit = [&](int to) {
            const auto t = static_cast<std::size_t>(to);
            if (side[t] == kUndecided)
                queue[static_cast<std::size_t>(std::min<int>(difference[t], level))].push_back(
                    {to, side[static_cast<std::size_t>(from)]});
        };
        if (x > 0) visit(from - 1);
        if (x + 1 < w) visit(from + 1);
        if (y > 0) visit(from - w);
        if (y + 1 < h) visit(from + w);
    };
    for (int i = 0; i < w * h; ++i)
        if (side[static_cast<std::size_t>(i)] != kUndecided) ask(i, kLevels - 1);
    for (int level = kLevels - 1; level >= 0; --level) {
        auto& now = queue[static_cast<std::size_t>(level)];
        for (std::size_t i = 0; i < now.size(); ++i) { // grows while it is walked
            const Wait wait = now[i];
            std::uint8_t& mine = side[static_cast<std::size_t>(wait.pixel)];
            if (mine != kUndecided) continue;
            mine = wait.side;
            ask(wait.pixel, level);
        }
        now = {};
    }
}

// Thin parts are the answer's up to their edge: the discs around the middle of what has no room for
// a path. (A corner of a wide part is narrow too, but has no middle.)
void keep_thin_parts(const Depth& depth, image::ImageView covered, const Rect& window,
                     std::vector<std::uint8_t>& side) {
    const Rect shown = depth.shown();
    for (int y = shown.y; y < shown.bottom(); ++y) {
        const auto* in = covered.row<std::uint8_t>(y - window.y) - window.x;
        for (int x = shown.x; x < shown.right(); ++x) {
            if (!in[x]) continue;
            const float thick = depth.widest(x, y), d = depth.distance(x, y);
            if (thick >= 3 * kLeastReach || d < 0.4f * thick) continue;
            const int r = static_cast<int>(std::ceil(d));
            for (int j = std::max(y - r, window.y); j <= std::min(y + r, window.bottom() - 1); ++j)
                for (int i = std::max(x - r, window.x); i <= std::min(x + r, window.right() - 1);
                     ++i)
                    if (static_cast<float>((i - x) * (i - x) + (j - y) * (j - y)) < d * d &&
                        *covered.pixel<std::uint8_t>(i - window.x, j - window.y))
                        side[static_cast<std::size_t>(j - window.y) *
                                 static_cast<std::size_t>(window.width) +
                             static_cast<std::size_t>(i - window.x)] = kAnswer;
        }
    }
}

} // namespace

image::Image fitting_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params,
                             image::ImageView source, image::ImageView answer) {
    const float most =
        static_cast<float>(std::min(params.feather_px.value_or(kDefaultReach), kDeepest));
    if (!(most >= kLeastReach)) return seam_weights(mask, window, params);
    const Depth depth(mask, window, most);
    image::Image covered = mask.read(window);
    std::vector<std::uint8_t> side(static_cast<std::size_t>(window.size().area()));
    const Rect shown = depth.shown();
    bool any = false;
    for (int y = window.y; y < window.bottom(); ++y) {
        const auto* in = covered.view().row<std::uint8_t>(y - window.y);
        std::uint8_t* s =
            &side[static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width)];
        for (int x = window.x; x < window.right(); ++x) {
            std::uint8_t& mine = s[x - window.x];
            if (!in[x - window.x] || !shown.contains(Point{x, y})) {
                mine = kSource;
                continue;
            }
            const float reach = std::min(most, depth.widest(x, y) / 3);
            const float d = depth.distance(x, y);
            if (d >= reach)
                mine = kAnswer;
            else if (d < 2)
                mine = kSource;
            else
                any = true;
        }
    }
    keep_thin_parts(depth, covered.view(), window, side);
    if (any) flood(side, differences(source, answer), window.width, window.height);
    for (int y = 0; y < window.height; ++y) {
        auto* c = covered.span().row<std::uint8_t>(y);
        const std::uint8_t* s =
            &side[static_cast<std::size_t>(y) * static_cast<std::size_t>(window.width)];
        for (int x = 0; x < window.width; ++x)
            if (s[x] != kAnswer) c[x] = 0;
    }
    mask::Mask inner(mask.size());
    inner.write(window, covered.view());
    SeamParams narrow = params;
    narrow.feather_px = std::min<double>(most, kNarrowFade);
    return seam_weights(inner, window, narrow);
}

} // namespace mw::composite
