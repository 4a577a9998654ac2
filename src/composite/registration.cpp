// How the answer sits on what was sent: a robust search on a coarse level, then Lucas & Kanade from
// coarse to fine. Each level hands what it knows on to the next, so that a smooth context, which
// shows its motion on coarse levels alone, is registered as far as it can be.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "composite/motion_search.h"

namespace mw::composite {
namespace {

constexpr double kMostShift = 8, kMostScale = 0.02; // beyond this it is another picture: ask
constexpr double kLeastShift = 0.06; // below this interpolation costs more than it gives
constexpr std::size_t kMostSamples = 12000;
constexpr double kUnsure = 0.6; // px at the mask's corners that are as good as not knowing
// What a model's drift is likely to be, px at the reach for the last four.
constexpr double kLikelyShift = 6, kLikelySpread = 0.012, kLikelyTurn = 0.004,
                 kLikelyStretch = 0.0006;
// Of what a coarse level knows, the share the next finer one takes over: most of it is seen there
// again.
constexpr double kHandedOn = 0.3;

Belief first_belief(double reach) {
    Belief belief;
    const auto knows = [&](std::size_t p, double sigma) {
        belief.information[p][p] = 1 / (sigma * sigma);
    };
    knows(0, kLikelyShift), knows(1, kLikelyShift);
    knows(2, kLikelySpread * reach), knows(3, kLikelyTurn * reach);
    knows(4, kLikelyStretch * reach), knows(5, kLikelyStretch * reach);
    return belief;
}

Belief sum(const Belief& first, const Motion& found, const MotionMatrix& information) {
    // Around `found`: the first belief's pull is brought along as part of the mean.
    Belief out;
    MotionMatrix a{};
    MotionVector b{};
    for (std::size_t r = 0; r < kMotions; ++r)
        for (std::size_t c = 0; c < kMotions; ++c) {
            const double more = kHandedOn * information[r][c];
            a[r][c] = first.information[r][c] + more;
            b[r] += first.information[r][c] * first.mean[c] + more * found.p[c];
        }
    out.information = a;
    if (!solve_positive(a, b)) return first;
    out.mean = b;
    return out;
}

std::vector<Level> pyramid(const Context& context) {
    std::vector<Level> levels(1);
    levels[0].source = luma_plane(context.source.view());
    levels[0].answer = luma_plane(context.answer.view());
    levels[0].ring = ring_of(context.ring.view());
    levels[0].centre = context.centre;
    while (levels.size() < 5) {
        const Level& fine = levels.back();
        if (std::min(fine.source.width, fine.source.height) < 64) break;
        Level coarse;
        coarse.source = half(fine.source);
        coarse.answer = half(fine.answer);
        coarse.ring = half(fine.ring);
        coarse.centre = {(fine.centre.x - 0.5) / 2, (fine.centre.y - 0.5) / 2};
        coarse.unit = 2 * fine.unit;
        levels.push_back(std::move(coarse));
    }
    for (Level& level : levels)
        choose_samples(level, kMostSamples);
    return levels;
}

std::array<PointF, 4> corners(const Rect& r) {
    return {PointF{double(r.x), double(r.y)}, PointF{double(r.right()), double(r.y)},
            PointF{double(r.x), double(r.bottom())}, PointF{double(r.right()), double(r.bottom())}};
}

double farthest(const Registration& r, PointF centre, const Rect& local) {
    double most = 0;
    for (const PointF p : corners(local)) {
        const PointF q = map_point(r, centre, p);
        most = std::max(most, std::hypot(q.x - p.x, q.y - p.y));
    }
    return most;
}

// Standard deviation, in px, of where the mask's corners go: the worst, along its worst direction
// and across that.
struct Doubt {
    double most = 0, least = 0;
};
Doubt doubt_at(const MotionMatrix& information, PointF centre, const Rect& local, double reach) {
    Doubt doubt;
    for (const PointF p : corners(local)) {
        const double x = (p.x - centre.x) / reach, y = (p.y - centre.y) / reach;
        const MotionVector to_x{1, 0, x, y, x, y}, to_y{0, 1, y, -x, -y, x};
        MotionVector cx = to_x, cy = to_y;
        if (!solve_positive(information, cx) || !solve_positive(information, cy)) return {1e9, 1e9};
        double xx = 0, xy = 0, yy = 0;
        for (std::size_t k = 0; k < kMotions; ++k)
            xx += to_x[k] * cx[k], xy += to_y[k] * cx[k], yy += to_y[k] * cy[k];
        const double mean = 0.5 * (xx + yy), root = std::hypot(0.5 * (xx - yy), xy);
        doubt.most = std::max(doubt.most, std::sqrt(std::max(0.0, mean + root)));
        doubt.least = std::max(doubt.least, std::sqrt(std::max(0.0, mean - root)));
    }
    return doubt;
}

} // namespace

Registration find_registration(const Context& context, const Rect& support) {
    Registration out;
    const auto no = [&](std::string why) {
        out.reason = std::move(why);
        return out;
    };
    std::vector<Level> levels = pyramid(context);
    const auto usable = [&](const Level& level) {
        return level.fit.size() >= kLeastSamples && level.judge.size() >= kLeastSamples / 5;
    };
    std::size_t finest = 0;
    while (finest < levels.size() && !usable(levels[finest]))
        ++finest;
    if (finest == levels.size())
        return no("too little detail in the context around the mask to measure a shift");
    // Some 256 pixels wide: coarse enough to be quick, fine enough to tell places apart.
    std::size_t start = finest;
    while (start + 1 < levels.size() && usable(levels[start + 1]) &&
           std::max(levels[start].source.width, levels[start].source.height) > 384)
        ++start;

    Motion motion;
    motion.reach = 0.5 * context.window.size().longer_side();
    Tone tone;
    const Belief first = first_belief(motion.reach);
    if (!find_start(levels, start, first, motion, tone))
        return no(
            "hardly anything of the context is as it was sent, so a shift cannot be measured");
    while (finest < start && !usable(levels[finest]))
        ++finest;
    if (!usable(levels[finest]))
        return no("too little detail in the context around the mask to measure a shift");
    Belief belief = first;
    MotionFit fit;
    for (std::size_t i = start + 1; i-- > finest;) {
        if (!usable(levels[i])) continue;
        fit = fit_motion(levels[i], levels[i].fit, motion, tone, Freedom::affine, belief, 10);
        if (!fit.settled) return no("the alignment did not settle");
        measure_information(levels[i], motion, tone, fit);
        if (i > finest) belief = sum(first, motion, fit.information);
    }
    const Level& fine = levels[finest];

    Motion still;
    still.reach = motion.reach;
    Tone still_tone = likely_lift(fine, fine.fit, still);
    fit_motion(fine, fine.fit, still, still_tone, Freedom::none, {}, 5);
    out.residual_before = out.residual_after = judge_motion(fine, still, still_tone);

    Registration found = motion.registration();
    found.residual_before = out.residual_before;
    const Rect local = support.translated(-context.window.x, -context.window.y);
    const double moved = farthest(found, context.centre, local);
    MotionMatrix known = fit.information;
    for (std::size_t r = 0; r < kMotions; ++r)
        for (std::size_t c = 0; c < kMotions; ++c)
            known[r][c] += belief.information[r][c];
    const Doubt doubt = doubt_at(known, context.centre, local, motion.reach);
    if (moved < kLeastShift) return no("already aligned");
    if (doubt.most > kUnsure || moved < 2 * doubt.most)
        return no(doubt.least < 0.5 * kUnsure && doubt.most > kUnsure
                      ? "the context has detail in one direction only, so a shift cannot be "
                        "measured"
                      : "too little detail in the context around the mask to measure a shift");
    if (repeats(levels[std::clamp<std::size_t>(1, finest, start)], motion, tone, first))
        return no("the context repeats itself, so that several shifts fit it as well");
    const double cut = 4 * fit.sigma;
    const auto cost = [&](const Motion& m, const Tone& t) {
        return cut_off_difference(fine, m, t, cut);
    };
    // Interpolation alone smooths noise and lowers any residual: the step the other way is smoothed
    // just as much, so it is the fair opponent.
    Motion mirror = motion;
    for (double& p : mirror.p)
        p = -p;
    Tone mirror_tone = tone;
    fit_motion(fine, fine.fit, mirror, mirror_tone, Freedom::none, {}, 4);
    const double reached = cost(motion, tone);
    if (reached > 0.98 * cost(still, still_tone) || reached > 0.99 * cost(mirror, mirror_tone))
        return no("no shift was found that fits the context better");
    found.residual_after = judge_motion(fine, motion, tone);
    const double length = std::hypot(found.dx, found.dy);
    if (length > kMostShift || std::abs(found.scale - 1) > kMostScale) {
        out = found;
        out.asks = true;
        return no(
            fmt::format("the answer sits {:.1f} px and {:.1f} % of scale away from what was "
                        "sent; beyond {:g} px or {:g} % it is moved only when you say so",
                        length, 100 * (found.scale - 1), kMostShift, 100 * kMostScale));
    }
    found.applied = true;
    return found;
}

} // namespace mw::composite
