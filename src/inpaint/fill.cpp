#include "inpaint/fill.h"

#include <fmt/format.h>

#include <algorithm>

#include "image/convert.h"
#include "inpaint/continue_structure.h"
#include "inpaint/coverage.h"
#include "inpaint/first_guess.h"
#include "inpaint/level.h"
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

bool same_sources(const std::vector<Match>& a, const std::vector<Match>& b) {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](const Match& p, const Match& q) { return p.x == q.x && p.y == q.y; });
}

constexpr std::size_t kEnoughSources = 400;
// Energies of shift maps per hole pixel: above the first, one from all around is not worth leaving
// what is near for; below the second, one shows nothing that is worth it.
constexpr int kMostFarEnergy = 25, kLittleEnergy = 2;

// The EM rounds of one level.
struct Plan {
    int rounds = 5;
    int passes = 2;       // PatchMatch passes per round
    int radius = 1 << 20; // of the random search
    bool all = false;     // compare with every source instead
};

class Filler {
  public:
    Filler(image::ImageView picture, const std::vector<std::uint8_t>& hole,
           const std::vector<std::uint8_t>& barred, const FillParams& params,
           const ProgressFunction& progress, std::stop_token stop)
        : picture_(picture), params_(params), progress_(progress), stop_(std::move(stop)) {
        build_pyramid(hole, barred);
    }

    // Called after each level with what preview_pixels needs.
    std::function<void(const Level&)> on_level;

    // False when no patch fits anywhere.
    bool possible() const { return !levels_.front().sources.empty(); }

    // Writes the hole of `target`. False when stopped.
    bool run(image::ImageSpan target) {
        Field field;
        if (!begin(field)) return false;
        for (std::size_t i = levels_.size(); i-- > 0;) {
            Level& level = levels_[i];
            depth_ = distance_into_hole(level);
            if (i + 1 < levels_.size()) {
                std::for_each(offsets_.begin(), offsets_.end(), [](Point& o) {
                    o = {2 * o.x, 2 * o.y};
                });
                field = upsample(levels_[i + 1], field, level, seed(i, 0));
                levels_.pop_back();
                if (!vote(level, field, depth_, {params_.patch_side, 0.3}, stop_)) return false;
            }
            if (!refine(i, level, field)) return false;
            if (on_level) on_level(level);
        }
        const VoteParams last{params_.patch_side, 0.01};
        if (!vote_pixels(levels_.front(), field, depth_, picture_, target, last, stop_))
            return false;
        const std::vector<Point> offsets =
            dominant_offsets(levels_.front(), field, depth_, last, stop_);
        return !stop_.stop_requested() && even_seams(levels_.front(), offsets, target, stop_);
    }

  private:
    // Down to where a patch spans the hole, as long as enough is left to copy from.
    void build_pyramid(const std::vector<std::uint8_t>& hole,
                       const std::vector<std::uint8_t>& barred) {
        levels_.push_back(make_finest_level(picture_, hole, barred, params_.patch_side, stop_));
        while (!stop_.stop_requested() && hole_depth(levels_.back()) > params_.patch_side / 2 + 1) {
            Level coarser = make_coarser_level(levels_.back(), params_.patch_side, stop_);
            if (coarser.sources.size() < kEnoughSources) break;
            levels_.push_back(std::move(coarser));
        }
        for (Level& level : levels_)
            expect_surroundings(level, params_.patch_side, stop_);
    }

    Plan plan_of(std::size_t i) const {
        const Level& level = levels_[i];
        Plan plan;
        plan.rounds = params_.iterations + static_cast<int>(std::min<std::size_t>(4 * i, 15));
        const std::int64_t pairs =
            std::int64_t{level.target_count} * static_cast<std::int64_t>(level.sources.size());
        plan.all = pairs < 1'000'000;
        if (level.size.longer_side() > params_.max_search_side) {
            plan.rounds = 2;
            plan.passes = 1;
            plan.radius = 4;
        }
        return plan;
    }

    double work_left() const {
        double work = 0;
        for (std::size_t i = 0; i < levels_.size(); ++i)
            work += work_of(i, plan_of(i));
        return work;
    }

    double work_of(std::size_t i, const Plan& plan) const {
        const Level& level = levels_[i];
        const double per_target =
            plan.all ? static_cast<double>(level.sources.size()) : 14.0 * plan.passes;
        return plan.rounds * (level.target_count * per_target + 20.0 * level.hole_count);
    }

    // What stands in the hole of the coarsest level used, and its field. False when stopped.
    bool begin(Field& field) {
        // Lines a few pixels wide are gone where a patch spans the hole, so the fill begins where
        // the hole is still wide, if translations continue what is around it.
        const auto wide = std::find_if(levels_.begin(), levels_.end(), can_be_shifted);
        if (wide != levels_.end()) {
            const auto start = static_cast<std::size_t>(wide - levels_.begin());
            total_work_ = 4.0 / 3 * work_left();
            const ShiftMap map = continue_structure(start, total_work_ / 4);
            if (stop_.stop_requested()) return false;
            if (!map.labels.empty()) {
                // What crosses the hole goes on as translations say; the light of a plain ground
                // may still be asked for.
                const bool plain = map.energy < std::int64_t{4} * levels_[start].hole_count;
                for (Level& level : levels_)
                    level.low_weight = plain ? 4 : 0;
                levels_.resize(start + 1);
                total_work_ = done_work_ + work_left();
                smooth_guide(levels_.back()); // for what no offset fills
                apply(map, levels_.back(), field, params_.patch_side, seed(start, 0));
                offsets_ = map.offsets;
                return !stop_.stop_requested();
            }
        }
        stay_near();
        total_work_ = done_work_ + work_left();
        randomize(levels_.back(), field, seed(levels_.size() - 1, 0));
        return guess(levels_.back());
    }

