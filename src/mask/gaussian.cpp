// Gaussian blur by tiles. A wide Gaussian is smooth, so it is computed on cells of h x h pixels
// (h a power of two, chosen so that sigma is 3 to 6 cells) and interpolated back: the box of the
// cell and the tent of the interpolation are blurs themselves, and their variances, (h^2 - 1) / 12
// and h^2 / 6 on average, are taken off the Gaussian's (the variance argument of Wells, "Efficient
// Synthesis of Gaussian Filters by Cascaded Uniform Filters", PAMI 8, 1986). Cells lie on a grid of
// the picture, so tile borders cannot show.
#include "mask/gaussian.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "mask/pack.h"
#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

struct Kernel {
    int cell = 1;               // h
    int reach = 0;              // in cells
    std::vector<float> weights; // centre and one side; both sides sum to 1
    int cells_per_tile() const { return kTileSide / cell; }
    // How far, in pixels, coverage can act.
    int reach_px() const { return (reach + 1) * cell; }
};

Kernel make_kernel(double sigma) {
    Kernel k;
    while (k.cell < kTileSide && sigma / k.cell >= 6)
        k.cell *= 2;
    const double h = k.cell;
    double variance = sigma * sigma;
    if (k.cell > 1) variance -= (h * h - 1) / 12 + h * h / 6;
    const double s = std::sqrt(variance) / h;
    // Beyond 3.2 sigma less than 0.2 of 255 is left.
    k.reach = std::max(1, static_cast<int>(std::ceil(3.2 * s)));
    std::vector<double> w;
    double sum = 0;
    for (int i = 0; i <= k.reach; ++i) {
        w.push_back(std::exp(-0.5 * i * i / (s * s)));
        sum += i == 0 ? w.back() : 2 * w.back();
    }
    for (const double v : w)
        k.weights.push_back(static_cast<float>(v / sum));
    return k;
}

// to[x] = sum of weights over from[x - reach .. x + reach].
MW_CLONES void blur_row(const float* __restrict from, float* __restrict to, int n,
                        const float* weights, int reach) {
    for (int x = 0; x < n; ++x)
        to[x] = weights[0] * from[x];
    for (int k = 1; k <= reach; ++k) {
        const float w = weights[k];
        for (int x = 0; x < n; ++x)
            to[x] += w * (from[x - k] + from[x + k]);
    }
}

// to[x] = sum of weights over the rows from - reach .. from + reach.
MW_CLONES void blur_column(const float* __restrict from, int stride, float* __restrict to, int n,
                           const float* weights, int reach) {
    for (int x = 0; x < n; ++x)
        to[x] = weights[0] * from[x];
    for (int k = 1; k <= reach; ++k) {
        const float w = weights[k];
        const float *a = from - std::ptrdiff_t{k} * stride, *b = from + std::ptrdiff_t{k} * stride;
        for (int x = 0; x < n; ++x)
            to[x] += w * (a[x] + b[x]);
    }
}

// Levels from the mix of two rows: gain * (v * norm - middle) + middle, with v between a and b.
MW_CLONES void finish_row(const float* a, const float* b, float t, std::uint8_t* to, int n) {
    alignas(32) std::int32_t levels[kTileSide];
    for (int x = 0; x < n; ++x) {
        const float v = a[x] + t * (b[x] - a[x]);
        levels[x] = static_cast<std::int32_t>(std::min(v, 255.0f) + 0.5f);
    }
    pack(levels, to, n);
}
MW_CLONES void finish_steep_row(const float* a, const float* b, float t, const float* norm,
                                float row_norm, float gain, std::uint8_t* to, int n) {
    alignas(32) std::int32_t levels[kTileSide];
    for (int x = 0; x < n; ++x) {
        const float v = (a[x] + t * (b[x] - a[x])) * row_norm * norm[x];
        const float steep = gain * (v - 127.5f) + 127.5f;
        levels[x] = static_cast<std::int32_t>(std::min(std::max(steep, 0.0f), 255.0f) + 0.5f);
    }
    pack(levels, to, n);
}

// Row of cells to row of pixels: pixel p of cell j lies between the centres of two cells.
template <int kCell>
MW_INLINE void spread(const float* cells, int count, int h, const float* slopes, float* to) {
    const int side = kCell ? kCell : h, half = side / 2;
    for (int j = 0; j < count; ++j) {
        const float before = cells[j - 1], here = cells[j], after = cells[j + 1];
        const float left = before - here, right = after - here;
        for (int p = 0; p < half; ++p)
            to[p] = here + slopes[p] * left;
        for (int p = half; p < side; ++p)
            to[p] = here + slopes[p] * right;
        to += side;
    }
}
MW_CLONES void spread_row(const float* cells, int count, int h, const float* slopes, float* to) {
    if (h == 2)
        spread<2>(cells, count, h, slopes, to);
    else if (h == 4)
        spread<4>(cells, count, h, slopes, to);
    else
        spread<0>(cells, count, h, slopes, to);
}

