// answer = gain * source^gamma + offset for each channel, fitted on the ring and turned round.
// Three numbers that a drift of colour is made of, each with a likely size: under the mask there
// are colours the ring has never shown, and a free curve would do there what it likes.
#include <algorithm>
#include <vector>

#include "compare/metrics.h"
#include "composite/color_blocks.h"
#include "composite/color_curve.h"
#include "composite/context.h"
#include "composite/motion.h"
#include "image/color.h"

namespace mw::composite {
namespace {

constexpr double kLikelyGain = 0.05, kLikelyGamma = 0.05, kLikelyOffset = 5.0 / 255;
constexpr double kMostStep = 48;   // levels: more is a change of content
constexpr double kLeastStep = 0.8; // levels: less is not seen
constexpr double kCutDeltaE = 10;  // what the model repainted has a bounded say
constexpr double kAlike = 6; // blocks that say as much as one: what is wrong is wrong nearby, too
constexpr double kLeastSigma = 0.25; // levels
constexpr std::size_t kLeastBlocks = 24;

struct Drift {
    double gain = 1, gamma = 1, offset = 0; // of 0..1 values
    double forward(double s) const { return gain * std::pow(std::max(s, 1e-3), gamma) + offset; }
    // Goes on straight below kDark, where a power is too steep or too flat to be believed.
    double backward(double a) const {
        constexpr double kDark = 0.03;
        const double t = (a - offset) / gain;
        if (t > kDark) return std::pow(t, 1 / gamma);
        const double at = std::pow(kDark, 1 / gamma);
        return at + (t - kDark) * at / (kDark * gamma);
    }
};

double quantile(std::vector<double>& v, double share) {
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(share * double(v.size() - 1));
    std::nth_element(v.begin(), at, v.end());
    return *at;
}

// The middle of the shortest span that holds half of the values.
double densest(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    const std::size_t held = v.size() / 2;
    std::size_t best = 0;
    for (std::size_t i = 1; i + held < v.size(); ++i)
        if (v[i + held] - v[i] < v[best + held] - v[best]) best = i;
    return 0.5 * (v[best] + v[best + held]);
}

// Gauss-Newton with Tukey's weight. A block counts as repainted when its channels together say so.
std::array<Drift, 3> fit(const std::vector<BlockPair>& pairs) {
    std::array<Drift, 3> drift;
    std::array<double, 3> sigma{};
    std::vector<double> scratch;
    for (std::size_t c = 0; c < 3; ++c) {
        scratch.clear();
        for (const BlockPair& p : pairs)
            scratch.push_back((p.answer[c] - p.source[c]) / 255);
        drift[c].offset = std::clamp(densest(scratch), -0.1, 0.1);
    }
    for (int round = 0; round < 25; ++round) {
        for (std::size_t c = 0; c < 3; ++c) {
            scratch.clear();
            for (const BlockPair& p : pairs)
                scratch.push_back(
                    std::abs(p.answer[c] / 255 - drift[c].forward(p.source[c] / 255)));
            sigma[c] = std::max(quantile(scratch, 0.5) * 1.4826, kLeastSigma / 255);
        }
        std::array<std::array<std::array<double, 3>, 3>, 3> a{};
        std::array<std::array<double, 3>, 3> b{};
        for (const BlockPair& p : pairs) {
            std::array<double, 3> residual{};
            double far = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                residual[c] = p.answer[c] / 255 - drift[c].forward(p.source[c] / 255);
                far += residual[c] * residual[c] / (sigma[c] * sigma[c]);
            }
            const double u = far / (3 * 4.685 * 4.685);
            if (u >= 1) continue;
            // Edges that do not quite meet leave an error that grows with the contrast.
            const double rough = 1 + 0.01 * p.contrast * p.contrast;
            const double weight = (1 - u) * (1 - u) / rough;
            for (std::size_t c = 0; c < 3; ++c) {
                const double s = std::max(p.source[c] / 255.0, 1e-3);
                const double power = std::pow(s, drift[c].gamma);
                const std::array<double, 3> j{power, drift[c].gain * power * std::log(s), 1};
                const double w = weight / (sigma[c] * sigma[c] * kAlike);
                for (std::size_t r = 0; r < 3; ++r) {
                    for (std::size_t k = 0; k < 3; ++k)
                        a[c][r][k] += w * j[r] * j[k];
                    b[c][r] += w * j[r] * residual[c];
                }
            }
        }
        double step = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            const std::array<double, 3> likely{kLikelyGain, kLikelyGamma, kLikelyOffset};
            const std::array<double, 3> off{drift[c].gain - 1, drift[c].gamma - 1, drift[c].offset};
            for (std::size_t k = 0; k < 3; ++k) {
                a[c][k][k] += 1 / (likely[k] * likely[k]);
                b[c][k] -= off[k] / (likely[k] * likely[k]);
            }
            if (!solve_positive(a[c], b[c])) continue;
            drift[c].gain = std::clamp(drift[c].gain + b[c][0], 0.8, 1.25);
            drift[c].gamma = std::clamp(drift[c].gamma + b[c][1], 0.8, 1.25);
            drift[c].offset = std::clamp(drift[c].offset + b[c][2], -0.12, 0.12);
            for (const double d : b[c])
                step = std::max(step, std::abs(d));
        }
        if (step < 1e-5) break;
    }
    return drift;
}

