// Exact Euclidean distance in two passes: along the columns (column_distance.h), then along each
// row the lower envelope of the parabolas the columns stand for (Felzenszwalb & Huttenlocher,
// "Distance Transforms of Sampled Functions", Theory of Computing 8, 2012). Nothing reaches beyond
// a pixel that is outside itself, so a row is worked on from one such pixel to the next. Squared
// distances are integers; where two parabolas meet is a fraction with a denominator of at most
// twice the row, far coarser than the rounding of doubles, so no division is needed to be exact.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "mask/column_distance.h"
#include "mask/refine.h"

namespace mw::mask {
namespace {

// The tiles that hold the window and what lies within the cap around it.
Rect tiles_around(const Mask& mask, const Rect& window, double cap) {
    const int reach = static_cast<int>(
        std::ceil(std::min(cap, 2.0 * std::max(mask.size().longer_side(), 1) + 2)));
    const Rect seen = intersect(window.grown(reach), mask.rect());
    return Rect::from_edges(seen.x / kTileSide, seen.y / kTileSide,
                            (seen.right() - 1) / kTileSide + 1,
                            (seen.bottom() - 1) / kTileSide + 1);
}

MW_CLONES void roots(const std::int32_t* squares, int n, float cap, float* to) {
    std::int32_t most = 0;
    for (int i = 0; i < n; ++i)
        most = std::max(most, squares[i]);
    // Rounded once: either the square is a float, or the root is taken in double.
    if (most < 1 << 24)
        for (int i = 0; i < n; ++i)
            to[i] = std::min(cap, std::sqrt(static_cast<float>(squares[i])));
    else
        for (int i = 0; i < n; ++i)
            to[i] = std::min(cap, static_cast<float>(std::sqrt(static_cast<double>(squares[i]))));
}
MW_CLONES void roots(const double* squares, int n, float cap, float* to) {
    for (int i = 0; i < n; ++i)
        to[i] = std::min(cap, static_cast<float>(std::sqrt(squares[i])));
}

// One row at a time. Square is the type of squared distances.
template <class T, class Square>
class RowPass {
  public:
    explicit RowPass(int columns)
        : inverse_(static_cast<std::size_t>(columns) + 1),
          hulls_(static_cast<std::size_t>(columns) + 1),
          squares_(static_cast<std::size_t>(columns)) {
        for (std::size_t i = 1; i < inverse_.size(); ++i)
            inverse_[i] = 0.5 / static_cast<double>(i);
    }

    // `g`: n columns' distances, of which [from, from + count) are wanted.
    void run(const T* g, int n, int from, int count, float cap, float* to) {
        const int end = from + count;
        for (int x = from; x < end;) {
            int stop = x;
            if (g[x] == 0) {
                while (stop < end && g[stop] == 0)
                    ++stop;
                std::fill_n(to + (x - from), stop - x, 0.0f);
                x = stop;
                continue;
            }
            int low = x;
            while (low > 0 && g[low] != 0)
                --low;
            while (stop < n && g[stop] != 0)
                ++stop;
            const int high = std::min(stop, n - 1), until = std::min(stop, end);
            if (build(g, low, high)) {
                sample(x - low, until - low);
                roots(squares_.data(), until - x, cap, to + (x - from));
            } else {
                std::fill_n(to + (x - from), until - x, cap);
            }
            x = until;
        }
    }

  private:
    struct Hull {
        double start;  // nearest from here on
        double height; // f + column^2
        std::int32_t column;
        T g;
    };

    // The envelope of columns [low, high]; false when none has a site.
    bool build(const T* g, int low, int high) {
        Hull* top = hulls_.data(); // one before the first
        Hull* const bottom = top;
        bottom->start = -HUGE_VAL;
        const double last = high - low;
        for (int q = low; q <= high; ++q) {
            if (g[q] == ColumnDistances<T>::kNone) continue;
            const double at = q - low, height = double{1} * g[q] * g[q] + at * at;
            double start = -1;
            while (top != bottom) {
                start = (height - top->height) *
                        inverse_[static_cast<std::size_t>(q - low - top->column)];
                if (start > top->start) break;
                --top;
            }
            if (top == bottom)
                start = -1;
            else if (start >= last)
                continue;
            *++top = {start, height, q - low, g[q]};
        }
        top_ = top;
        return top != bottom;
    }

    // Squared distances of the columns [from, until), counted from the segment's first.
    void sample(int from, int until) {
        const Hull* hull = hulls_.data() + 1;
        Square* to = squares_.data();
        for (int x = from; x < until;) {
            while (hull < top_ && hull[1].start <= x)
                ++hull;
            // Up to the next one's start.
            const int stop =
                hull < top_ ? std::min(until, static_cast<int>(std::ceil(hull[1].start))) : until;
            const Square f = static_cast<Square>(hull->g) * static_cast<Square>(hull->g);
            for (; x < stop; ++x) {
                const Square d = static_cast<Square>(x - hull->column);
                *to++ = d * d + f;
            }
        }
    }

    std::vector<double> inverse_; // of twice the index
    std::vector<Hull> hulls_;
    const Hull* top_ = nullptr;
    std::vector<Square> squares_;
};

template <class T, class Square>
void distances(const Mask& mask, const Rect& window, const Rect& part, float cap, bool border,
               image::Image& out) {
    const Rect tiles = tiles_around(mask, part, cap);
    const ColumnDistances<T> columns(mask, Site::zero, tiles, border);
    // One column more on either side, for the border.
    const int left = columns.first_column();
    const int n = std::min(columns.columns(), mask.size().width - left) + 2;
    const bool left_site = border && left == 0;
    const bool right_site = border && tiles.right() == mask.tiles_x();
    const int first = part.y / kTileSide, count = (part.bottom() - 1) / kTileSide + 1 - first;
    parallel_for(count, 1, [&](int begin, int end) {
        const std::ptrdiff_t stride = columns.columns() + 2;
        std::vector<T> g(static_cast<std::size_t>(stride) * kTileSide);
        RowPass<T, Square> rows(n);
        for (int ty = first + begin; ty < first + end; ++ty) {
            columns.read(ty, tiles.x, tiles.right(), g.data() + 1, stride);
            const int top = std::max(part.y, ty * kTileSide),
                      bottom = std::min(part.bottom(), (ty + 1) * kTileSide);
            for (int y = top; y < bottom; ++y) {
                T* row = g.data() + (y - ty * kTileSide) * stride;
                row[0] = left_site ? T{0} : ColumnDistances<T>::kNone;
                row[n - 1] = right_site ? T{0} : ColumnDistances<T>::kNone;
                rows.run(row, n, part.x - left + 1, part.width, cap,
                         out.span().pixel<float>(part.x - window.x, y - window.y));
            }
        }
    });
}

} // namespace

image::Image inside_distance(const Mask& mask, const Rect& window, double cap_px,
                             bool border_is_outside) {
    image::Image out(window.empty() ? Size{} : window.size(), image::kGrayF);
    const Rect part = intersect(window, mask.rect());
    if (part.empty() || !(cap_px > 0)) return out;
    const auto cap = static_cast<float>(std::min(cap_px, 1e9));
    if (mask.size().longer_side() < 32000)
        distances<std::uint16_t, std::int32_t>(mask, window, part, cap, border_is_outside, out);
    else
        distances<std::uint32_t, double>(mask, window, part, cap, border_is_outside, out);
    return out;
}

} // namespace mw::mask
