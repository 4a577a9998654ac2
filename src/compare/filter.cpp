#include "compare/filter.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"

namespace mw::compare {
namespace {

MW_CLONES void scale_row(const float* a, float k, float* out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] = k * a[i];
}

MW_CLONES void add_pair(const float* a, const float* b, float k, float* out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] += k * (a[i] + b[i]);
}

MW_CLONES void add_difference(const float* a, const float* b, float k, float* out, int count) {
    for (int i = 0; i < count; ++i)
        out[i] += k * (b[i] - a[i]);
}

int radius_of(const HalfKernel& kernel) {
    return static_cast<int>(kernel.size()) - 1;
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
    scale_row(centre, kernel[0], out, count);
    for (int k = 1; k <= radius_of(kernel); ++k)
        add_pair(centre - k, centre + k, kernel[static_cast<std::size_t>(k)], out, count);
}

void filter_row_odd(const float* centre, float* out, int count, const HalfKernel& kernel) {
    std::fill_n(out, count, 0.0f);
    for (int k = 1; k <= radius_of(kernel); ++k)
        add_difference(centre - k, centre + k, kernel[static_cast<std::size_t>(k)], out, count);
}

int edge_index(int i, int count, Edge edge) {
    if (edge == Edge::clamp) return std::clamp(i, 0, count - 1);
    const int period = 2 * count;
    int m = i % period;
    if (m < 0) m += period;
    return m < count ? m : period - 1 - m;
}

Rows::Rows(int w, int h)
    : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}

void filter_column_even(const Rows& rows, int y, float* out, const HalfKernel& kernel, Edge edge) {
    scale_row(rows.row(y), kernel[0], out, rows.width);
    for (int k = 1; k <= radius_of(kernel); ++k)
        add_pair(rows.row(edge_index(y - k, rows.height, edge)),
                 rows.row(edge_index(y + k, rows.height, edge)),
                 kernel[static_cast<std::size_t>(k)], out, rows.width);
}

void filter_column_odd(const Rows& rows, int y, float* out, const HalfKernel& kernel, Edge edge) {
    std::fill_n(out, rows.width, 0.0f);
    for (int k = 1; k <= radius_of(kernel); ++k)
        add_difference(rows.row(edge_index(y - k, rows.height, edge)),
                       rows.row(edge_index(y + k, rows.height, edge)),
                       kernel[static_cast<std::size_t>(k)], out, rows.width);
}

void spread_row(const float* row, int width, int first, int count, float* out, Edge edge) {
    for (int i = 0; i < count; ++i)
        out[i] = row[edge_index(first + i, width, edge)];
}

} // namespace mw::compare