// Means of a tile's cells.
template <int kCell>
MW_INLINE void shrink(const std::uint8_t* tile, int cell, float* cells) {
    const int h = kCell ? kCell : cell, n = kTileSide / h;
    const float scale = 1.0f / static_cast<float>(h * h);
    for (int j = 0; j < n; ++j) {
        std::uint16_t column[kTileSide] = {}; // at most 128 * 255
        for (int y = j * h; y < (j + 1) * h; ++y)
            for (int x = 0; x < kTileSide; ++x)
                column[x] = static_cast<std::uint16_t>(column[x] + tile[y * kTileSide + x]);
        for (int i = 0; i < n; ++i) {
            std::uint32_t sum = 0;
            for (int x = i * h; x < (i + 1) * h; ++x)
                sum += column[x];
            cells[j * n + i] = static_cast<float>(sum) * scale;
        }
    }
}
MW_CLONES void shrink_tile(const std::uint8_t* tile, int h, float* cells) {
    if (h == 2)
        shrink<2>(tile, h, cells);
    else if (h == 4)
        shrink<4>(tile, h, cells);
    else
        shrink<0>(tile, h, cells);
}

using Cells = std::unique_ptr<float[]>;

// For each of n pixels in a row: 1 / the share of the Gaussian around it that lies on the row.
std::vector<float> inverse_share(int n, double sigma) {
    std::vector<float> inverse(static_cast<std::size_t>(n));
    const double scale = 1 / (sigma * std::sqrt(2.0));
    for (int x = 0; x < n; ++x) {
        const double c = x + 0.5;
        const double share = 0.5 * (std::erf((n - c) * scale) + std::erf(c * scale));
        inverse[static_cast<std::size_t>(x)] = static_cast<float>(1 / share);
    }
    return inverse;
}

class Blur {
  public:
    Blur(const Mask& mask, const Kernel& kernel, double sigma, double gain)
        : mask_(mask), kernel_(kernel), gain_(static_cast<float>(gain)) {
        if (gain_ != 1) {
            norm_x_ = inverse_share(mask.size().width, sigma);
            norm_y_ = inverse_share(mask.size().height, sigma);
        }
        if (kernel.cell > 1) make_cells();
        const int h = kernel.cell;
        for (int p = 0; p < h; ++p)
            slopes_.push_back(
                std::abs((static_cast<float>(p) + 0.5f) / static_cast<float>(h) - 0.5f));
    }

    // What one thread works with.
    struct Scratch {
        std::vector<float> window, wide, blur, across;
    };

    TileRef tile(int tx, int ty, Scratch& scratch) const {
        const Rect rect = mask_.tile_rect(tx, ty);
        const Rect around = rect.grown(kernel_.reach_px());
        bool any = false, all = gain_ != 1 || mask_.rect().contains(around);
        const Rect seen = intersect(around, mask_.rect());
        for (int sy = seen.y / kTileSide; sy <= (seen.bottom() - 1) / kTileSide; ++sy)
            for (int sx = seen.x / kTileSide; sx <= (seen.right() - 1) / kTileSide; ++sx) {
                any = any || mask_.tile(sx, sy);
                all = all && mask_.tile(sx, sy) == full_tile();
            }
        if (!any) return nullptr;
        if (all && rect.area() == kTileSide * kTileSide) return full_tile();
        return blurred(tx, ty, rect, scratch);
    }

  private:
    void make_cells() {
        const int n = kernel_.cells_per_tile();
        cells_.resize(static_cast<std::size_t>(mask_.tiles_x()) *
                      static_cast<std::size_t>(mask_.tiles_y()));
        parallel_for(static_cast<int>(cells_.size()), 64, [&](int begin, int end) {
            for (int i = begin; i < end; ++i) {
                const TileRef& t = mask_.tile(i % mask_.tiles_x(), i / mask_.tiles_x());
                if (!t || t == full_tile()) continue;
                auto& cells = cells_[static_cast<std::size_t>(i)];
                cells = std::make_unique<float[]>(static_cast<std::size_t>(n * n));
                shrink_tile(t->coverage.data(), kernel_.cell, cells.get());
            }
        });
    }

