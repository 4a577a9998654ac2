#include "inpaint/fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <thread>

#include "base/parallel.h"
#include "image/convert.h"
#include "inpaint/continue_structure.h"
#include "inpaint/course.h"
#include "inpaint/coverage.h"
#include "inpaint/first_guess.h"
#include "inpaint/level.h"
#include "inpaint/line_guides.h"
#include "inpaint/seam.h"
#include "inpaint/search.h"
#include "inpaint/surroundings.h"
#include "inpaint/vote.h"

namespace mw::inpaint {
namespace {

Error stopped() {
    return {ErrorCode::cancelled, "The fill was cancelled; the picture is as it was."};
}

// 1 where the coverage is above 0, row by row.
std::vector<std::uint8_t> covered(image::ImageView coverage) {
    std::vector<std::uint8_t> hole(static_cast<std::size_t>(coverage.size.area()));
    auto out = hole.begin();
    for (int y = 0; y < coverage.size.height; ++y) {
        const std::uint8_t* row = coverage.row<std::uint8_t>(y);
        out = std::transform(row, row + coverage.size.width, out,
                             [](std::uint8_t c) { return static_cast<std::uint8_t>(c > 0); });
    }
    return hole;
}

// Drops the sources that are further than `px` from the hole's bounds.
void keep_near(Level& level, int px) {
    const Rect around = level.hole_bounds.grown(px);
    std::erase_if(level.sources, [&](Point p) { return !around.contains(p); });
    std::fill(level.source.begin(), level.source.end(), std::uint8_t{0});
    for (const Point p : level.sources)
        level.source[level.at(p.x, p.y)] = 1;
}

constexpr std::size_t kEnoughSources = 400; // where choice begins
// Energies of shift maps per hole pixel: above the first, one from all around is not worth leaving
// what is near for; below the second, one shows nothing that is worth it.
constexpr int kMostFarEnergy = 25, kLittleEnergy = 2;
// Where two courses are compared: coarse enough to cost little, fine enough to show pieces.
constexpr std::size_t kJudgedLevel = 2;
constexpr int kMostLineSide = 160; // px of the hole where lines are looked for
// The patches of the two finest levels, an eighth of the hole at most: larger ones make pieces that
// hang together.
constexpr int kWidePatchSide = 15;
constexpr std::size_t kWideLevels = 2;
constexpr int kAttempts = 3; // to continue with translations

class Filler {
  public:
    // `wide_side`: of the patches of the finest levels, params.patch_side or more.
    Filler(image::ImageView picture, const std::vector<std::uint8_t>& hole,
           const std::vector<std::uint8_t>& barred, const FillParams& params, int wide_side,
           const ProgressFunction& progress, std::stop_token stop)
        : picture_(picture),
          params_(params),
          wide_side_(wide_side),
          progress_(progress),
          stop_(std::move(stop)) {
        build_pyramid(hole, barred);
    }

    // Called after each level with what preview_pixels needs.
    std::function<void(const Level&)> on_level;

    // False when no patch fits anywhere, or wide ones in a few places only.
    bool possible() const {
        return levels_.front().sources.size() >=
               (wide_side_ > params_.patch_side ? kEnoughSources : 1);
    }

    // Writes the hole of `target`. False when stopped.
    bool run(image::ImageSpan target) {
        Course course;
        if (!choose(course) || !descend(course, 0, on_level)) return false;
        constexpr double kSpread = 0.2;
        const Level& finest = course.level;
        const std::vector<std::uint16_t> depth = distance_into_hole(finest);
        if (!vote_pixels(finest, course.field, depth, picture_, target, kSpread, stop_))
            return false;
        const std::vector<Point> offsets =
            dominant_offsets(finest, course.field, depth, kSpread, stop_);
        return !stop_.stop_requested() && even_seams(finest, offsets, target, stop_);
    }

  private:
    using LevelFunction = std::function<void(const Level&)>;

    int side_at(std::size_t i) const { return i < kWideLevels ? wide_side_ : params_.patch_side; }

