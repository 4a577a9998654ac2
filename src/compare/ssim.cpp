// Wang, Bovik, Sheikh, Simoncelli: "Image Quality Assessment: From Error Visibility to Structural
// Similarity" (2004).
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

} // namespace

void fill_ssim(image::ImageView a, image::ImageView b, const Rect& tile, image::ImageSpan out) {
    const Rect in = with_halo(tile, kRadius, a.size);
    if (same_samples(a, b, in)) {
        for (int y = 0; y < tile.height; ++y)
            std::fill_n(out.row<float>(y), tile.width, 1.0f);
        return;
    }
    static const HalfKernel kernel = gaussian_kernel(kSigma, kRadius);
    const int wide = tile.width + 2 * kRadius;
    Rows mean_a(tile.width, in.height), mean_b = mean_a, squares = mean_a, products = mean_a;
    std::vector<float> line(static_cast<std::size_t>(in.width));
    std::vector<float> pa(static_cast<std::size_t>(wide)), pb = pa, mixed = pa;
    const int first = tile.x - in.x - kRadius;
    for (int y = 0; y < in.height; ++y) {
        luma_row(a, in.x, in.y + y, in.width, line.data());
        spread_row(line.data(), in.width, first, wide, pa.data(), Edge::reflect);
        luma_row(b, in.x, in.y + y, in.width, line.data());
        spread_row(line.data(), in.width, first, wide, pb.data(), Edge::reflect);
        for (std::size_t i = 0; i < pa.size(); ++i)
            pa[i] -= kCentre, pb[i] -= kCentre;
        filter_row_even(pa.data() + kRadius, mean_a.row(y), tile.width, kernel);
        filter_row_even(pb.data() + kRadius, mean_b.row(y), tile.width, kernel);
        for (std::size_t i = 0; i < pa.size(); ++i)
            mixed[i] = pa[i] * pa[i] + pb[i] * pb[i];
        filter_row_even(mixed.data() + kRadius, squares.row(y), tile.width, kernel);
        for (std::size_t i = 0; i < pa.size(); ++i)
            mixed[i] = pa[i] * pb[i];
        filter_row_even(mixed.data() + kRadius, products.row(y), tile.width, kernel);
    }
    std::vector<float> ma(static_cast<std::size_t>(tile.width)), mb = ma, ss = ma, ab = ma;
    for (int y = 0; y < tile.height; ++y) {
        const int at = tile.y - in.y + y;
        filter_column_even(mean_a, at, ma.data(), kernel, Edge::reflect);
        filter_column_even(mean_b, at, mb.data(), kernel, Edge::reflect);
        filter_column_even(squares, at, ss.data(), kernel, Edge::reflect);
        filter_column_even(products, at, ab.data(), kernel, Edge::reflect);
        float* to = out.row<float>(y);
        for (int x = 0; x < tile.width; ++x) {
            const auto i = static_cast<std::size_t>(x);
            const float variances = ss[i] - ma[i] * ma[i] - mb[i] * mb[i];
            const float covariance = ab[i] - ma[i] * mb[i];
            const float ua = ma[i] + kCentre, ub = mb[i] + kCentre;
            to[x] = ((2 * ua * ub + kC1) * (2 * covariance + kC2)) /
                    ((ua * ua + ub * ub + kC1) * (variances + kC2));
        }
    }
}

image::Image ssim_map(image::ImageView a, image::ImageView b) {
    assert(a.size == b.size);
    return map_of(a.size,
                  [&](const Rect& tile, image::ImageSpan out) { fill_ssim(a, b, tile, out); });
}

} // namespace mw::compare
