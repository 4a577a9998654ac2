// Exact Euclidean distance in two passes: down and up the columns, then along each row the lower
// envelope of the parabolas the columns stand for (Felzenszwalb & Huttenlocher, "Distance
// Transforms of Sampled Functions", Theory of Computing 8, 2012). Squared distances are integers.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "mask/refine.h"

namespace mw::mask {
namespace {

constexpr std::int32_t kNone = 1 << 28; // no outside pixel seen in this column

// The region looked at: the window and what lies within the cap around it, one pixel beyond the
// mask where the border counts.
Rect region_of(const Mask& mask, const Rect& window, double cap, bool border) {
    const int reach = static_cast<int>(
        std::ceil(std::min(cap, 2.0 * std::max(mask.size().longer_side(), 1) + 2)));
    return intersect(window.grown(reach), mask.rect().grown(border ? 1 : 0));
}

// Rows of the window: for each column of the region the distance to the nearest outside pixel
// above (first sweep) and below (second).
std::vector<std::int32_t> column_distances(const Mask& mask, const Rect& region,
                                           const Rect& window) {
    const auto width = static_cast<std::size_t>(region.width);
    std::vector<std::int32_t> g(width * static_cast<std::size_t>(window.height));
    const int chunk = 512;
    parallel_for((region.width + chunk - 1) / chunk, 1, [&](int begin, int end) {
        for (int c = begin; c < end; ++c) {
            const int x0 = c * chunk, n = std::min(chunk, region.width - x0);
            std::vector<std::int32_t> d(static_cast<std::size_t>(n));
            for (const bool down : {true, false}) {
                std::fill(d.begin(), d.end(), kNone);
                const int first = down ? region.y : region.bottom() - 1;
                const int last = down ? window.bottom() : window.y - 1;
                const int step = down ? 1 : -1;
                image::Image band;
                Rect band_rect;
                for (int y = first; y != last; y += step) {
                    if (band_rect.empty() || y < band_rect.y || y >= band_rect.bottom()) {
                        const int rows = 64;
                        band_rect = {region.x + x0, down ? y : y - rows + 1, n, rows};
                        band = mask.read(band_rect);
                    }
                    const auto* m = band.view().row<std::uint8_t>(y - band_rect.y);
                    for (int x = 0; x < n; ++x) {
                        const auto i = static_cast<std::size_t>(x);
                        d[i] = m[x] ? d[i] + (d[i] < kNone) : 0;
                    }
                    if (y < window.y || y >= window.bottom()) continue;
                    std::int32_t* to = g.data() + static_cast<std::size_t>(y - window.y) * width +
                                       static_cast<std::size_t>(x0);
                    for (int x = 0; x < n; ++x) {
                        const std::int32_t v = d[static_cast<std::size_t>(x)];
                        to[x] = down ? v : std::min(to[x], v);
                    }
                }
            }
        }
    });
    return g;
}

// One row: squared distances to the lower envelope at columns [from, from + n) of the region.
class Envelope {
  public:
    void build(const std::int32_t* g, int width) {
        hulls_.clear();
        for (int q = 0; q < width; ++q) {
            if (g[q] >= kNone) continue;
            const std::int64_t f = std::int64_t{g[q]} * g[q];
            std::int64_t start = INT32_MIN;
            while (!hulls_.empty()) {
                const Piece& top = hulls_.back();
                // The first column at which q is nearer than top.
                const std::int64_t num =
                    f + std::int64_t{q} * q - top.f - std::int64_t{top.column} * top.column;
                const std::int64_t den = 2 * (std::int64_t{q} - top.column);
                start = num >= 0 ? num / den + 1 : -((-num + den - 1) / den) + 1;
                if (start > top.start) break;
                hulls_.pop_back();
                start = INT32_MIN;
            }
            if (start < width) hulls_.push_back({start, f, q});
        }
    }
    void sample(int from, int n, float cap, float* to) const {
        std::size_t k = 0;
        for (int i = 0; i < n; ++i) {
            const int x = from + i;
            while (k + 1 < hulls_.size() && hulls_[k + 1].start <= x)
                ++k;
            if (hulls_.empty()) {
                to[i] = cap;
                continue;
            }
            const std::int64_t dx = x - hulls_[k].column;
            to[i] = std::min(
                cap, static_cast<float>(std::sqrt(static_cast<double>(dx * dx + hulls_[k].f))));
        }
    }

  private:
    struct Piece {
        std::int64_t start, f; // nearest from column `start` on; squared height
        int column;
    };
    std::vector<Piece> hulls_;
};

} // namespace

image::Image inside_distance(const Mask& mask, const Rect& window, double cap_px,
                             bool border_is_outside) {
    image::Image out(window.empty() ? Size{} : window.size(), image::kGrayF);
    const Rect part = intersect(window, mask.rect());
    if (part.empty() || !(cap_px > 0)) return out;
    const Rect region = region_of(mask, part, cap_px, border_is_outside);
    const std::vector<std::int32_t> g = column_distances(mask, region, part);
    const auto cap = static_cast<float>(std::min(cap_px, 1e9));
    parallel_for(part.height, 16, [&](int begin, int end) {
        Envelope envelope;
        for (int y = begin; y < end; ++y) {
            envelope.build(
                g.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(region.width),
                region.width);
            envelope.sample(part.x - region.x, part.width, cap,
                            out.span().pixel<float>(part.x - window.x, part.y - window.y + y));
        }
    });
    return out;
}

} // namespace mw::mask