    // Down to where a patch spans the hole, as long as enough is left to copy from.
    void build_pyramid(const std::vector<std::uint8_t>& hole,
                       const std::vector<std::uint8_t>& barred) {
        levels_.push_back(make_finest_level(picture_, hole, barred, side_at(0), stop_));
        while (!stop_.stop_requested() && hole_depth(levels_.back()) > params_.patch_side / 2 + 1) {
            Level coarser = make_coarser_level(levels_.back(), side_at(levels_.size()), stop_);
            if (coarser.sources.size() < kEnoughSources) break;
            levels_.push_back(std::move(coarser));
        }
        for (Level& level : levels_)
            expect_surroundings(level, stop_);
        near_px_ = find_near_px();
        guide_by_lines();
    }

    void guide_by_lines() {
        std::size_t at = 0;
        while (at + 1 < levels_.size() &&
               levels_[at].hole_bounds.size().longer_side() > kMostLineSide)
            ++at;
        // What little is known around a hole that cannot be made smaller shows no lines.
        if (levels_[at].hole_bounds.size().longer_side() > 2 * kMostLineSide) return;
        const std::vector<GuideLine> lines = lines_through_hole(levels_[at], stop_);
        for (std::size_t i = 0; i < levels_.size(); ++i)
            follow_lines(levels_[i], lines, static_cast<int>(at) - static_cast<int>(i));
    }

    // Lines a few pixels wide are gone where a patch spans the hole, so one course begins where
    // the hole is still wide, if translations continue what is around it; the other where a patch
    // spans it. The better one, at the level where that is known. False when stopped.
    bool choose(Course& course) {
        const auto wide = std::find_if(levels_.begin(), levels_.end(), can_be_shifted);
        const auto start = static_cast<std::size_t>(wide - levels_.begin());
        const std::size_t coarsest = coarsest_near();
        judged_ = std::min({start, coarsest, kJudgedLevel});
        total_work_ = work_between(coarsest, 0);
        std::optional<Course> shifted;
        if (wide != levels_.end()) {
            total_work_ += kAttempts * work_between(start, judged_);
            total_work_ *= 4.0 / 3;
            shifted = best_shifted(start);
            if (stop_.stop_requested()) return false;
            if (!shifted) total_work_ = done_work_ + work_between(coarsest, 0);
        }
        if (!begin_near(coarsest, course)) return false;
        if (!shifted) return true;
        if (!descend(course, judged_, on_level)) return false;
        if (continues_better(*shifted, course)) course = std::move(*shifted);
        return true;
    }

    // Which translations are found is by chance, and more so what comes of them: the best of some
    // attempts, at the level where courses are compared. Nothing where none continues what is
    // around the hole, or stopped.
    std::optional<Course> best_shifted(std::size_t start) {
        std::vector<Course> courses(kAttempts);
        std::vector<double> misfit(kAttempts, std::numeric_limits<double>::max());
        parallel_for(kAttempts, 1, [&](int begin, int end) {
            for (int i = begin; i < end; ++i) {
                Course& course = courses[static_cast<std::size_t>(i)];
                if (!begin_shifted(start, i, total_work_ / 4 / kAttempts, course) ||
                    !descend(course, judged_, {}))
                    continue;
                const Fit fit = fit_of(course);
                misfit[static_cast<std::size_t>(i)] = fit.cost * fit.border_cost;
            }
        });
        const auto best = std::min_element(misfit.begin(), misfit.end());
        if (*best == std::numeric_limits<double>::max() || stop_.stop_requested())
            return std::nullopt;
        return std::move(courses[static_cast<std::size_t>(best - misfit.begin())]);
    }

    // The rounds of the course's level and of all the finer ones down to `to`.
    bool descend(Course& course, std::size_t to, const LevelFunction& after_level) {
        const auto refined = [&] {
            if (!refine(
                    course, params_, [&](double work) { report(work); }, stop_))
                return false;
            if (after_level) after_level(course.level);
            return true;
        };
        if (!course.refined && !refined()) return false;
        course.refined = true;
        while (course.at > to) {
            if (!go_finer(course, level_for(course, course.at - 1), params_, stop_) || !refined())
                return false;
        }
        return true;
    }

