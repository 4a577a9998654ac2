// Separable filters on rows of floats, written so that the compiler vectorises over x. Private to
// the room.
#pragma once

#include <cstddef>
#include <vector>

namespace mw::compare {

// A kernel by its centre and one side: weight[0], weight[1] at +-1, … An odd kernel has weight[0] =
// 0 and the opposite sign on the left.
using HalfKernel = std::vector<float>;
HalfKernel gaussian_kernel(double sigma, int radius); // sums to 1 over both sides

// out[i] = sum over k of kernel(k) centre[i + k]; centre must be readable `radius` beyond both
// ends.
void filter_row_even(const float* centre, float* out, int count, const HalfKernel& kernel);
void filter_row_odd(const float* centre, float* out, int count, const HalfKernel& kernel);

// A plane whose rows are addressed beyond both ends, clamped or reflected.
enum class Edge { clamp, reflect };
int edge_index(int i, int count, Edge edge);

struct Rows {
    int width = 0, height = 0;
    std::vector<float> values;
    Rows(int w, int h);
    float* row(int y) { return values.data() + std::ptrdiff_t{y} * width; }
    const float* row(int y) const { return values.data() + std::ptrdiff_t{y} * width; }
};
// Down the columns at row y.
void filter_column_even(const Rows& rows, int y, float* out, const HalfKernel& kernel, Edge edge);
void filter_column_odd(const Rows& rows, int y, float* out, const HalfKernel& kernel, Edge edge);

// `count` values from index `first` of a row of `width`, which may stick out on both sides.
void spread_row(const float* row, int width, int first, int count, float* out, Edge edge);

} // namespace mw::compare