    // Of what is near the hole, if that continues it about as well as all there is; then no level
    // takes from further off.
    ShiftMap continue_structure(std::size_t start, double work) {
        const auto map_of = [&](const Level& level) {
            return inpaint::continue_structure(
                level, params_.patch_side, seed(start, -1),
                [&](double part) { report(work / 2 * part); }, stop_);
        };
        ShiftMap all = map_of(levels_[start]);
        if (stop_.stop_requested()) return {};
        Level close = levels_[start];
        keep_near(close, near_px() >> start);
        ShiftMap near = close.sources.size() < kEnoughSources ? ShiftMap{} : map_of(close);
        if (all.energy > std::int64_t{kMostFarEnergy} * close.hole_count) all = {};
        if (near.labels.empty()) return all;
        const bool as_good = 4 * near.energy <= 5 * all.energy ||
                             near.energy < std::int64_t{kLittleEnergy} * close.hole_count;
        if (!as_good && !all.labels.empty()) return all;
        levels_.resize(start + 1);
        stay_near();
        return near;
    }

    // px of the finest level around the hole that are near it: what is next to it is more like what
    // was in it than what fits as well further off, where light, scale, focus and stuff differ.
    int near_px() const {
        const Level& finest = levels_.front();
        const int side = finest.hole_bounds.size().longer_side();
        int px = std::max(64, side / 4);
        const std::size_t enough = std::min(finest.sources.size(), 16 * kEnoughSources);
        const auto count = [&] {
            const Rect around = finest.hole_bounds.grown(px);
            return static_cast<std::size_t>(
                std::count_if(finest.sources.begin(), finest.sources.end(),
                              [&](Point p) { return around.contains(p); }));
        };
        while (count() < enough)
            px *= 2;
        return px;
    }

    // Levels that are left with too few sources go.
    void stay_near() {
        const int px = near_px();
        for (std::size_t i = 0; i < levels_.size(); ++i) {
            keep_near(levels_[i], px >> i);
            if (i > 0 && levels_[i].sources.size() < kEnoughSources) levels_.resize(i);
        }
    }

    bool guess(Level& level) {
        const std::int64_t pairs =
            std::int64_t{level.hole_count} * static_cast<std::int64_t>(level.sources.size());
        if (pairs < 4'000'000)
            return peel_inwards(level, params_.patch_side, seed(levels_.size(), 0), stop_);
        smooth_guide(level);
        return !stop_.stop_requested();
    }

    bool refine(std::size_t i, Level& level, Field& field) {
        const Plan plan = plan_of(i);
        for (int round = 0; round < plan.rounds; ++round) {
            bool settled = false;
            if (plan.all) {
                const std::vector<Match> before = field.match;
                if (!search_all(level, field, params_.patch_side, stop_)) return false;
                settled = same_sources(before, field.match);
            } else if (!search_passes(i, level, field, plan, round)) {
                return false;
            }
            const double spread = round + 1 < plan.rounds && !settled ? 0.2 : 0.1;
            if (!vote(level, field, depth_, {params_.patch_side, spread}, stop_)) return false;
            report(work_of(i, plan) / plan.rounds * (settled ? plan.rounds - round : 1));
            if (settled) break;
        }
        return true;
    }

    bool search_passes(std::size_t i, const Level& level, Field& field, const Plan& plan,
                       int round) const {
        for (int pass = 0; pass < plan.passes; ++pass) {
            const int n = round * plan.passes + pass;
            SearchParams search;
            search.patch_side = params_.patch_side;
            search.radius = plan.radius;
            search.seed = seed(i, n + 1);
            search.backwards = n % 2 != 0;
            search.band_shift = n * 7;
            search.offsets = offsets_;
            if (!search_pass(level, field, search, stop_)) return false;
        }
        return true;
    }

    void report(double work) {
        done_work_ += work;
        told_ = std::max(told_, std::min(1.0, done_work_ / total_work_));
        if (progress_) progress_(told_);
    }

    std::uint64_t seed(std::size_t level, int step) const {
        Random random(params_.seed * 0x9e3779b97f4a7c15ull + (level << 16) +
                      static_cast<std::uint64_t>(step));
        const std::uint64_t high = random.next();
        return high << 32 | random.next();
    }

    image::ImageView picture_;
    const FillParams& params_;
    const ProgressFunction& progress_;
    std::stop_token stop_;
    std::vector<Level> levels_;  // finest first
    std::vector<Point> offsets_; // of the shift map, at the level worked on
    std::vector<std::uint16_t> depth_;
    double total_work_ = 0, done_work_ = 0, told_ = 0;
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
    for (;; fitting.patch_side -= 2) {
        if (fitting.patch_side < 3) {
            smooth_pixels(target, hole);
            break;
        }
        if (window.width < fitting.patch_side || window.height < fitting.patch_side) continue;
        Filler filler(picture.sub(window), hole, barred, fitting, progress, stop);
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