    // A level as the course takes it. Those finer than where courses are compared are handed over.
    Level level_for(const Course& course, std::size_t i) {
        Level level = i < judged_ ? std::move(levels_[i]) : levels_[i];
        if (course.near) keep_near(level, near_px_ >> i);
        level.low_weight = course.low_weight;
        return level;
    }

    bool begin_near(std::size_t coarsest, Course& course) {
        course.at = coarsest;
        course.level = level_for(course, coarsest);
        randomize(course.level, course.field, step_seed(params_, coarsest, 0));
        const std::int64_t pairs = std::int64_t{course.level.hole_count} *
                                   static_cast<std::int64_t>(course.level.sources.size());
        if (pairs < 4'000'000)
            return peel_inwards(course.level, step_seed(params_, coarsest + 1, 0), stop_);
        smooth_guide(course.level);
        return !stop_.stop_requested();
    }

    // False when no translations continue what is around the hole, or stopped.
    bool begin_shifted(std::size_t start, int attempt, double work, Course& course) {
        const ShiftMap map = shift_map_of(start, attempt, work, course.near);
        if (map.labels.empty() || stop_.stop_requested()) return false;
        // What crosses the hole goes on as translations say; the light of a plain ground may still
        // be asked for.
        course.low_weight = map.energy < std::int64_t{4} * levels_[start].hole_count ? 4 : 0;
        course.at = start;
        course.level = level_for(course, start);
        smooth_guide(course.level); // for what no offset fills
        apply(map, course.level, course.field, step_seed(params_, start, 0));
        course.offsets = map.offsets;
        return !stop_.stop_requested();
    }

    // Of what is near the hole, if that continues it about as well as all there is.
    ShiftMap shift_map_of(std::size_t start, int attempt, double work, bool& near) {
        const auto map_of = [&](const Level& level) {
            return continue_structure(
                level, step_seed(params_, start, -1 - attempt),
                [&](double part) { report(work / 2 * part); }, stop_);
        };
        ShiftMap all = map_of(levels_[start]);
        if (stop_.stop_requested()) return {};
        Level close = levels_[start];
        keep_near(close, near_px_ >> start);
        ShiftMap of_near = close.sources.size() < kEnoughSources ? ShiftMap{} : map_of(close);
        if (all.energy > std::int64_t{kMostFarEnergy} * close.hole_count) all = {};
        const bool as_good = 4 * of_near.energy <= 5 * all.energy ||
                             of_near.energy < std::int64_t{kLittleEnergy} * close.hole_count;
        near = !of_near.labels.empty() && (as_good || all.labels.empty());
        return near ? of_near : all;
    }

    // px of the finest level around the hole that are near it: what is next to it is more like what
    // was in it than what fits as well further off, where light, scale, focus and stuff differ.
    int find_near_px() const {
        const int side = levels_.front().hole_bounds.size().longer_side();
        int px = std::max(64, side / 4);
        const std::size_t enough = std::min(levels_.front().sources.size(), 16 * kEnoughSources);
        while (sources_within(levels_.front(), px) < enough)
            px *= 2;
        return px;
    }

    static std::size_t sources_within(const Level& level, int px) {
        const Rect around = level.hole_bounds.grown(px);
        return static_cast<std::size_t>(std::count_if(level.sources.begin(), level.sources.end(),
                                                      [&](Point p) { return around.contains(p); }));
    }

    // The last level in which enough is near.
    std::size_t coarsest_near() const {
        std::size_t i = 0;
        while (i + 1 < levels_.size() &&
               sources_within(levels_[i + 1], near_px_ >> (i + 1)) >= kEnoughSources)
            ++i;
        return i;
    }

    double work_between(std::size_t coarsest, std::size_t finest) const {
        double work = 0;
        for (std::size_t i = finest; i <= coarsest; ++i)
            work += work_of(levels_[i], plan_of(levels_[i], i, params_));
        return work;
    }

    void report(double work) {
        const double done = done_work_.fetch_add(work) + work;
        if (std::this_thread::get_id() != caller_) return;
        told_ = std::max(told_, std::min(1.0, done / total_work_));
        if (progress_) progress_(told_);
    }

