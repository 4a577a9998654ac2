// Wang, Bovik, Sheikh, Simoncelli: "Image Quality Assessment: From Error Visibility to Structural
// Similarity" (2004).
#include <algorithm>
#include <vector>

#include "base/clones.h"
#include "compare/filter.h"
#include "compare/metrics.h"
#include "compare/tile.h"

namespace mw::compare {
namespace {

constexpr int kRadius = kSsimHalo;
constexpr double kSigma = 1.5;
constexpr float kC1 = 0.01f * 0.01f, kC2 = 0.03f * 0.03f;
// Variance does not change with a shift of the values, and floats are finest near 0.
constexpr float kCentre = 0.5f;

MW_CLONES void products_row(float* __restrict a, float* __restrict b, float* __restrict squares,
                            float* __restrict products, int count) {
    for (int i = 0; i < count; ++i) {
        const float p = a[i] - kCentre, q = b[i] - kCentre;
        a[i] = p, b[i] = q;
        squares[i] = p * p + q * q;
        products[i] = p * q;
    }
}

MW_CLONES void similarity_row(const float* ma, const float* mb, const float* ss, const float* ab,
                              float* __restrict out, int count) {
    for (int i = 0; i < count; ++i) {
        const float variances = ss[i] - ma[i] * ma[i] - mb[i] * mb[i];
        const float covariance = ab[i] - ma[i] * mb[i];
        const float ua = ma[i] + kCentre, ub = mb[i] + kCentre;
        out[i] = ((2 * ua * ub + kC1) * (2 * covariance + kC2)) /
                 ((ua * ua + ub * ub + kC1) * (variances + kC2));
    }
}

} // namespace

void fill_ssim(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out) {
    const Rect in = with_halo(tile, kRadius, a.size);
    if (same_samples(a, b, in)) {
        for (int y = 0; y < tile.height; ++y)
            std::fill_n(out.row<float>(y), tile.width, 1.0f);
        return;
    }
    static const HalfKernel kernel = gaussian_kernel(kSigma, kRadius);
    const int wide = tile.width + 2 * kRadius, first = tile.x - in.x - kRadius;
    RowRing ring(4, tile.width, kRadius, in.height, Edge::reflect);
    std::vector<float> line(static_cast<std::size_t>(in.width));
    std::vector<float> pa(static_cast<std::size_t>(wide)), pb = pa, squares = pa, products = pa;
    std::vector<float> ma(static_cast<std::size_t>(tile.width)), mb = ma, ss = ma, ab = ma;
    int read = 0; // rows of `in` that are in the ring
    for (int y = 0; y < tile.height; ++y) {
        const int at = tile.y - in.y + y;
        for (; read < std::min(at + kRadius + 1, in.height); ++read) {
            luma_row(a, in.x, in.y + read, in.width, line.data());
            spread_row(line.data(), in.width, first, wide, pa.data(), Edge::reflect);
            luma_row(b, in.x, in.y + read, in.width, line.data());
            spread_row(line.data(), in.width, first, wide, pb.data(), Edge::reflect);
            products_row(pa.data(), pb.data(), squares.data(), products.data(), wide);
            filter_row_even(pa.data() + kRadius, ring.row(0, read), tile.width, kernel);
            filter_row_even(pb.data() + kRadius, ring.row(1, read), tile.width, kernel);
            filter_row_even(squares.data() + kRadius, ring.row(2, read), tile.width, kernel);
            filter_row_even(products.data() + kRadius, ring.row(3, read), tile.width, kernel);
        }
        filter_column_even(ring.around(0, at), ma.data(), tile.width, kernel);
        filter_column_even(ring.around(1, at), mb.data(), tile.width, kernel);
        filter_column_even(ring.around(2, at), ss.data(), tile.width, kernel);
        filter_column_even(ring.around(3, at), ab.data(), tile.width, kernel);
        similarity_row(ma.data(), mb.data(), ss.data(), ab.data(), out.row<float>(y), tile.width);
    }
}

image::Image ssim_map(image::ImageView a, image::ImageView b) {
    assert(a.size == b.size);
    return map_of(a.size,
                  [&](const Rect& tile, image::ImageSpan out) { fill_ssim(a, b, tile, out); });
}

} // namespace mw::compare
