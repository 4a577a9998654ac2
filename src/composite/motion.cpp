#include "composite/motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/clones.h"

namespace mw::composite {
namespace {

constexpr std::size_t kColumns = kMotions + 3; // and the tone
constexpr std::size_t kLanes = 8, kBlock = 256;
constexpr double kLeastSigma = 0.4; // 8-bit samples are not better than that
// Residuals of neighbours resemble each other: so many samples say as much as one.
constexpr double kAlike = 4;
constexpr double kChance = 0.03; // coherence that noise may show by chance
// What a drift of tone is likely to be: lift, slope and bend in levels.
constexpr std::array<double, 3> kToneSigma{30, 6, 3};

using Columns = std::array<std::array<float, kBlock>, kColumns + 1>; // the last: the residual

using Sums = std::array<std::array<double, kColumns + 1>, kColumns>;

// a . (w * b) of a block, in fixed lanes so that every instruction set adds in the same order.
MW_INLINE float dot(const float* a, const float* wb) {
    float lanes[kLanes] = {};
    for (std::size_t i = 0; i < kBlock; i += kLanes)
        for (std::size_t k = 0; k < kLanes; ++k)
            lanes[k] += a[i + k] * wb[i + k];
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
           ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

// Upper triangle of the weighted normal equations, the right-hand side last.
MW_CLONES void add_block(const Columns& columns, const float* weight, Sums& sums) {
    float weighted[kBlock];
    for (std::size_t r = 0; r < kColumns; ++r) {
        for (std::size_t i = 0; i < kBlock; ++i)
            weighted[i] = weight[i] * columns[r][i];
        for (std::size_t c = r; c <= kColumns; ++c)
            sums[r][c] += dot(columns[c].data(), weighted);
    }
}

double robust_sigma(const std::vector<float>& residual, std::vector<float>& scratch) {
    scratch.clear();
    for (const float r : residual)
        if (std::abs(r) < 0.5f * kNowhere) scratch.push_back(std::abs(r));
    return std::max(quantile(scratch, 0.4) / 0.5244, kLeastSigma);
}

// How much of the gradients' energy along (ux, uy) and across it is detail, not noise.
struct Detail {
    float ux = 1, uy = 0, along = 1, across = 1;
};

Sums normal_equations(const Level& level, const Samples& samples, const std::vector<float>& seen,
                      const std::vector<float>& residual, double reach, double limit,
                      const Detail& detail = {}) {
    Sums sums{};
    Columns columns{};
    std::array<float, kBlock> weight{};
    const auto per_unit = static_cast<float>(1 / level.unit);
    const auto arm = static_cast<float>(level.unit / reach);
    const auto cx = static_cast<float>(level.centre.x), cy = static_cast<float>(level.centre.y);
    const auto inverse = static_cast<float>(1 / limit);
    for (std::size_t begin = 0; begin < samples.size(); begin += kBlock) {
        const std::size_t count = std::min(kBlock, samples.size() - begin);
        for (std::size_t k = 0; k < kBlock; ++k) {
            const bool there = k < count;
            const std::size_t i = there ? begin + k : begin;
            const float u = residual[i] * inverse, v = 1 - u * u;
            weight[k] = there && u > -1 && u < 1 ? v * v : 0;
            const float along =
                detail.along * (detail.ux * samples.gx[i] + detail.uy * samples.gy[i]);
            const float across =
                detail.across * (detail.ux * samples.gy[i] - detail.uy * samples.gx[i]);
            const float a = (detail.ux * along - detail.uy * across) * per_unit;
            const float b = (detail.uy * along + detail.ux * across) * per_unit;
            const float x = (samples.x[i] - cx) * arm, y = (samples.y[i] - cy) * arm;
            columns[0][k] = a;
            columns[1][k] = b;
            columns[2][k] = a * x + b * y;
            columns[3][k] = a * y - b * x;
            columns[4][k] = a * x - b * y;
            columns[5][k] = a * y + b * x;
            const float t = weight[k] > 0 ? (seen[i] - 128) * (1.0f / 64) : 0;
            columns[6][k] = 1;
            columns[7][k] = t;
            columns[8][k] = t * t;
            columns[9][k] = weight[k] > 0 ? residual[i] : 0;
        }
        add_block(columns, weight.data(), sums);
    }
    for (std::size_t r = 0; r < kColumns; ++r)
        for (std::size_t c = 0; c < r; ++c)
            sums[r][c] = sums[c][r];
    return sums;
}

// Takes the tone out of the normal equations (Schur's complement).
bool without_tone(const Sums& s, double scale, MotionMatrix& information) {
    std::array<std::array<double, 3>, 3> tone{};
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c)
            tone[r][c] = s[kMotions + r][kMotions + c] + (r == c ? 1e-6 * s[6][6] + 1e-9 : 0);
    for (std::size_t c = 0; c < kMotions; ++c) {
        std::array<double, 3> b{s[6][c], s[7][c], s[8][c]};
        if (!solve_positive(tone, b)) return false;
        for (std::size_t r = 0; r < kMotions; ++r)
            information[r][c] =
                scale * (s[r][c] - s[r][6] * b[0] - s[r][7] * b[1] - s[r][8] * b[2]);
    }
    return true;
}

std::size_t free_motions(Freedom freedom) {
    switch (freedom) {
        case Freedom::none:
            return 0;
        case Freedom::shift:
            return 2;
        case Freedom::similarity:
            return 4;
        case Freedom::affine:
            break;
    }
    return kMotions;
}

} // namespace

Registration Motion::registration() const {
    Registration r;
    r.dx = p[0];
    r.dy = p[1];
    r.xx = 1 + (p[2] + p[4]) / reach;
    r.xy = (p[3] + p[5]) / reach;
    r.yx = (p[5] - p[3]) / reach;
    r.yy = 1 + (p[2] - p[4]) / reach;
    r.scale = std::sqrt(std::abs(r.xx * r.yy - r.xy * r.yx));
    r.rotation_degrees = std::atan2(r.xy - r.yx, r.xx + r.yy) * 180 / std::numbers::pi;
    return r;
}

MotionFit fit_motion(const Level& level, const Samples& samples, Motion& motion, Tone& tone,
                     Freedom freedom, const Belief& belief, int iterations) {
    MotionFit fit;
    std::vector<float> seen, residual, scratch;
    const std::size_t moving = free_motions(freedom);
    for (int round = 0; round < iterations; ++round) {
        read_answer(level, samples, motion, seen);
        residuals(samples, seen, tone, residual);
        fit.sigma = robust_sigma(residual, scratch);
        const Sums s =
            normal_equations(level, samples, seen, residual, motion.reach, 4.685 * fit.sigma);
        const double scale = 1 / (fit.sigma * fit.sigma * kAlike);
        std::array<std::array<double, kColumns>, kColumns> a{};
        std::array<double, kColumns> b{};
        for (std::size_t r = 0; r < kColumns; ++r) {
            for (std::size_t c = 0; c < kColumns; ++c)
                a[r][c] = scale * s[r][c];
            b[r] = scale * s[r][kColumns];
        }
        for (std::size_t r = 0; r < kMotions; ++r)
            for (std::size_t c = 0; c < kMotions; ++c) {
                a[r][c] += belief.information[r][c];
                b[r] += belief.information[r][c] * (belief.mean[c] - motion.p[c]);
            }
        const std::array<double, 3> now{tone.lift, tone.slope, tone.bend};
        for (std::size_t k = 0; k < 3; ++k) {
            const double known = 1 / (kToneSigma[k] * kToneSigma[k]);
            a[kMotions + k][kMotions + k] += known;
            b[kMotions + k] -= known * now[k];
        }
        for (std::size_t p = moving; p < kMotions; ++p) {
            for (std::size_t c = 0; c < kColumns; ++c)
                a[p][c] = a[c][p] = 0;
            a[p][p] = 1;
            b[p] = 0;
        }
        if (!solve_positive(a, b)) return fit;
        double step = 0;
        for (std::size_t p = 0; p < kMotions; ++p)
            step = std::max(step, std::abs(b[p]));
        // The gradients speak for some pixel and a half around.
        const double part = std::min(1.0, 1.5 * level.unit / std::max(step, 1e-9));
        for (std::size_t p = 0; p < kMotions; ++p)
            motion.p[p] += part * b[p];
        tone.lift += static_cast<float>(b[6]);
        tone.slope += static_cast<float>(b[7]);
        tone.bend += static_cast<float>(b[8]);
        fit.settled = true;
        if (step < 0.003 * level.unit && round > 0) break;
    }
    return fit;
}

void measure_information(const Level& level, const Motion& motion, const Tone& tone,
                         MotionFit& fit) {
    const Samples& all = level.fit;
    const std::size_t every = all.size() / 3000 + 1;
    // Central differences of the same smooth values on both sides.
    constexpr int kAround[5][2] = {{0, 0}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    Samples at[5];
    for (std::size_t i = 0; i < all.size(); i += every)
        for (int k = 0; k < 5; ++k) {
            const int x = static_cast<int>(all.x[i]) + kAround[k][0];
            const int y = static_cast<int>(all.y[i]) + kAround[k][1];
            const bool room =
                x > 0 && y > 0 && x + 1 < level.source.width && y + 1 < level.source.height;
            at[k].push(x, y, room ? smooth_at(level.source, x, y) : Smooth{kNowhere, 0, 0});
        }
    std::vector<float> seen[5];
    for (int k = 0; k < 5; ++k)
        read_answer(level, at[k], motion, seen[k]);
    struct Pair {
        double gx, gy, ax, ay;
    };
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < at[0].size(); ++i) {
        bool usable = true;
        for (int k = 0; k < 5; ++k)
            usable &= at[k].value[i] != kNowhere && seen[k][i] != kNowhere;
        if (!usable || std::abs(at[0].value[i] - tone(seen[0][i])) > 4.685 * fit.sigma) continue;
        pairs.push_back({0.5 * (at[2].value[i] - at[1].value[i]),
                         0.5 * (at[4].value[i] - at[3].value[i]), 0.5 * (seen[2][i] - seen[1][i]),
                         0.5 * (seen[4][i] - seen[3][i])});
    }
    fit.information = {};
    if (pairs.size() < 50) return;
    double xx = 0, xy = 0, yy = 0;
    for (const Pair& p : pairs)
        xx += p.gx * p.gx, xy += p.gx * p.gy, yy += p.gy * p.gy;
    const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
    // Squared coherence: blur, which shrinks the answer's gradients, does not lower it.
    const auto shared = [&](double ux, double uy) {
        double own = 1e-9, other = 1e-9, both = 0;
        for (const Pair& p : pairs) {
            const double g = ux * p.gx + uy * p.gy, a = ux * p.ax + uy * p.ay;
            own += g * g, other += a * a, both += g * a;
        }
        const double coherence = both > 0 ? both * both / (own * other) : 0;
        return std::sqrt(std::max(0.0, (coherence - kChance) / (1 - kChance)));
    };
    Detail detail{static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle)), 1, 1};
    detail.along = static_cast<float>(shared(detail.ux, detail.uy));
    detail.across = static_cast<float>(shared(-detail.uy, detail.ux));
    std::vector<float> whole, residual;
    read_answer(level, all, motion, whole);
    residuals(all, whole, tone, residual);
    const Sums s =
        normal_equations(level, all, whole, residual, motion.reach, 4.685 * fit.sigma, detail);
    if (!without_tone(s, 1 / (fit.sigma * fit.sigma * kAlike), fit.information))
        fit.information = {};
}

} // namespace mw::composite
