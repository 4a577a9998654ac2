#include "image/color_curve.h"

#include <algorithm>
#include <cmath>

namespace mw::image {
namespace {

constexpr int kHints = 1024;

} // namespace

ColorCurve::ColorCurve(std::span<const float> table) : table_(table) {
    if (table.empty()) return;
    const std::size_t n = table.size();
    last_ = static_cast<float>(n - 1);
    const float span = table.back() - table.front();
    const float slope = (table[n - 1] - table[n - 2]) * last_;
    end_slope_ = slope > span / 4 ? slope : span;
    cells_.resize(kHints + 1);
    std::size_t cell = 0;
    for (int k = 0; k <= kHints; ++k) {
        const float part = static_cast<float>(k) / kHints;
        const float value = table.front() + part * part * span;
        while (cell + 2 < n && table[cell + 1] <= value)
            ++cell;
        cells_[static_cast<std::size_t>(k)] = static_cast<std::uint32_t>(cell);
    }
}

float ColorCurve::at(float v) const {
    if (table_.empty()) return v == v ? v : 0.0f;
    if (!(v < 0)) {
        if (v > 1) return table_.back() + (v - 1) * end_slope_;
        const float place = v == v ? v * last_ : 0.0f;
        const auto i = std::min(static_cast<std::size_t>(place), table_.size() - 2);
        return table_[i] + (place - static_cast<float>(i)) * (table_[i + 1] - table_[i]);
    }
    return 2 * table_.front() - at(-v);
}

float ColorCurve::inverse(float v) const {
    if (table_.empty()) return v == v ? v : 0.0f;
    if (v < table_.front()) return -inverse_above_first(2 * table_.front() - v);
    return inverse_above_first(v);
}

float ColorCurve::inverse_above_first(float v) const {
    const float first = table_.front(), end = table_.back();
    if (!(v > first)) return 0;
    if (v >= end) return 1 + (v - end) / end_slope_;
    const int hint = static_cast<int>(std::sqrt((v - first) / (end - first)) * kHints);
    const auto k = static_cast<std::size_t>(std::clamp(hint, 0, kHints - 1));
    // A hint may be one off by rounding.
    const auto from = table_.begin() + 1 + cells_[k > 0 ? k - 1 : 0];
    const auto to = table_.begin() + 1 + cells_[std::min<std::size_t>(k + 2, kHints)];
    const auto above = std::upper_bound(from, to, v);
    const auto i = static_cast<std::size_t>(above - table_.begin()) - 1;
    const float step = table_[i + 1] - table_[i];
    const float part = step > 0 ? std::min((v - table_[i]) / step, 1.0f) : 0.0f;
    return (static_cast<float>(i) + part) / last_;
}

} // namespace mw::image
