#include "inpaint/search.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "base/parallel.h"
#include "inpaint/box_sum.h"
#include "inpaint/patch_cost.h"
#include "inpaint/surroundings.h"

namespace mw::inpaint {
namespace {

constexpr int kBandRows = 24;
// How much lighter or darker than its source, in guide units (ten levels of 8 bits), a patch may be
// laid (Darabi et al. 2012, "Image melding": bias alone, of luma), and what that costs, in 16ths of
// its square.
// px across a guide line: as good as on it; as bad as anywhere. Then what a px costs, in squared
// guide units.
constexpr float kOnLine = 1, kMostOff = 4, kOffPrice = 1000;
constexpr int kMostBias = 40, kBiasPrice = 4;
constexpr int kUnknown = std::numeric_limits<std::int32_t>::max();

std::uint64_t mix(std::uint64_t seed, int x, int y) {
    return seed ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(y)) << 32) ^
           static_cast<std::uint32_t>(x) * 0x2545f4914f6cdd1dull;
}

Match random_match(const Level& level, std::uint64_t seed, int x, int y) {
    Random random(mix(seed, x, y));
    const Point p = level.sources[static_cast<std::size_t>(
        random.below(static_cast<int>(level.sources.size())))];
    return {static_cast<std::int16_t>(p.x), static_cast<std::int16_t>(p.y), kUnknown};
}

// The sum of the luma over the patch around each pixel.
std::vector<std::int32_t> luma_sums(const Level& level, const std::stop_token& stop) {
    std::vector<std::int32_t> luma(level.hole.size());
    for (std::size_t i = 0; i < luma.size(); ++i)
        luma[i] = level.guide[i * kGuideChannels];
    return box_sum(level.size, luma, level.patch_side / 2, stop);
}

// What one thread needs to improve the rows of one band.
struct Band {
    const Level& level;
    Field& field;        // rows of the band are read and written
    const Field& before; // all rows as they were before the pass
    const SearchParams& params;
    const std::vector<std::int32_t>& sums; // of luma_sums
    int top, bottom;
    const std::stop_token& stop;
};

// The best candidate so far for one target.
class Trial {
  public:
    Trial(const Level& level, const std::vector<std::int32_t>& sums)
        : level_(level),
          sums_(sums),
          cost_(patch_cost(level.patch_side)),
          half_(level.patch_side / 2),
          area_(level.patch_side * level.patch_side),
          stride_(std::ptrdiff_t{level.size.width} * kGuideChannels) {}

    void start(int x, int y, const Match& current) {
        x_ = x, y_ = y;
        const int line = level_.line_of.empty() ? -1 : level_.line_of[level_.at(x, y)];
        line_ = line < 0 ? nullptr : &level_.lines[static_cast<std::size_t>(line)];
        if (line_) across_ = line_->across(x, y);
        target_ = level_.pixel(x - half_, y - half_);
        at_ = level_.at(x, y);
        best = current;
        best.cost = kUnknown;
        consider(current.x, current.y);
    }
    void consider(int sx, int sy) {
        if (sx < 0 || sy < 0 || sx >= level_.size.width || sy >= level_.size.height) return;
        const std::size_t i = level_.at(sx, sy);
        if (!level_.source[i]) return;
        const int extra = unlikeness(level_, at_, i, area_) + off_line(sx, sy);
        if (extra >= best.cost) return;
        // Light that differs by a little all over the patch is made up for: what that saves of the
        // squares follows from the sums alone.
        const int lighter = sums_[at_] - sums_[i];
        int bias = std::clamp(lighter / area_, -kMostBias, kMostBias);
        int saved = 2 * bias * lighter - area_ * bias * bias * (kBiasPrice + 16) / 16;
        if (saved <= 0) bias = saved = 0;
        const int limit = best.cost == kUnknown ? kUnknown : best.cost - extra + saved;
        const int cost =
            extra - saved + cost_(target_, level_.pixel(sx - half_, sy - half_), stride_, limit);
        if (cost < best.cost)
            best = {static_cast<std::int16_t>(sx), static_cast<std::int16_t>(sy), cost,
                    static_cast<std::int16_t>(bias)};
    }

    // Some places along the line that the target is on.
    void consider_line(Random& random) {
        if (!line_) return;
        const int reach = level_.hole_bounds.size().longer_side() * 3 / 2;
        for (int n = 0; n < 3; ++n) {
            const auto t = static_cast<float>(random.below(2 * reach + 1) - reach);
            consider(x_ + rounded(line_->ny * t), y_ + rounded(-line_->nx * t));
        }
    }

    Match best;

  private:
    static int rounded(float v) { return static_cast<int>(v + (v < 0 ? -0.5f : 0.5f)); }

    // What it costs to be from elsewhere across the line.
    int off_line(int sx, int sy) const {
        if (!line_) return 0;
        const float off =
            std::min(std::max(std::abs(line_->across(sx, sy) - across_) - kOnLine, 0.0f), kMostOff);
        return static_cast<int>(off * off * kOffPrice) * area_;
    }

    const Level& level_;
    const std::vector<std::int32_t>& sums_;
    PatchCost cost_;
    int half_, area_;
    int x_ = 0, y_ = 0;               // of the target
    const GuideLine* line_ = nullptr; // that it is on
    float across_ = 0;
    std::size_t at_ = 0; // of the target
    std::ptrdiff_t stride_;
    const std::int16_t* target_ = nullptr;
};