    // The cells (or pixels) of a window given in cells, 0 outside the mask.
    void gather(const Rect& window, float* to) const {
        const std::ptrdiff_t stride = window.width;
        if (kernel_.cell == 1) {
            const image::Image bytes = mask_.read(window);
            const auto all = bytes.bytes();
            for (std::size_t i = 0; i < all.size(); ++i)
                to[i] = static_cast<float>(std::to_integer<int>(all[i]));
            return;
        }
        std::fill_n(to, stride * window.height, 0.0f);
        const int n = kernel_.cells_per_tile();
        const Rect part = intersect(window, Rect{0, 0, mask_.tiles_x() * n, mask_.tiles_y() * n});
        if (part.empty()) return;
        for (int ty = part.y / n; ty <= (part.bottom() - 1) / n; ++ty)
            for (int tx = part.x / n; tx <= (part.right() - 1) / n; ++tx) {
                const TileRef& t = mask_.tile(tx, ty);
                if (!t) continue;
                const Rect r = intersect(part, Rect{tx * n, ty * n, n, n});
                const float* cells = t == full_tile()
                                         ? nullptr
                                         : cells_[static_cast<std::size_t>(ty) *
                                                      static_cast<std::size_t>(mask_.tiles_x()) +
                                                  static_cast<std::size_t>(tx)]
                                               .get();
                for (int y = r.y; y < r.bottom(); ++y) {
                    float* row = to + (y - window.y) * stride + (r.x - window.x);
                    if (cells)
                        std::copy_n(cells + (y - ty * n) * n + (r.x - tx * n), r.width, row);
                    else
                        std::fill_n(row, r.width, 255.0f);
                }
            }
    }

    TileRef blurred(int tx, int ty, const Rect& rect, Scratch& scratch) const {
        const int h = kernel_.cell, n = kernel_.cells_per_tile(), reach = kernel_.reach;
        const int margin = h > 1 ? 1 : 0; // for the interpolation
        const int inner = n + 2 * margin, outer = inner + 2 * reach;
        auto& [window, wide, blur, across] = scratch;
        window.resize(static_cast<std::size_t>(outer * outer));
        gather({tx * n - margin - reach, ty * n - margin - reach, outer, outer}, window.data());
        wide.resize(static_cast<std::size_t>(outer * inner));
        for (int y = 0; y < outer; ++y)
            blur_row(window.data() + y * outer + reach, wide.data() + y * inner, inner,
                     kernel_.weights.data(), reach);
        blur.resize(static_cast<std::size_t>(inner * inner));
        for (int y = 0; y < inner; ++y)
            blur_column(wide.data() + (y + reach) * inner, inner, blur.data() + y * inner, inner,
                        kernel_.weights.data(), reach);

        // Across first, cell row by cell row; then each row of pixels is a mix of two of those.
        const float* rows = blur.data();
        int stride = inner;
        if (h > 1) {
            stride = kTileSide;
            across.resize(static_cast<std::size_t>(inner * stride));
            for (int j = 0; j < inner; ++j)
                spread_row(blur.data() + j * inner + margin, n, h, slopes_.data(),
                           across.data() + j * stride);
            rows = across.data();
        }
        auto out = new_tile();
        if (rect.area() < kTileSide * kTileSide) out->coverage.fill(0);
        for (int y = 0; y < rect.height; ++y) {
            std::uint8_t* to = out->coverage.data() + std::ptrdiff_t{y} * kTileSide;
            const int p = y % h, j = y / h + margin;
            const int other = h == 1 ? j : p < h / 2 ? j - 1 : j + 1;
            const float* a = rows + j * stride;
            const float* b = rows + other * stride;
            const float t = slopes_[static_cast<std::size_t>(p)];
            if (gain_ == 1)
                finish_row(a, b, t, to, rect.width);
            else
                finish_steep_row(a, b, t, norm_x_.data() + rect.x,
                                 norm_y_[static_cast<std::size_t>(rect.y + y)], gain_, to,
                                 rect.width);
        }
        return out;
    }

    const Mask& mask_;
    const Kernel& kernel_;
    std::vector<Cells> cells_;
    std::vector<float> slopes_; // distance of a cell's pixel from its centre, in cells
    float gain_ = 1;
    std::vector<float> norm_x_, norm_y_; // 1 / the Gaussian's share inside the picture
};

} // namespace

Mask gaussian(const Mask& mask, double sigma, double gain) {
    const Kernel kernel = make_kernel(sigma);
    const Blur work(mask, kernel, sigma, gain);
    std::vector<TileRef> made(static_cast<std::size_t>(mask.tiles_x()) *
                              static_cast<std::size_t>(mask.tiles_y()));
    parallel_for(static_cast<int>(made.size()), 8, [&](int begin, int end) {
        Blur::Scratch scratch;
        for (int i = begin; i < end; ++i)
            made[static_cast<std::size_t>(i)] =
                work.tile(i % mask.tiles_x(), i / mask.tiles_x(), scratch);
    });
    Mask out(mask.size());
    for (int i = 0; i < static_cast<int>(made.size()); ++i)
        out.set_tile(i % mask.tiles_x(), i / mask.tiles_x(),
                     std::move(made[static_cast<std::size_t>(i)]));
    return out;
}

} // namespace mw::mask
