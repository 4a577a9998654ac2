#include "select/color_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mw::select {
namespace {

constexpr float kUnlikely = 40; // -ln density of a colour that no component explains

float squared(const Color3& a, const Color3& b) {
    float sum = 0;
    for (std::size_t c = 0; c < 3; ++c)
        sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

// Labels by k-means++ (Arthur & Vassilvitskii 2007) and ten rounds of Lloyd; the number of
// clusters.
int cluster(std::span<const Color3> colors, int wanted, std::vector<std::uint8_t>& labels) {
    std::uint64_t state = 0x9e3779b97f4a7c15;
    const auto random = [&] {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<double>(state >> 11) / 9007199254740992.0;
    };
    std::vector<Color3> centres{colors[static_cast<std::size_t>(random() * double(colors.size()))]};
    std::vector<float> nearest(colors.size(), std::numeric_limits<float>::max());
    while (static_cast<int>(centres.size()) < wanted) {
        double total = 0;
        for (std::size_t i = 0; i < colors.size(); ++i) {
            nearest[i] = std::min(nearest[i], squared(colors[i], centres.back()));
            total += double(nearest[i]);
        }
        if (total <= 0) break; // fewer colours than clusters
        double pick = random() * total;
        std::size_t at = 0;
        while (at + 1 < colors.size() && (pick -= double(nearest[at])) > 0)
            ++at;
        centres.push_back(colors[at]);
    }
    labels.assign(colors.size(), 0);
    for (int round = 0; round < 10; ++round) {
        std::vector<std::array<double, 4>> sums(centres.size());
        for (std::size_t i = 0; i < colors.size(); ++i) {
            float best = std::numeric_limits<float>::max();
            for (std::size_t k = 0; k < centres.size(); ++k)
                if (const float d = squared(colors[i], centres[k]); d < best) {
                    best = d;
                    labels[i] = static_cast<std::uint8_t>(k);
                }
            auto& sum = sums[labels[i]];
            for (std::size_t c = 0; c < 3; ++c)
                sum[c] += double(colors[i][c]);
            sum[3] += 1;
        }
        for (std::size_t k = 0; k < centres.size(); ++k)
            for (std::size_t c = 0; c < 3 && sums[k][3] > 0; ++c)
                centres[k][c] = static_cast<float>(sums[k][c] / sums[k][3]);
    }
    return static_cast<int>(centres.size());
}

} // namespace

void ColorModel::fit(std::span<const Color3> colors) {
    components_.clear();
    if (colors.empty()) return;
    std::vector<std::uint8_t> labels;
    const int count = cluster(colors, kComponents, labels);
    learn(colors, labels, count);
}

void ColorModel::refit(std::span<const Color3> colors) {
    if (components_.empty()) return fit(colors);
    if (colors.empty()) return;
    std::vector<std::uint8_t> labels(colors.size());
    for (std::size_t i = 0; i < colors.size(); ++i)
        labels[i] = static_cast<std::uint8_t>(likeliest(colors[i]));
    learn(colors, labels, static_cast<int>(components_.size()));
}

void ColorModel::learn(std::span<const Color3> colors, std::span<const std::uint8_t> labels,
                       int count) {
    struct Sums {
        double n = 0, mean[3] = {}, products[6] = {};
    };
    std::vector<Sums> sums(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < colors.size(); ++i) {
        Sums& s = sums[labels[i]];
        const double v[3] = {double(colors[i][0]), double(colors[i][1]), double(colors[i][2])};
        s.n += 1;
        for (int c = 0; c < 3; ++c)
            s.mean[c] += v[c];
        for (int a = 0, k = 0; a < 3; ++a)
            for (int b = a; b < 3; ++b, ++k)
                s.products[k] += v[a] * v[b];
    }
    components_.clear();
    for (const Sums& s : sums) {
        if (s.n < 1) continue;
        double m[3], v[6];
        for (int c = 0; c < 3; ++c)
            m[c] = s.mean[c] / s.n;
        for (int a = 0, k = 0; a < 3; ++a)
            for (int b = a; b < 3; ++b, ++k)
                v[k] = s.products[k] / s.n - m[a] * m[b] + (a == b ? 2.0 : 0.0); // noise's own
        const double xx = v[3] * v[5] - v[4] * v[4], xy = v[2] * v[4] - v[1] * v[5],
                     xz = v[1] * v[4] - v[2] * v[3];
        const double det = v[0] * xx + v[1] * xy + v[2] * xz;
        const double inverse[6] = {xx / det,
                                   xy / det,
                                   xz / det,
                                   (v[0] * v[5] - v[2] * v[2]) / det,
                                   (v[1] * v[2] - v[0] * v[4]) / det,
                                   (v[0] * v[3] - v[1] * v[1]) / det};
        Component made;
        for (std::size_t c = 0; c < 3; ++c)
            made.mean[c] = static_cast<float>(m[c]);
        for (std::size_t k = 0; k < 6; ++k)
            made.inverse[k] = static_cast<float>(inverse[k]);
        made.constant =
            static_cast<float>(-std::log(s.n / double(colors.size())) + std::log(det) / 2);
        components_.push_back(made);
    }
}

namespace {

template <class Component>
float component_cost(const Component& k, const Color3& color) {
    const float x = color[0] - k.mean[0], y = color[1] - k.mean[1], z = color[2] - k.mean[2];
    const auto& q = k.inverse;
    return k.constant + 0.5f * (x * (q[0] * x + 2 * (q[1] * y + q[2] * z)) +
                                y * (q[3] * y + 2 * q[4] * z) + z * q[5] * z);
}

} // namespace

int ColorModel::likeliest(const Color3& color) const {
    int best = 0;
    float least = std::numeric_limits<float>::max();
    for (std::size_t k = 0; k < components_.size(); ++k)
        if (const float c = component_cost(components_[k], color); c < least) {
            least = c;
            best = static_cast<int>(k);
        }
    return best;
}

float ColorModel::cost(const Color3& color) const {
    // The likeliest component stands for the sum: within ln 5.
    float least = kUnlikely;
    for (const Component& k : components_)
        least = std::min(least, component_cost(k, color));
    return least;
}

} // namespace mw::select
