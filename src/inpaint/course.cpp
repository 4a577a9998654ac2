#include "inpaint/course.h"

#include <algorithm>

#include "inpaint/patch_cost.h"
#include "inpaint/vote.h"

namespace mw::inpaint {
namespace {

bool same_sources(const std::vector<Match>& a, const std::vector<Match>& b) {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](const Match& p, const Match& q) { return p.x == q.x && p.y == q.y; });
}

bool search_passes(Course& course, const FillParams& params, const Plan& plan, int round,
                   const std::stop_token& stop) {
    for (int pass = 0; pass < plan.passes; ++pass) {
        const int n = round * plan.passes + pass;
        SearchParams search;
        search.radius = plan.radius;
        search.seed = step_seed(params, course.at, n + 1);
        search.backwards = n % 2 != 0;
        search.band_shift = n * 7;
        search.offsets = course.offsets;
        if (!search_pass(course.level, course.field, search, stop)) return false;
    }
    return true;
}

} // namespace

Plan plan_of(const Level& level, std::size_t i, const FillParams& params) {
    Plan plan;
    plan.rounds = params.iterations + static_cast<int>(std::min<std::size_t>(4 * i, 15));
    const std::int64_t pairs =
        std::int64_t{level.target_count} * static_cast<std::int64_t>(level.sources.size());
    plan.all = pairs < 1'000'000;
    if (level.size.longer_side() > params.max_search_side) {
        plan.rounds = 2;
        plan.passes = 1;
        plan.radius = 4;
    }
    return plan;
}

double work_of(const Level& level, const Plan& plan) {
    const double per_target =
        plan.all ? static_cast<double>(level.sources.size()) : 14.0 * plan.passes;
    return plan.rounds * (level.target_count * per_target + 20.0 * level.hole_count);
}

std::uint64_t step_seed(const FillParams& params, std::size_t level, int step) {
    Random random(params.seed * 0x9e3779b97f4a7c15ull + (level << 16) +
                  static_cast<std::uint64_t>(step));
    const std::uint64_t high = random.next();
    return high << 32 | random.next();
}

bool refine(Course& course, const FillParams& params, const std::function<void(double)>& done,
            const std::stop_token& stop) {
    Level& level = course.level;
    const Plan plan = plan_of(level, course.at, params);
    const std::vector<std::uint16_t> depth = distance_into_hole(level);
    for (int round = 0; round < plan.rounds; ++round) {
        bool settled = false;
        if (plan.all) {
            const std::vector<Match> before = course.field.match;
            if (!search_all(level, course.field, stop)) return false;
            settled = same_sources(before, course.field.match);
        } else if (!search_passes(course, params, plan, round, stop)) {
            return false;
        }
        const double spread = round + 1 < plan.rounds && !settled ? 0.2 : 0.1;
        if (!vote(level, course.field, depth, spread, stop)) return false;
        done(work_of(level, plan) / plan.rounds * (settled ? plan.rounds - round : 1));
        if (settled) break;
    }
    return true;
}

bool go_finer(Course& course, Level finer, const FillParams& params, const std::stop_token& stop) {
    --course.at;
    for (Point& o : course.offsets)
        o = {2 * o.x, 2 * o.y};
    course.field = upsample(course.level, course.field, finer, step_seed(params, course.at, 0));
    course.level = std::move(finer);
    return vote(course.level, course.field, distance_into_hole(course.level), 0.3, stop);
}

Fit fit_of(const Course& course) {
    const Level& level = course.level;
    const PatchCost cost = patch_cost(level.patch_side);
    const int half = level.patch_side / 2, no_limit = 1 << 30;
    const std::ptrdiff_t stride = std::ptrdiff_t{level.size.width} * kGuideChannels;
    std::int64_t together = 0, pairs = 0, sum = 0, patches = 0, border_sum = 0, border = 0;
    const Rect b = level.target_bounds;
    for (int y = b.y; y < b.bottom(); ++y) {
        for (int x = b.x; x < b.right(); ++x) {
            if (!level.target[level.at(x, y)]) continue;
            const Match& m = course.field.at(x, y);
            if (x + 1 < b.right() && level.target[level.at(x + 1, y)]) {
                const Match& next = course.field.at(x + 1, y);
                together += next.x == m.x + 1 && next.y == m.y;
                ++pairs;
            }
            const int d = cost(level.pixel(x - half, y - half), level.pixel(m.x - half, m.y - half),
                               stride, no_limit);
            sum += d, ++patches;
            if (!level.hole[level.at(x, y)]) border_sum += d, ++border;
        }
    }
    const auto mean = [](std::int64_t total, std::int64_t n) {
        return n > 0 ? static_cast<double>(total) / static_cast<double>(n) : 0;
    };
    return {mean(together, pairs), mean(sum, patches), mean(border_sum, border)};
}

bool continues_better(const Course& shifted, const Course& matched) {
    // Of the one with smaller pieces: so much smaller they may be, and so much worse the other's
    // border.
    constexpr double kSmaller = 0.06, kWorseBorder = 1.3;
    const Fit s = fit_of(shifted), m = fit_of(matched);
    return s.coherence > m.coherence + kSmaller && s.border_cost < kWorseBorder * m.border_cost;
}

} // namespace mw::inpaint
