// Lucas-Kanade on the ring of context (Baker & Matthews 2004), robust by Tukey weights, coarse to
// fine; gain and offset of brightness are fitted along, so that a colour drift does not pass for a
// shift.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "composite/context.h"
#include "composite/plane.h"

namespace mw::composite {
namespace {

constexpr double kMostShift = 8, kMostScale = 0.02; // beyond this it is another picture: ask
constexpr double kLeastShift = 0.1;   // below this interpolation costs more than it gives
constexpr double kFlatGradient = 1.5; // levels per pixel: below it a pixel tells nothing
constexpr std::size_t kLeastPixels = 300;
constexpr std::size_t kMostPixels = 120000;
constexpr double kKept = 0.6; // the share of the ring a residual is measured on, best first

// Translation at this level's pixels and log-free scale deviation, plus brightness.
struct Warp {
    double dx = 0, dy = 0, ds = 0, gain = 1, offset = 0;
};

struct Sample {
    float x, y, value, gx, gy;
};

struct Level {
    Plane source, answer;
    Ring ring;
    PointF centre;
    std::vector<Sample> fit, judge;
};

void thin_out(std::vector<Sample>& samples) {
    if (samples.size() <= kMostPixels) return;
    const std::size_t every = samples.size() / kMostPixels + 1;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples.size(); i += every)
        samples[kept++] = samples[i];
    samples.resize(kept);
}

void collect(Level& level, int full_step) {
    const Plane& t = level.source;
    for (int y = 1; y + 1 < t.height; ++y) {
        for (int x = 1; x + 1 < t.width; ++x) {
            if (!level.ring.clear_around(x, y)) continue;
            const float gx = 0.5f * (t.at(x + 1, y) - t.at(x - 1, y));
            const float gy = 0.5f * (t.at(x, y + 1) - t.at(x, y - 1));
            if (gx * gx + gy * gy < kFlatGradient * kFlatGradient) continue;
            auto& to = held_back(x * full_step, y * full_step) ? level.judge : level.fit;
            to.push_back({static_cast<float>(x), static_cast<float>(y), t.at(x, y), gx, gy});
        }
    }
    thin_out(level.fit);
    thin_out(level.judge);
}

float read(const Level& level, const Warp& w, const Sample& s) {
    const double x = level.centre.x + (1 + w.ds) * (s.x - level.centre.x) + w.dx;
    const double y = level.centre.y + (1 + w.ds) * (s.y - level.centre.y) + w.dy;
    return level.answer.linear(x, y);
}

double quantile(std::vector<float>& values, double share) {
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

// Gaussian elimination with pivoting; false when singular.
template <std::size_t N>
bool solve(std::array<std::array<double, N>, N> a, std::array<double, N>& b) {
    for (std::size_t i = 0; i < N; ++i) {
        std::size_t pivot = i;
        for (std::size_t r = i + 1; r < N; ++r)
            if (std::abs(a[r][i]) > std::abs(a[pivot][i])) pivot = r;
        if (std::abs(a[pivot][i]) < 1e-9) return false;
        std::swap(a[i], a[pivot]);
        std::swap(b[i], b[pivot]);
        for (std::size_t r = i + 1; r < N; ++r) {
            const double f = a[r][i] / a[i][i];
            for (std::size_t c = i; c < N; ++c)
                a[r][c] -= f * a[i][c];
            b[r] -= f * b[i];
        }
    }
    for (std::size_t i = N; i-- > 0;) {
        for (std::size_t c = i + 1; c < N; ++c)
            b[i] -= a[i][c] * b[c];
        b[i] /= a[i][i];
    }
    return true;
}

enum class Free { brightness, shift, shift_and_scale };

// Gauss-Newton with Tukey's weight; sigma from the median of the residuals.
bool refine(const Level& level, Warp& warp, Free free, int iterations) {
    std::vector<float> seen(level.fit.size()), residual(level.fit.size()), sorted;
    const double reach = 0.5 * std::max(level.source.width, level.source.height);
    for (int round = 0; round < iterations; ++round) {
        for (std::size_t i = 0; i < level.fit.size(); ++i) {
            seen[i] = read(level, warp, level.fit[i]);
            residual[i] =
                level.fit[i].value - static_cast<float>(warp.gain * seen[i] + warp.offset);
        }
        sorted.resize(residual.size());
        std::transform(residual.begin(), residual.end(), sorted.begin(),
                       [](float r) { return std::abs(r); });
        const double limit = 4.685 * std::max(1.4826 * quantile(sorted, 0.5), 0.5);
        std::array<std::array<double, 5>, 5> a{};
        std::array<double, 5> b{};
        for (std::size_t i = 0; i < level.fit.size(); ++i) {
            const double u = residual[i] / limit;
            if (std::abs(u) >= 1) continue;
            const double weight = (1 - u * u) * (1 - u * u);
            const Sample& s = level.fit[i];
            const double along = (s.gx * (s.x - level.centre.x) + s.gy * (s.y - level.centre.y));
            const std::array<double, 5> j{s.gx, s.gy, along / reach, seen[i] / 128.0, 1};
            for (std::size_t r = 0; r < 5; ++r) {
                for (std::size_t c = r; c < 5; ++c)
                    a[r][c] += weight * j[r] * j[c];
                b[r] += weight * j[r] * residual[i];
            }
        }
        for (std::size_t r = 0; r < 5; ++r)
            for (std::size_t c = 0; c < r; ++c)
                a[r][c] = a[c][r];
        const auto freeze = [&](std::size_t p) {
            for (std::size_t c = 0; c < 5; ++c)
                a[p][c] = a[c][p] = 0;
            a[p][p] = 1;
            b[p] = 0;
        };
        if (free == Free::brightness) freeze(0), freeze(1);
        if (free != Free::shift_and_scale) freeze(2);
        a[3][3] += 1e-3 * (a[4][4] + 1); // a ring of one tone says nothing about the gain
        if (!solve(a, b)) return false;
        warp.dx += b[0];
        warp.dy += b[1];
        warp.ds += b[2] / reach;
        warp.gain = std::clamp(warp.gain + b[3] / 128.0, 0.5, 2.0);
        warp.offset += b[4];
        if (std::abs(b[0]) + std::abs(b[1]) + std::abs(b[2]) < 0.01 && round > 0) break;
    }
    return true;
}

// RMS over the best-fitting pixels of those held back: what the model repainted has no say.
double judge(const Level& level, const Warp& warp) {
    std::vector<float> r(level.judge.size());
    std::transform(level.judge.begin(), level.judge.end(), r.begin(), [&](const Sample& s) {
        return std::abs(s.value -
                        static_cast<float>(warp.gain * read(level, warp, s) + warp.offset));
    });
    const double limit = quantile(r, kKept);
    double sum = 0, count = 0;
    for (const float v : r)
        if (v <= limit) sum += double(v) * v, ++count;
    return std::sqrt(sum / count);
}

// Whole-pixel search at a coarse level: the cost is cut off, so repainted parts do not decide.
Warp search(const Level& level, int reach) {
    Warp best;
    double best_cost = 0;
    const std::size_t every = level.fit.size() / 8000 + 1;
    const auto cost = [&](Warp& w) {
        std::vector<float> r;
        for (std::size_t i = 0; i < level.fit.size(); i += every)
            r.push_back(level.fit[i].value - read(level, w, level.fit[i]));
        std::vector<float> sorted = r;
        w.offset = quantile(sorted, 0.5);
        double sum = 0;
        for (const float v : r)
            sum += std::min(std::abs(v - w.offset), 20.0);
        return sum;
    };
    best_cost = cost(best) * 0.95; // in doubt, where it is
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            Warp w{double(dx), double(dy)};
            const double c = cost(w);
            if (c >= best_cost) continue;
            best_cost = c;
            best = w;
        }
    }
    return best;
}

