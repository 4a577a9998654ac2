// How often an error of which size occurs.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace mw::compare {

inline constexpr double kDeltaEHistogramEnd = 32;

// 64 classes of equal width from 0 to full_scale; what lies beyond is in the last.
struct ErrorHistogram {
    double full_scale = 1;
    std::array<std::int64_t, 64> count{};

    bool operator==(const ErrorHistogram&) const = default;
    double class_width() const { return full_scale / static_cast<double>(count.size()); }
    std::int64_t total() const;
};

// The weighted quantile (0 .. 1) of counts in classes of equal width from 0: each class weighs its
// count times its middle; straight within a class. 0 when nothing is counted.
double weighted_quantile(const std::vector<std::int64_t>& counts, double class_width,
                         double quantile);

} // namespace mw::compare
