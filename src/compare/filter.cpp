#include "compare/filter.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"

namespace mw::compare {
namespace {

constexpr int kMostPairs = 256; // a kernel's radius at most

// Five pairs at a time: one pass over the row for each five, sums in registers, the order of adding
// the same for every pixel.
template <int kPairs, bool kOdd, bool kFirst>
MW_INLINE void add_pairs(const float* centre, float weight, const float* const* before,
                         const float* const* after, const float* k, float* __restrict out,
                         int count) {
    const float* b[kPairs];
    const float* a[kPairs];
    float w[kPairs];
    for (int t = 0; t < kPairs; ++t)
        b[t] = before[t], a[t] = after[t], w[t] = k[t];
#pragma GCC ivdep
    for (int i = 0; i < count; ++i) {
        float sum = kFirst ? (kOdd ? 0.0f : weight * centre[i]) : out[i];
        for (int t = 0; t < kPairs; ++t)
            sum += w[t] * (kOdd ? a[t][i] - b[t][i] : a[t][i] + b[t][i]);
        out[i] = sum;
    }
}

template <bool kOdd, bool kFirst>
MW_INLINE void add_some(int pairs, const float* centre, float weight, const float* const* before,
                        const float* const* after, const float* k, float* out, int count) {
    switch (pairs) {
        case 1:
            return add_pairs<1, kOdd, kFirst>(centre, weight, before, after, k, out, count);
        case 2:
            return add_pairs<2, kOdd, kFirst>(centre, weight, before, after, k, out, count);
        case 3:
            return add_pairs<3, kOdd, kFirst>(centre, weight, before, after, k, out, count);
        case 4:
            return add_pairs<4, kOdd, kFirst>(centre, weight, before, after, k, out, count);
        default:
            return add_pairs<5, kOdd, kFirst>(centre, weight, before, after, k, out, count);
    }
}

template <bool kOdd>
MW_INLINE void weigh(const float* centre, const float* const* before, const float* const* after,
                     const float* kernel, int pairs, float* out, int count) {
    constexpr int kGroup = 5;
    add_some<kOdd, true>(std::min(kGroup, pairs), centre, kernel[0], before, after, kernel + 1, out,
                         count);
    for (int t = kGroup; t < pairs; t += kGroup)
        add_some<kOdd, false>(std::min(kGroup, pairs - t), centre, 0, before + t, after + t,
                              kernel + 1 + t, out, count);
}

MW_CLONES void weigh_even(const float* centre, const float* const* before,
                          const float* const* after, const float* kernel, int pairs, float* out,
                          int count) {
    weigh<false>(centre, before, after, kernel, pairs, out, count);
}
MW_CLONES void weigh_odd(const float* centre, const float* const* before, const float* const* after,
                         const float* kernel, int pairs, float* out, int count) {
    weigh<true>(centre, before, after, kernel, pairs, out, count);
}

struct Pairs {
    const float *before[kMostPairs], *after[kMostPairs];
    int count;
};
int radius_of(const HalfKernel& kernel) {
    return std::min(static_cast<int>(kernel.size()) - 1, kMostPairs);
}
void row_pairs(const float* centre, const HalfKernel& kernel, Pairs& out) {
    out.count = radius_of(kernel);
    for (int k = 1; k <= out.count; ++k)
        out.before[k - 1] = centre - k, out.after[k - 1] = centre + k;
}
void column_pairs(const float* const* centre, const HalfKernel& kernel, Pairs& out) {
    out.count = radius_of(kernel);
    for (int k = 1; k <= out.count; ++k)
        out.before[k - 1] = centre[-k], out.after[k - 1] = centre[k];
}

} // namespace

HalfKernel gaussian_kernel(double sigma, int radius) {
    std::vector<double> exact(static_cast<std::size_t>(radius) + 1);
    double sum = 0;
    for (int i = 0; i <= radius; ++i) {
        exact[static_cast<std::size_t>(i)] = std::exp(-0.5 * i * i / (sigma * sigma));
        sum += (i ? 2 : 1) * exact[static_cast<std::size_t>(i)];
    }
    HalfKernel kernel;
    for (const double v : exact)
        kernel.push_back(static_cast<float>(v / sum));
    return kernel;
}

void filter_row_even(const float* centre, float* out, int count, const HalfKernel& kernel) {
    Pairs pairs;
    row_pairs(centre, kernel, pairs);
    weigh_even(centre, pairs.before, pairs.after, kernel.data(), pairs.count, out, count);
}

void filter_row_odd(const float* centre, float* out, int count, const HalfKernel& kernel) {
    Pairs pairs;
    row_pairs(centre, kernel, pairs);
    weigh_odd(centre, pairs.before, pairs.after, kernel.data(), pairs.count, out, count);
}

void filter_column_even(const float* const* centre, float* out, int count,
                        const HalfKernel& kernel) {
    Pairs pairs;
    column_pairs(centre, kernel, pairs);
    weigh_even(centre[0], pairs.before, pairs.after, kernel.data(), pairs.count, out, count);
}

void filter_column_odd(const float* const* centre, float* out, int count,
                       const HalfKernel& kernel) {
    Pairs pairs;
    column_pairs(centre, kernel, pairs);
    weigh_odd(centre[0], pairs.before, pairs.after, kernel.data(), pairs.count, out, count);
}

int edge_index(int i, int count, Edge edge) {
    if (edge == Edge::clamp) return std::clamp(i, 0, count - 1);
    const int period = 2 * count;
    int m = i % period;
    if (m < 0) m += period;
    return m < count ? m : period - 1 - m;
}

void spread_row(const float* row, int width, int first, int count, float* out, Edge edge) {
    const int begin = std::clamp(-first, 0, count), end = std::clamp(width - first, begin, count);
    for (int i = 0; i < begin; ++i)
        out[i] = row[edge_index(first + i, width, edge)];
    std::copy(row + first + begin, row + first + end, out + begin);
    for (int i = end; i < count; ++i)
        out[i] = row[edge_index(first + i, width, edge)];
}

RowRing::RowRing(int planes, int width, int reach, int height, Edge edge)
    : width_(width),
      reach_(reach),
      height_(height),
      kept_(std::min(2 * reach + 1, height)),
      edge_(edge),
      values_(static_cast<std::size_t>(planes) * static_cast<std::size_t>(kept_) *
              static_cast<std::size_t>(width)),
      around_(static_cast<std::size_t>(2 * reach + 1)) {}

const float* const* RowRing::around(int plane, int y) {
    for (int k = -reach_; k <= reach_; ++k)
        around_[static_cast<std::size_t>(k + reach_)] =
            row(plane, edge_index(y + k, height_, edge_));
    return around_.data() + reach_;
}

} // namespace mw::compare