// Detail in every direction: the lesser eigenvalue of the mean gradient tensor.
double least_detail(const std::vector<Sample>& samples) {
    double xx = 0, xy = 0, yy = 0;
    for (const Sample& s : samples)
        xx += s.gx * s.gx, xy += s.gx * s.gy, yy += s.gy * s.gy;
    const double half = 0.5 * (xx + yy), root = std::hypot(0.5 * (xx - yy), xy);
    return (half - root) / static_cast<double>(samples.size());
}

std::vector<Level> pyramid(const Context& context) {
    std::vector<Level> levels(1);
    levels[0].source = luma_plane(context.source.view());
    levels[0].answer = luma_plane(context.answer.view());
    levels[0].ring = ring_of(context.ring.view());
    levels[0].centre = context.centre;
    while (levels.size() < 4) {
        const Level& fine = levels.back();
        if (std::min(fine.source.width, fine.source.height) < 48) break;
        Level coarse;
        coarse.source = half(fine.source);
        coarse.answer = half(fine.answer);
        coarse.ring = half(fine.ring);
        coarse.centre = {(fine.centre.x - 0.5) / 2, (fine.centre.y - 0.5) / 2};
        levels.push_back(std::move(coarse));
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
        smooth(levels[i].source);
        smooth(levels[i].answer);
        collect(levels[i], 1 << i);
    }
    return levels;
}

