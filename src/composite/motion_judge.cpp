// How well a motion explains what it is shown.
#include <algorithm>
#include <cmath>

#include "composite/motion.h"

namespace mw::composite {
namespace {

// Residuals of neighbours resemble each other: so many samples say as much as one.
constexpr double kAlike = 16;
constexpr double kKept = 0.6;

} // namespace

double quantile(std::vector<float>& values, double share) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

void residuals(const Samples& samples, const std::vector<float>& seen, const Tone& tone,
               std::vector<float>& out) {
    out.resize(seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
        out[i] = seen[i] == kNowhere ? kNowhere : samples.value[i] - tone(seen[i]);
}

Tone likely_lift(const Level& level, const Samples& samples, const Motion& motion) {
    std::vector<float> seen, differences;
    read_answer(level, samples, motion, seen);
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i] != kNowhere) differences.push_back(samples.value[i] - seen[i]);
    Tone tone;
    if (differences.size() < 10) return tone;
    std::sort(differences.begin(), differences.end());
    const std::size_t held = differences.size() * 2 / 5;
    std::size_t best = 0;
    const auto span = [&](std::size_t i) { return differences[i + held] - differences[i]; };
    for (std::size_t i = 1; i + held < differences.size(); ++i)
        if (span(i) < span(best)) best = i;
    tone.lift = 0.5f * (differences[best] + differences[best + held]);
    return tone;
}

double cut_off_difference(const Level& level, const Motion& motion, const Tone& tone, double cut) {
    std::vector<float> seen, residual;
    read_answer(level, level.judge, motion, seen);
    residuals(level.judge, seen, tone, residual);
    double sum = 0;
    for (const float r : residual)
        sum += std::min(double(std::abs(r)), cut);
    return sum / static_cast<double>(std::max<std::size_t>(1, residual.size()));
}

double better_by(const Level& level, const Motion& found, const Tone& found_tone,
                 const Motion& other, const Tone& other_tone, double sigma) {
    double sum = 0, squares = 0, n = 1;
    for (const Samples* samples : {&level.fit, &level.judge}) {
        const auto losses = [&](const Motion& motion, const Tone& tone) {
            std::vector<float> seen, residual;
            read_answer(level, *samples, motion, seen);
            residuals(*samples, seen, tone, residual);
            for (float& r : residual) {
                const double u = r / (4.685 * sigma), v = 1 - u * u;
                r = static_cast<float>(u > -1 && u < 1 ? 1 - v * v * v : 1);
            }
            return residual;
        };
        const std::vector<float> a = losses(found, found_tone), b = losses(other, other_tone);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double d = double(b[i]) - a[i];
            sum += d, squares += d * d;
        }
        n += static_cast<double>(a.size());
    }
    const double mean = sum / n;
    const double deviation = std::sqrt(std::max(1e-12, squares / n - mean * mean));
    return mean / deviation * std::sqrt(n / kAlike);
}

double judge_motion(const Level& level, const Motion& motion, const Tone& tone) {
    std::vector<float> seen, residual, sizes;
    read_answer(level, level.judge, motion, seen);
    residuals(level.judge, seen, tone, residual);
    for (const float r : residual)
        if (r != kNowhere) sizes.push_back(std::abs(r));
    const double limit = quantile(sizes, kKept);
    double sum = 0, count = 0;
    for (const float v : sizes)
        if (v <= limit) sum += double(v) * v, ++count;
    return count > 0 ? std::sqrt(sum / count) : 0;
}

} // namespace mw::composite
