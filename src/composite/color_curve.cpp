#include "composite/color_curve.h"

#include <algorithm>
#include <cmath>

namespace mw::composite {
namespace {

constexpr int kPoints = 17, kSteps = 1020;

double abscissa(std::size_t i) {
    return i + 1 < kPoints ? 16.0 * static_cast<double>(i) : 255.0;
}

// Slopes at the points that keep a rising curve rising.
std::array<double, kPoints> slopes(const std::array<float, kPoints>& y) {
    std::array<double, kPoints> m{};
    std::array<double, kPoints - 1> secant{}, width{};
    for (std::size_t i = 0; i + 1 < kPoints; ++i) {
        width[i] = abscissa(i + 1) - abscissa(i);
        secant[i] = (double(y[i + 1]) - y[i]) / width[i];
    }
    for (std::size_t i = 1; i + 1 < kPoints; ++i) {
        const double a = secant[i - 1], b = secant[i];
        if (a <= 0 || b <= 0) continue;
        m[i] = (a * width[i] + b * width[i - 1]) / (width[i] + width[i - 1]);
        m[i] = std::min({m[i], 3 * a, 3 * b});
    }
    // One-sided differences of second order at the ends.
    const auto end = [](double near, double far) {
        return near <= 0 ? 0.0 : std::clamp(1.5 * near - 0.5 * far, 0.0, 3 * near);
    };
    m[0] = end(secant[0], secant[1]);
    m[kPoints - 1] = end(secant[kPoints - 2], secant[kPoints - 3]);
    return m;
}

float bounded_slope(double slope) {
    return static_cast<float>(std::clamp(slope, 0.8, 1.25));
}

} // namespace

ColorCurve::ColorCurve(const ColorMatch& match) {
    if (!match.applied) return;
    for (std::size_t c = 0; c < 3; ++c) {
        const auto& y = match.curve[c];
        const auto m = slopes(y);
        table_[c].resize(kSteps + 1);
        for (int k = 0; k <= kSteps; ++k) {
            const double x = 255.0 * k / kSteps;
            const auto i = std::min<std::size_t>(static_cast<std::size_t>(x / 16), kPoints - 2);
            const double width = abscissa(i + 1) - abscissa(i), t = (x - abscissa(i)) / width;
            const double t2 = t * t, t3 = t2 * t;
            table_[c][static_cast<std::size_t>(k)] = static_cast<float>(
                ((2 * t3 - 3 * t2 + 1) * y[i] + (t3 - 2 * t2 + t) * width * m[i] +
                 (3 * t2 - 2 * t3) * y[i + 1] + (t3 - t2) * width * m[i + 1]) /
                255);
        }
        slope_low_[c] = bounded_slope(m[0]);
        slope_high_[c] = bounded_slope(m[kPoints - 1]);
    }
}

float ColorCurve::at(float value, int channel) const {
    const auto c = static_cast<std::size_t>(channel);
    const std::vector<float>& table = table_[c];
    if (table.empty() || !std::isfinite(value)) return value;
    if (value < 0) return table.front() + value * slope_low_[c];
    if (value > 1) return table.back() + (value - 1) * slope_high_[c];
    const float x = value * kSteps;
    const int i = std::min(static_cast<int>(x), kSteps - 1);
    const float* t = &table[static_cast<std::size_t>(i)];
    return t[0] + (x - static_cast<float>(i)) * (t[1] - t[0]);
}

void ColorCurve::apply(float* pixels, int count, int channels) const {
    if (is_identity()) return;
    for (int i = 0; i < count; ++i, pixels += channels)
        for (int c = 0; c < channels; ++c)
            pixels[c] = at(pixels[c], c);
}

} // namespace mw::composite