double farthest(const Registration& r, PointF centre, const Rect& local) {
    double most = 0;
    for (const PointF p :
         {PointF{double(local.x), double(local.y)}, PointF{double(local.right()), double(local.y)},
          PointF{double(local.x), double(local.bottom())},
          PointF{double(local.right()), double(local.bottom())}}) {
        const PointF q = map_point(r, centre, p);
        most = std::max(most, std::hypot(q.x - p.x, q.y - p.y));
    }
    return most;
}

} // namespace

Registration find_registration(const Context& context, const Rect& support) {
    Registration out;
    const auto no = [&](std::string why) {
        out.reason = std::move(why);
        return out;
    };
    std::vector<Level> levels = pyramid(context);
    Level& fine = levels.front();
    if (fine.fit.size() < kLeastPixels || fine.judge.size() < kLeastPixels / 4)
        return no("too little detail in the context around the mask to measure a shift");
    if (least_detail(fine.fit) < 1)
        return no("the context has detail in one direction only, so a shift cannot be measured");

    Warp still;
    refine(fine, still, Free::brightness, 4);
    out.residual_before = out.residual_after = judge(fine, still);
    if (out.residual_before < 0.05) return no("already aligned");

    std::size_t i = levels.size();
    while (i > 1 && levels[i - 1].fit.size() < kLeastPixels / 3)
        --i;
    --i;
    const int reach = std::min(12, static_cast<int>(12 >> i) + 1);
    Warp warp = search(levels[i], reach);
    for (;; --i) {
        if (!refine(levels[i], warp, Free::shift, 8)) return no("the alignment did not settle");
        if (i == 0) break;
        warp.dx *= 2;
        warp.dy *= 2;
    }
    // Scale has to earn its keep on the pixels held back; it starts from coarse again, for its
    // reach.
    Warp scaled = warp;
    const std::size_t start = std::min<std::size_t>(1, levels.size() - 1);
    if (start && levels[1].fit.size() >= kLeastPixels) {
        scaled.dx /= 2, scaled.dy /= 2;
        refine(levels[1], scaled, Free::shift_and_scale, 10);
        scaled.dx *= 2, scaled.dy *= 2;
    }
    if (refine(fine, scaled, Free::shift_and_scale, 10) &&
        judge(fine, scaled) < 0.97 * judge(fine, warp))
        warp = scaled;

    Registration found = out;
    found.dx = warp.dx;
    found.dy = warp.dy;
    found.scale = found.xx = found.yy = 1 + warp.ds;
    const double after = judge(fine, warp);
    const Rect local = support.translated(-context.window.x, -context.window.y);
    const double moved = farthest(found, context.centre, local);
    if (moved < kLeastShift) return no("already aligned");
    // Interpolation alone smooths noise and lowers any residual: the step the other way is smoothed
    // just as much, so it is the fair opponent.
    Warp mirror = warp;
    mirror.dx = -warp.dx, mirror.dy = -warp.dy, mirror.ds = -warp.ds;
    refine(fine, mirror, Free::brightness, 3);
    if (after > 0.95 * out.residual_before || after > 0.98 * judge(fine, mirror) ||
        out.residual_before - after < 0.03)
        return no("no shift was found that fits the context better");
    const double shift = std::hypot(found.dx, found.dy);
    found.residual_after = after;
    if (shift > kMostShift || std::abs(warp.ds) > kMostScale) {
        out = found;
        return no(
            fmt::format("the answer sits {:.1f} px and {:.1f} % of scale away from what was "
                        "sent; beyond {:g} px or {:g} % it is not moved",
                        shift, 100 * warp.ds, kMostShift, 100 * kMostScale));
    }
    found.applied = true;
    return found;
}

} // namespace mw::composite