std::array<double, 3> lab_of(const std::array<float, 3>& levels) {
    image::Float3 linear;
    for (std::size_t c = 0; c < 3; ++c)
        linear[c] = image::srgb_to_linear(std::clamp(levels[c] / 255, 0.0f, 1.0f));
    const image::Float3 lab = image::linear_to_lab(linear);
    return {lab[0], lab[1], lab[2]};
}

double level_at(std::size_t point) {
    return std::min(16.0 * static_cast<double>(point), 255.0);
}

} // namespace

ColorMatch find_color_match(const Context& context, const Registration& registration) {
    ColorMatch match;
    for (auto& curve : match.curve)
        for (std::size_t i = 0; i < curve.size(); ++i)
            curve[i] = static_cast<float>(level_at(i));
    const ColorMatch none = match;
    const auto no = [&](const char* why) {
        ColorMatch out = none;
        out.delta_e_before = out.delta_e_after = match.delta_e_before;
        out.reason = why;
        return out;
    };
    std::vector<BlockPair> fitted, judged;
    for (const BlockPair& p : block_pairs(context, registration))
        (p.judge ? judged : fitted).push_back(p);
    if (fitted.size() < kLeastBlocks || judged.size() < kLeastBlocks / 4)
        return no("too little context around the mask to compare colours");
    const std::array<Drift, 3> drift = fit(fitted);
    double most = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < match.curve[c].size(); ++i) {
            match.curve[c][i] = static_cast<float>(255 * drift[c].backward(level_at(i) / 255));
            most = std::max(most, std::abs(match.curve[c][i] - level_at(i)));
        }
        match.gain[c] = (match.curve[c][9] - match.curve[c][7]) / 32;
        match.offset[c] = match.curve[c][8] - match.gain[c] * 128;
    }
    match.applied = true;
    const ColorCurve curve(match);
    double after = 0;
    for (const BlockPair& p : judged) {
        const auto target = lab_of(p.source);
        std::array<float, 3> corrected{};
        for (std::size_t c = 0; c < 3; ++c)
            corrected[c] = 255 * curve.at(p.answer[c] / 255, static_cast<int>(c));
        match.delta_e_before += std::min(compare::ciede2000(target, lab_of(p.answer)), kCutDeltaE);
        after += std::min(compare::ciede2000(target, lab_of(corrected)), kCutDeltaE);
    }
    const auto count = static_cast<double>(judged.size());
    match.delta_e_before /= count;
    match.delta_e_after = after / count;
    if (most < kLeastStep) return no("the colours already match");
    if (most > kMostStep) return no("the colours differ too much for a drift; left as they came");
    if (match.delta_e_after > 0.95 * match.delta_e_before ||
        match.delta_e_before - match.delta_e_after < 0.03)
        return no("no curve was found that brings the context closer");
    return match;
}

} // namespace mw::composite