    image::ImageView picture_;
    const FillParams& params_;
    int wide_side_;
    const ProgressFunction& progress_;
    std::stop_token stop_;
    std::vector<Level> levels_; // finest first
    int near_px_ = 0;
    std::size_t judged_ = 0; // where two courses are compared; finer levels are needed once
    double total_work_ = 0, told_ = 0;
    std::atomic<double> done_work_ = 0;
    const std::thread::id caller_ = std::this_thread::get_id();
};

Status check(image::ImageView picture, image::ImageView coverage, const FillParams& params) {
    if (picture.empty())
        return fail(ErrorCode::invalid_argument, "There is no picture to fill: it has no pixels.");
    if (coverage.size != picture.size || coverage.format != image::kGray8)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The mask is {} x {} and the picture {} x {}; the fill needs an "
                                "8-bit grey mask of the picture's size.",
                                coverage.size.width, coverage.size.height, picture.size.width,
                                picture.size.height));
    if (!params.barred.empty() &&
        (params.barred.size != picture.size || params.barred.format != image::kGray8))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The mask of what must not be copied is {} x {} and the picture {} "
                                "x {}; the fill needs an 8-bit grey mask of the picture's size.",
                                params.barred.size.width, params.barred.size.height,
                                picture.size.width, picture.size.height));
    if (params.patch_side < 3 || params.patch_side > 15 || params.patch_side % 2 == 0)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("A patch side of {} px cannot be used; give an odd number from 3 "
                                "to 15.",
                                params.patch_side));
    if (params.iterations < 1 || params.iterations > 1000)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} rounds cannot be run; give a number from 1 to 1000.",
                                params.iterations));
    return {};
}

} // namespace

Result<image::Image> fill(image::ImageView picture, image::ImageView coverage,
                          const FillParams& params, const ProgressFunction& progress,
                          std::stop_token stop, const PreviewFunction& preview) {
    if (const Status status = check(picture, coverage, params); !status)
        return tl::unexpected(status.error());
    const Rect bounds = coverage_bounds(coverage);
    if (bounds.empty()) return image::clone(picture);
    // Far away there is rarely anything that fits better (light and focus change), and the search
    // grows with the area.
    const int reach = std::max(128, bounds.size().longer_side() * 3 / 2);
    const Rect window = intersect(bounds.grown(reach), picture.rect());
    const std::vector<std::uint8_t> hole = covered(coverage.sub(window));
    const std::vector<std::uint8_t> barred =
        params.barred.empty() ? std::vector<std::uint8_t>{} : covered(params.barred.sub(window));
    if (std::find(hole.begin(), hole.end(), 0) == hole.end())
        return fail(ErrorCode::invalid_argument,
                    "The mask covers the whole picture, so there is nothing to fill it from; leave "
                    "some of the picture unmasked.");
    if (stop.stop_requested()) return tl::unexpected(stopped());
    image::Image result = image::clone(picture);
    const image::ImageSpan target = result.span().sub(window);
    FillParams fitting = params;
    const int wide =
        std::clamp(bounds.size().longer_side() / 8 | 1, params.patch_side, kWidePatchSide);
    for (int side = wide;; side -= 2) {
        if (side < 3) {
            smooth_pixels(target, hole);
            break;
        }
        fitting.patch_side = std::min(side, params.patch_side);
        if (window.width < side || window.height < side) continue;
        Filler filler(picture.sub(window), hole, barred, fitting, side, progress, stop);
        if (preview)
            filler.on_level = [&](const Level& level) {
                const bool alpha = picture.format.has_alpha();
                image::Image partial =
                    image::convert(picture, alpha ? image::kRgba8 : image::kRgb8);
                preview_pixels(level, hole, alpha, partial.span().sub(window));
                preview(std::move(partial));
            };
        if (stop.stop_requested()) return tl::unexpected(stopped());
        if (!filler.possible()) continue;
        if (!filler.run(target)) return tl::unexpected(stopped());
        break;
    }
    if (progress) progress(1.0);
    return result;
}

} // namespace mw::inpaint
