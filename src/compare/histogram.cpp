#include "compare/histogram.h"

#include <numeric>

namespace mw::compare {

std::int64_t ErrorHistogram::total() const {
    return std::accumulate(count.begin(), count.end(), std::int64_t{0});
}

double weighted_quantile(const std::vector<std::int64_t>& counts, double class_width,
                         double quantile) {
    const auto weight = [&](std::size_t i) {
        return static_cast<double>(counts[i]) * (static_cast<double>(i) + 0.5);
    };
    double total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        total += weight(i);
    double left = quantile * total;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double w = weight(i);
        if (w > 0 && left <= w) return (static_cast<double>(i) + left / w) * class_width;
        left -= w;
    }
    return 0;
}

} // namespace mw::compare
