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
// ends and not overlap out.
void filter_row_even(const float* centre, float* out, int count, const HalfKernel& kernel);
void filter_row_odd(const float* centre, float* out, int count, const HalfKernel& kernel);
// The same down the columns: centre[k] is the row k below, -radius .. radius.
void filter_column_even(const float* const* centre, float* out, int count,
                        const HalfKernel& kernel);
void filter_column_odd(const float* const* centre, float* out, int count, const HalfKernel& kernel);

// What lies beyond both ends: the last value repeated, or the row mirrored.
enum class Edge { clamp, reflect };
int edge_index(int i, int count, Edge edge);

// `count` values from index `first` of a row of `width`, which may stick out on both sides.
void spread_row(const float* row, int width, int first, int count, float* out, Edge edge);

// The last rows of some planes, as many as a column filter looks at.
class RowRing {
  public:
    // `reach` rows above and below, `height` rows in all, edges as said.
    RowRing(int planes, int width, int reach, int height, Edge edge);
    // Where row y of a plane is written; it stays until row y + 2 reach + 1 is.
    float* row(int plane, int y) {
        return values_.data() + (static_cast<std::size_t>(plane) * static_cast<std::size_t>(kept_) +
                                 static_cast<std::size_t>(y % kept_)) *
                                    static_cast<std::size_t>(width_);
    }
    // For filter_column_*: the rows around y, which must be there as far as the edge asks for
    // them. Valid until the next call.
    const float* const* around(int plane, int y);

  private:
    int width_, reach_, height_, kept_;
    Edge edge_;
    std::vector<float> values_;
    std::vector<const float*> around_;
};

} // namespace mw::compare
