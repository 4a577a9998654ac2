#include <algorithm>
#include <vector>

#include "compare/metrics.h"
#include "composite/context.h"
#include "image/color.h"

namespace mw::composite {
namespace {

constexpr double kMostGain = 0.10; // a larger change of contrast is a change of content
constexpr double kMostOffset = 24; // levels
constexpr double kPriorLevels = 4; // contrast of the ring at which gain and prior weigh alike
constexpr double kCutDeltaE = 10;  // what the model repainted has a bounded say
constexpr std::size_t kLeastPixels = 400, kLeastBlocks = 6;
constexpr std::int64_t kMostPixels = 60000;

struct PairSample {
    std::array<float, 3> source, answer; // 0 .. 255 levels
};

// Fitted on pixels, judged on the means of blocks held back: grain and half a pixel of misfit
// cancel there, so a small drift of colour shows above them. (A gain and an offset commute with the
// mean.)
struct Pairs {
    std::vector<PairSample> fit, judge;
};

constexpr int kBlock = 8; // as held_back

// False when clipped or not finite: such a value says nothing about the curve that led there.
bool read_pair(const Context& context, const Registration& registration, int x, int y,
               PairSample& pair) {
    const int n = context.source.format().channels;
    const float* s = context.source.view().pixel<float>(x, y);
    float a[3] = {};
    if (registration.applied) {
        const PointF q = map_point(registration, context.centre, {double(x), double(y)});
        sample_cubic(context.answer.view(), q.x, q.y, a);
    } else {
        std::copy_n(context.answer.view().pixel<float>(x, y), n, a);
    }
    for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t k = n == 1 ? 0 : c;
        pair.source[c] = 255 * s[k];
        pair.answer[c] = 255 * a[k];
        const auto usable = [](float v) { return v > 0.5f && v < 254.5f; };
        if (!usable(pair.source[c]) || !usable(pair.answer[c])) return false;
    }
    return true;
}

Pairs collect(const Context& context, const Registration& registration) {
    Pairs pairs;
    const Size size = context.window.size();
    const auto every = std::max<std::int64_t>(1, context.ring_pixels / kMostPixels);
    std::int64_t turn = 0;
    for (int by = 0; by < size.height; by += kBlock) {
        for (int bx = 0; bx < size.width; bx += kBlock) {
            // Not every k-th in order, which would beat with the width of the rows.
            if (((++turn * 0x9E3779B1ll) >> 8) % every != 0) continue;
            PairSample sum{}, pair;
            int count = 0;
            const bool judging = held_back(bx, by);
            for (int y = by; y < std::min(by + kBlock, size.height); ++y) {
                const auto* ring = context.ring.view().row<std::uint8_t>(y);
                for (int x = bx; x < std::min(bx + kBlock, size.width); ++x) {
                    if (!ring[x] || !read_pair(context, registration, x, y, pair)) continue;
                    if (!judging) {
                        pairs.fit.push_back(pair);
                        continue;
                    }
                    ++count;
                    for (std::size_t c = 0; c < 3; ++c)
                        sum.source[c] += pair.source[c], sum.answer[c] += pair.answer[c];
                }
            }
            if (count < kBlock * kBlock / 4) continue;
            for (std::size_t c = 0; c < 3; ++c)
                sum.source[c] /= float(count), sum.answer[c] /= float(count);
            pairs.judge.push_back(sum);
        }
    }
    return pairs;
}

double median(std::vector<double>& v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

// source = gain * answer + offset, by iterated least squares with Tukey's weight. A prior pulls the
// gain to 1 where the ring has too little contrast to know it: under the mask there are colours the
// ring has never seen, and a wild slope would be extrapolated to them.
void fit_channel(const std::vector<PairSample>& pairs, std::size_t c, double& gain,
                 double& offset) {
    std::vector<double> values(pairs.size());
    const auto residual = [&](const PairSample& p) {
        return p.source[c] - gain * p.answer[c] - offset;
    };
    gain = 1;
    offset = 0;
    std::transform(pairs.begin(), pairs.end(), values.begin(), residual);
    offset = median(values);
    for (int round = 0; round < 8; ++round) {
        std::transform(pairs.begin(), pairs.end(), values.begin(),
                       [&](const PairSample& p) { return std::abs(residual(p)); });
        const double limit = 4.685 * std::max(1.4826 * median(values), 0.7);
        double sw = 0, sa = 0, ss = 0;
        const auto weight = [&](const PairSample& p) {
            const double u = residual(p) / limit;
            return std::abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0.0;
        };
        for (const PairSample& p : pairs) {
            const double w = weight(p);
            sw += w;
            sa += w * p.answer[c];
            ss += w * p.source[c];
        }
        if (sw <= 0) return;
        const double ma = sa / sw, ms = ss / sw;
        double aa = sw * kPriorLevels * kPriorLevels, as = aa;
        for (const PairSample& p : pairs) {
            const double w = weight(p), da = p.answer[c] - ma;
            aa += w * da * da;
            as += w * da * (p.source[c] - ms);
        }
        const double new_gain = std::clamp(as / aa, 1 - kMostGain, 1 + kMostGain);
        const double new_offset = ms - new_gain * ma;
        const bool settled =
            std::abs(new_gain - gain) < 1e-4 && std::abs(new_offset - offset) < 0.01;
        gain = new_gain;
        offset = new_offset;
        if (settled) break;
    }
}

std::array<double, 3> lab_of(const std::array<float, 3>& levels) {
    image::Float3 linear;
    for (std::size_t c = 0; c < 3; ++c)
        linear[c] = image::srgb_to_linear(std::clamp(levels[c] / 255, 0.0f, 1.0f));
    const image::Float3 lab = image::linear_to_lab(linear);
    return {lab[0], lab[1], lab[2]};
}

} // namespace

ColorMatch find_color_match(const Context& context, const Registration& registration) {
    ColorMatch match;
    const auto no = [&](const char* why) {
        match.reason = why;
        match.gain = {1, 1, 1};
        match.offset = {};
        return match;
    };
    Pairs pairs = collect(context, registration);
    if (pairs.fit.size() < kLeastPixels || pairs.judge.size() < kLeastBlocks)
        return no("too little context around the mask to compare colours");
    for (std::size_t c = 0; c < 3; ++c)
        fit_channel(pairs.fit, c, match.gain[c], match.offset[c]);

    const auto count = static_cast<double>(pairs.judge.size());
    double step = 0;
    for (const PairSample& p : pairs.judge) {
        const auto target = lab_of(p.source);
        std::array<float, 3> corrected{};
        for (std::size_t c = 0; c < 3; ++c) {
            corrected[c] = static_cast<float>(match.gain[c] * p.answer[c] + match.offset[c]);
            step = std::max(step, std::abs(double(corrected[c]) - p.answer[c]));
        }
        match.delta_e_before += std::min(compare::ciede2000(target, lab_of(p.answer)), kCutDeltaE);
        match.delta_e_after += std::min(compare::ciede2000(target, lab_of(corrected)), kCutDeltaE);
    }
    match.delta_e_before /= count;
    match.delta_e_after /= count;
    const double after = match.delta_e_after;
    match.delta_e_after = match.delta_e_before; // until it is applied
    if (step < 0.6) return no("the colours already match");
    if (step > kMostOffset + 255 * kMostGain)
        return no("the colours differ too much for a drift; left as they came");
    if (after > 0.9 * match.delta_e_before || match.delta_e_before - after < 0.05)
        return no("no gain and offset was found that brings the context closer");
    match.delta_e_after = after;
    match.applied = true;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < 17; ++i)
            match.curve[c][i] = static_cast<float>(
                match.gain[c] * std::min(16.0 * static_cast<double>(i), 255.0) + match.offset[c]);
    return match;
}

} // namespace mw::composite
