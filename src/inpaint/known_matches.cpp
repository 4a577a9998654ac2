#include "inpaint/known_matches.h"

#include <algorithm>
#include <atomic>

#include "base/parallel.h"
#include "inpaint/patch_cost.h"

namespace mw::inpaint {
namespace {

constexpr int kMaxPatches = 16'000; // of the known picture, on a square lattice
constexpr int kPasses = 5;
constexpr int kBandRows = 12; // of the lattice

class Matcher {
  public:
    Matcher(const Level& level, int patch_side, std::uint64_t seed)
        : level_(level), cost_(patch_cost(patch_side)), half_(patch_side / 2), seed_(seed) {
        const Rect hole = level.hole_bounds;
        const int reach = std::max(hole.size().longer_side(), 8 * patch_side);
        lattice_.area = intersect(hole.grown(reach), Rect::of(level.size));
        while (std::int64_t{lattice_.area.width / lattice_.step} *
                   (lattice_.area.height / lattice_.step) >
               kMaxPatches)
            ++lattice_.step;
        lattice_.columns = (lattice_.area.width + lattice_.step - 1) / lattice_.step;
        lattice_.rows = (lattice_.area.height + lattice_.step - 1) / lattice_.step;
        const std::size_t n =
            static_cast<std::size_t>(lattice_.columns) * static_cast<std::size_t>(lattice_.rows);
        lattice_.match.assign(n, Match{-1, -1, kNoMatch});
        lattice_.ordinary.assign(n, 0);
        // Nearer ones are the patch itself, moved; and they would not reach across the hole.
        const int least = std::max(patch_side, hole_depth(level));
        least_square_ = least * least;
    }

    bool run(const std::stop_token& stop) {
        for (int pass = 0; pass <= kPasses; ++pass) {
            before_ = lattice_.match;
            const int shift = pass * 5 % kBandRows;
            const int bands = (lattice_.rows + shift + kBandRows - 1) / kBandRows;
            std::atomic<bool> whole{true};
            parallel_for(bands, 1, [&](int begin, int end) {
                for (int band = begin; band < end; ++band)
                    if (!search_band(pass, band * kBandRows - shift, stop)) whole = false;
            });
            if (!whole) return false;
        }
        return true;
    }

    const Lattice& lattice() const { return lattice_; }

  private:
    void consider(Point p, int sx, int sy, Match& best) const {
        if (sx < 0 || sy < 0 || sx >= level_.size.width || sy >= level_.size.height) return;
        const int dx = sx - p.x, dy = sy - p.y;
        if (dx * dx + dy * dy < least_square_ || !level_.source[level_.at(sx, sy)]) return;
        const int cost = cost_of(p, sx, sy, best.cost);
        if (cost < best.cost)
            best = {static_cast<std::int16_t>(sx), static_cast<std::int16_t>(sy), cost};
    }
    int cost_of(Point p, int sx, int sy, int limit) const {
        return cost_(level_.pixel(p.x - half_, p.y - half_), level_.pixel(sx - half_, sy - half_),
                     std::ptrdiff_t{level_.size.width} * kGuideChannels, limit);
    }

    bool search_band(int pass, int first, const std::stop_token& stop) {
        const int top = std::max(0, first), bottom = std::min(lattice_.rows, first + kBandRows);
        const bool back = pass % 2 != 0;
        for (int i = 0; i < bottom - top; ++i) {
            if (stop.stop_requested()) return false;
            const int row = back ? bottom - 1 - i : top + i;
            for (int j = 0; j < lattice_.columns; ++j) {
                const int column = back ? lattice_.columns - 1 - j : j;
                const Point p = lattice_.position(column, row);
                if (!level_.source[level_.at(p.x, p.y)]) continue;
                Random random(seed_ + (std::uint64_t{static_cast<std::uint32_t>(pass)} << 40) +
                              lattice_.at(column, row) * 0x2545f4914f6cdd1dull);
                if (pass == 0)
                    begin(p, column, row, random);
                else
                    improve(p, column, row, back ? -1 : 1, top, bottom, random);
            }
        }
        return true;
    }

    void begin(Point p, int column, int row, Random& random) {
        const auto any = [&] {
            return level_.sources[static_cast<std::size_t>(
                random.below(static_cast<int>(level_.sources.size())))];
        };
        Match& best = lattice_.match[lattice_.at(column, row)];
        std::int64_t sum = 0;
        for (int i = 0; i < 4; ++i) {
            const Point s = any();
            sum += cost_of(p, s.x, s.y, kNoMatch);
            consider(p, s.x, s.y, best);
        }
        lattice_.ordinary[lattice_.at(column, row)] = static_cast<std::int32_t>(sum / 4);
    }

    void improve(Point p, int column, int row, int step, int top, int bottom, Random& random) {
        Match best = lattice_.match[lattice_.at(column, row)];
        const auto follow = [&](int from_column, int from_row) {
            if (from_column < 0 || from_column >= lattice_.columns || from_row < 0 ||
                from_row >= lattice_.rows)
                return;
            const bool ours = from_row >= top && from_row < bottom;
            const Match& m = (ours ? lattice_.match : before_)[lattice_.at(from_column, from_row)];
            if (m.cost == kNoMatch) return;
            const Point q = lattice_.position(from_column, from_row);
            consider(p, m.x + p.x - q.x, m.y + p.y - q.y, best);
        };
        follow(column - step, row);
        follow(column, row - step);
        // What people build runs along the axes more often than chance would try them.
        for (int i = 0; i < 3; ++i) {
            consider(p, random.below(level_.size.width), p.y, best);
            consider(p, p.x, random.below(level_.size.height), best);
        }
        for (int radius = level_.size.longer_side(); radius >= 1; radius /= 2) {
            const int side = 2 * radius + 1;
            const int dx = random.below(side) - radius, dy = random.below(side) - radius;
            if (best.cost != kNoMatch)
                consider(p, best.x + dx, best.y + dy, best);
            else
                consider(p, p.x + dx, p.y + dy, best);
        }
        lattice_.match[lattice_.at(column, row)] = best;
    }

    const Level& level_;
    PatchCost cost_;
    int half_;
    std::uint64_t seed_;
    std::int64_t least_square_ = 0;
    Lattice lattice_;
    std::vector<Match> before_;
};

} // namespace

Lattice match_known(const Level& level, int patch_side, std::uint64_t seed,
                    const std::stop_token& stop) {
    Matcher matcher(level, patch_side, seed);
    return matcher.run(stop) ? matcher.lattice() : Lattice{};
}

} // namespace mw::inpaint
