#include "composite/motion_search.h"

#include <algorithm>

namespace mw::composite {
namespace {

constexpr double kSearch = 20;       // full-size pixels each way
constexpr double kLeastTrust = 0.12; // of the context's cells
constexpr std::size_t kQuick = 4000; // samples that tell one valley from another

// Refined on `level` from the shift it has, which the belief is told to start from.
double refine(const Level& level, const Samples& samples, const Belief& belief, Motion& motion,
              Tone& tone) {
    Belief here = belief;
    here.mean[0] = motion.p[0], here.mean[1] = motion.p[1];
    tone = likely_lift(level, samples, motion);
    fit_motion(level, samples, motion, tone, Freedom::none, {}, 3);
    fit_motion(level, samples, motion, tone, Freedom::similarity, here, 8);
    return cut_off_difference(level, motion, tone, kCut);
}

} // namespace

bool find_start(std::vector<Level>& levels, std::size_t start, const Belief& belief, Motion& motion,
                Tone& tone) {
    const Level& level = levels[start];
    const Details details(level);
    const int reach = std::clamp(static_cast<int>(std::ceil(kSearch / level.unit)), 3, 16);
    // Trust is asked of a coarser level, where what does not quite meet yet still looks alike.
    const bool coarser =
        start + 1 < levels.size() && levels[start + 1].fit.size() >= 2 * kLeastSamples;
    const Level& rough = levels[coarser ? start + 1 : start];
    const Details rough_details(rough);
    // Unless there is nothing: a fine texture is seen on finer levels alone.
    const auto trust_at = [&](const Motion& m) {
        Trust wide(rough_details, rough, m);
        if (!coarser || wide.share() > 0.5) return wide;
        Trust near(details, level, m);
        return near.share() > wide.share() ? near : wide;
    };
    std::vector<Valley> found{{0, motion}}; // first: where it is
    for (const double spread : {0.0, -0.011, 0.011}) {
        Motion guess = motion;
        guess.p[2] = spread * motion.reach;
        const ShiftSearch costs(details, level, guess, reach, 2000);
        if (!costs.enough()) continue;
        const auto some = valleys(costs, guess, level.unit, 0);
        found.insert(found.end(), some.begin(),
                     some.begin() + std::min<std::ptrdiff_t>(3, std::ssize(some)));
    }
    std::sort(found.begin() + 1, found.end(),
              [](const Valley& v, const Valley& w) { return v.cost < w.cost; });
    if (found.size() > 5) found.resize(5);
    double least = 1e9;
    for (Valley& v : found) {
        Tone own;
        const Trust trust = trust_at(v.motion);
        const Samples trusted = trust.of(level.fit, level.unit);
        if (trust.share() < 0.5 * kLeastTrust || trusted.size() < kLeastSamples / 2) continue;
        const double cost = refine(level, thinned(trusted, kQuick), belief, v.motion, own);
        if (cost >= 0.98 * least) continue; // in doubt, where it is
        least = cost;
        motion = v.motion;
        tone = own;
    }
    // Once more from where that led.
    const Samples trusted = trust_at(motion).of(level.fit, level.unit);
    if (trusted.size() >= kLeastSamples / 2) refine(level, trusted, belief, motion, tone);
    const Trust trust = trust_at(motion);
    if (trust.share() < kLeastTrust) return false;
    for (Level& each : levels) {
        each.fit = trust.of(each.fit, each.unit);
        each.judge = trust.of(each.judge, each.unit);
    }
    return true;
}

bool repeats(const Level& level, const Motion& motion, const Tone& tone, const Belief& belief) {
    const ShiftSearch costs(Details(level), level, motion, 9, 2000);
    if (!costs.enough()) return false;
    Motion best = motion;
    Tone best_tone = tone;
    const double sigma = fit_motion(level, level.fit, best, best_tone, Freedom::none, {}, 2).sigma;
    auto others = valleys(costs, motion, level.unit, 2);
    if (others.size() > 4) others.resize(4);
    const Samples some = thinned(level.fit, kQuick);
    for (Valley& v : others) {
        Tone own = tone;
        refine(level, some, belief, v.motion, own);
        const bool same =
            std::hypot(v.motion.p[0] - motion.p[0], v.motion.p[1] - motion.p[1]) < 1.5 * level.unit;
        // What lies far off is less likely by itself.
        const double enough = std::hypot(v.motion.p[0], v.motion.p[1]) > 12 ? 2 : 3.5;
        if (!same && better_by(level, best, best_tone, v.motion, own, sigma) < enough) return true;
    }
    return false;
}

} // namespace mw::composite