bool search_band(const Band& band) {
    const Level& level = band.level;
    const SearchParams& params = band.params;
    const Rect bounds = level.target_bounds;
    const int step = params.backwards ? -1 : 1;
    Trial trial(level, band.sums);
    for (int i = 0; i < band.bottom - band.top; ++i) {
        if (band.stop.stop_requested()) return false;
        const int y = params.backwards ? band.bottom - 1 - i : band.top + i;
        const int row_before = y - step;
        const bool row_ours = row_before >= band.top && row_before < band.bottom;
        const bool row_exists = row_before >= 0 && row_before < level.size.height;
        for (int j = 0; j < bounds.width; ++j) {
            const int x = params.backwards ? bounds.right() - 1 - j : bounds.x + j;
            if (!level.target[level.at(x, y)]) continue;
            trial.start(x, y, band.field.at(x, y));
            const int left = x - step;
            if (left >= 0 && left < level.size.width && level.target[level.at(left, y)]) {
                const Match& m = band.field.at(left, y);
                trial.consider(m.x + step, m.y);
            }
            if (row_exists && level.target[level.at(x, row_before)]) {
                const Match& m = (row_ours ? band.field : band.before).at(x, row_before);
                trial.consider(m.x, m.y + step);
            }
            Random random(mix(params.seed, x, y));
            trial.consider_line(random);
            for (int n = 0; n < 2 && !params.offsets.empty(); ++n) {
                const Point o = params.offsets[static_cast<std::size_t>(
                    random.below(static_cast<int>(params.offsets.size())))];
                trial.consider(x + o.x, y + o.y);
            }
            int radius = std::min(params.radius, level.size.longer_side());
            for (; radius >= 1; radius /= 2) {
                const int side = 2 * radius + 1;
                const int dx = random.below(side) - radius, dy = random.below(side) - radius;
                trial.consider(trial.best.x + dx, trial.best.y + dy);
            }
            band.field.at(x, y) = trial.best;
        }
    }
    return true;
}

bool search_all_band(const Band& band) {
    const Level& level = band.level;
    const Rect bounds = level.target_bounds;
    Trial trial(level, band.sums);
    for (int y = band.top; y < band.bottom; ++y) {
        for (int x = bounds.x; x < bounds.right(); ++x) {
            if (!level.target[level.at(x, y)]) continue;
            if (band.stop.stop_requested()) return false;
            trial.start(x, y, band.field.at(x, y));
            for (const Point s : level.sources)
                trial.consider(s.x, s.y);
            band.field.at(x, y) = trial.best;
        }
    }
    return true;
}

bool run_bands(const Level& level, Field& field, const SearchParams& params,
               const std::stop_token& stop, bool all) {
    const Rect bounds = level.target_bounds;
    const Field before = all ? Field{} : field;
    const std::vector<std::int32_t> sums = luma_sums(level, stop);
    if (stop.stop_requested()) return false;
    const int rows = all ? 1 : kBandRows;
    const int first = bounds.y - params.band_shift % rows;
    const int bands = (bounds.bottom() - first + rows - 1) / rows;
    std::atomic<bool> whole{true};
    parallel_for(bands, 1, [&](int begin, int end) {
        for (int b = begin; b < end; ++b) {
            const int top = std::max(bounds.y, first + b * rows);
            const int bottom = std::min(bounds.bottom(), first + (b + 1) * rows);
            const Band band{level, field, before, params, sums, top, bottom, stop};
            if (!(all ? search_all_band(band) : search_band(band))) whole = false;
        }
    });
    return whole;
}

} // namespace

void randomize(const Level& level, Field& field, std::uint64_t seed) {
    field.size = level.size;
    field.match.assign(static_cast<std::size_t>(level.size.area()), Match{});
    for (int y = level.target_bounds.y; y < level.target_bounds.bottom(); ++y)
        for (int x = level.target_bounds.x; x < level.target_bounds.right(); ++x)
            if (level.target[level.at(x, y)]) field.at(x, y) = random_match(level, seed, x, y);
}

Field upsample(const Level& coarse, const Field& coarse_field, const Level& fine,
               std::uint64_t seed) {
    Field field{fine.size, std::vector<Match>(static_cast<std::size_t>(fine.size.area()))};
    const Rect bounds = fine.target_bounds;
    for (int y = bounds.y; y < bounds.bottom(); ++y) {
        for (int x = bounds.x; x < bounds.right(); ++x) {
            if (!fine.target[fine.at(x, y)]) continue;
            // Patches do not stick out, so centres near the border double to the nearest that
            // exists.
            const Rect c = coarse.target_bounds;
            const int cx = std::clamp(x / 2, c.x, c.right() - 1);
            const int cy = std::clamp(y / 2, c.y, c.bottom() - 1);
            Match m = random_match(fine, seed, x, y);
            if (coarse.target[coarse.at(cx, cy)]) {
                const Match& from = coarse_field.at(cx, cy);
                const int sx = 2 * from.x + x - 2 * cx, sy = 2 * from.y + y - 2 * cy;
                if (sx >= 0 && sy >= 0 && sx < fine.size.width && sy < fine.size.height &&
                    fine.source[fine.at(sx, sy)])
                    m = {static_cast<std::int16_t>(sx), static_cast<std::int16_t>(sy), from.cost,
                         from.bias};
            }
            field.at(x, y) = m;
        }
    }
    return field;
}

bool search_all(const Level& level, Field& field, const std::stop_token& stop) {
    return run_bands(level, field, {}, stop, true);
}

bool search_pass(const Level& level, Field& field, const SearchParams& params,
                 const std::stop_token& stop) {
    return run_bands(level, field, params, stop, false);
}

} // namespace mw::inpaint
