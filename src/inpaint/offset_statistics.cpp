#include "inpaint/offset_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>

#include "inpaint/known_matches.h"

namespace mw::inpaint {
namespace {

constexpr int kPeaks = 400;    // looked at before the best are chosen
constexpr int kEnough = 4;     // offsets for every hole pixel, if there are as many
constexpr int kNearWeight = 6; // of patches beside the hole: what they show may go on in it

struct Peak {
    Point offset;
    std::int64_t score = 0;
};

// Votes per offset, (0, 0) in the middle.
class Histogram {
  public:
    explicit Histogram(Size size)
        : width_(2 * size.width + 1),
          height_(2 * size.height + 1),
          middle_{size.width, size.height},
          votes_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

    void add(Point offset, int weight) {
        votes_[at(offset)] += weight;
        votes_[at({-offset.x, -offset.y})] += weight; // what matches one way matches the other
    }

    // Smoothed by 1 2 1 along both axes; the highest of their surroundings, the best first.
    std::vector<Peak> peaks() const {
        std::vector<std::int64_t> smooth(votes_.size());
        constexpr int kKernel[3] = {1, 2, 1};
        for (int y = 1; y + 1 < height_; ++y)
            for (int x = 1; x + 1 < width_; ++x)
                for (int dy = -1; dy <= 1; ++dy)
                    for (int dx = -1; dx <= 1; ++dx)
                        smooth[index(x, y)] +=
                            kKernel[dy + 1] * kKernel[dx + 1] * votes_[index(x + dx, y + dy)];
        std::vector<Peak> found;
        for (int y = 3; y + 3 < height_; ++y)
            for (int x = 3; x + 3 < width_; ++x)
                if (smooth[index(x, y)] > 0 && highest(smooth, x, y))
                    found.push_back({{x - middle_.x, y - middle_.y}, smooth[index(x, y)]});
        std::stable_sort(found.begin(), found.end(),
                         [](const Peak& a, const Peak& b) { return a.score > b.score; });
        return found;
    }

  private:
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x);
    }
    std::size_t at(Point offset) const { return index(middle_.x + offset.x, middle_.y + offset.y); }
    bool highest(const std::vector<std::int64_t>& smooth, int x, int y) const {
        const std::int64_t v = smooth[index(x, y)];
        for (int dy = -2; dy <= 2; ++dy)
            for (int dx = -2; dx <= 2; ++dx) {
                const std::int64_t other = smooth[index(x + dx, y + dy)];
                const bool earlier = dy < 0 || (dy == 0 && dx < 0);
                if (other > v || (earlier && other == v)) return false;
            }
        return true;
    }

    int width_, height_;
    Point middle_;
    std::vector<std::int64_t> votes_;
};

bool leads_to_source(const Level& level, Point p, Point offset) {
    const int x = p.x + offset.x, y = p.y + offset.y;
    return x >= 0 && y >= 0 && x < level.size.width && y < level.size.height &&
           level.source[level.at(x, y)];
}

// The offsets with most votes for the part of the hole that they fill, and then those that fill
// pixels with few choices.
std::vector<Point> choose(const Level& level, std::vector<Peak> peaks, int most,
                          const std::stop_token& stop) {
    std::vector<Point> hole, chosen;
    const Rect b = level.hole_bounds;
    for (int y = b.y; y < b.bottom(); ++y)
        for (int x = b.x; x < b.right(); ++x)
            if (level.hole[level.at(x, y)]) hole.push_back({x, y});
    std::vector<std::uint8_t> choices(hole.size());
    const auto take = [&](Point offset) {
        chosen.push_back(offset);
        for (std::size_t i = 0; i < hole.size(); ++i)
            choices[i] += leads_to_source(level, hole[i], offset);
    };
    peaks.resize(std::min<std::size_t>(peaks.size(), kPeaks));
    std::vector<Peak> scored = peaks;
    for (Peak& peak : scored) {
        if (stop.stop_requested()) return {};
        const std::int64_t filled = std::count_if(hole.begin(), hole.end(), [&](Point p) {
            return leads_to_source(level, p, peak.offset);
        });
        peak.score *= filled * filled;
    }
    std::stable_sort(scored.begin(), scored.end(),
                     [](const Peak& x, const Peak& y) { return x.score > y.score; });
    for (const Peak& peak : scored)
        if (peak.score > 0 && static_cast<int>(chosen.size()) < most * 2 / 3) take(peak.offset);
    while (static_cast<int>(chosen.size()) < most && !stop.stop_requested()) {
        Peak best;
        for (const Peak& peak : peaks) {
            if (stop.stop_requested()) return {};
            if (std::find(chosen.begin(), chosen.end(), peak.offset) != chosen.end()) continue;
            std::int64_t wanted = 0;
            for (std::size_t i = 0; i < hole.size(); ++i)
                if (choices[i] < kEnough && leads_to_source(level, hole[i], peak.offset))
                    wanted += (kEnough - choices[i]) * (kEnough - choices[i]);
            if (wanted * peak.score > best.score) best = {peak.offset, wanted * peak.score};
        }
        if (best.score == 0) break;
        take(best.offset);
    }
    for (const Peak& peak : scored)
        if (static_cast<int>(chosen.size()) < most && peak.score > 0 &&
            std::find(chosen.begin(), chosen.end(), peak.offset) == chosen.end())
            chosen.push_back(peak.offset);
    return chosen;
}

std::vector<std::uint16_t> distance_to_hole(const Level& level) {
    Level known;
    known.size = level.size;
    known.hole_bounds = Rect::of(level.size);
    known.hole.resize(level.hole.size());
    std::transform(level.hole.begin(), level.hole.end(), known.hole.begin(),
                   [](std::uint8_t hole) { return static_cast<std::uint8_t>(!hole); });
    return distance_into_hole(known);
}

} // namespace

OffsetStatistics frequent_offsets(const Level& level, int patch_side, int most, std::uint64_t seed,
                                  const std::stop_token& stop) {
    if (level.sources.empty() || level.hole_count == 0) return {};
    const Lattice lattice = match_known(level, patch_side, seed, stop);
    Histogram histogram(level.size);
    const int area = patch_side * patch_side;
    const std::vector<std::uint16_t> distance = distance_to_hole(level);
    for (int row = 0; row < lattice.rows; ++row) {
        for (int column = 0; column < lattice.columns; ++column) {
            const std::size_t i = lattice.at(column, row);
            const Match& m = lattice.match[i];
            if (m.cost == kNoMatch) continue;
            const Point p = lattice.position(column, row);
            const int gain = (lattice.ordinary[i] - m.cost) / area;
            if (gain <= 0) continue;
            const int near = distance[level.at(p.x, p.y)] < 2 * patch_side ? kNearWeight : 1;
            histogram.add({m.x - p.x, m.y - p.y},
                          near * (1 + static_cast<int>(4 * std::sqrt(static_cast<double>(gain)))));
        }
    }
    if (stop.stop_requested()) return {};
    const std::vector<Peak> peaks = histogram.peaks();
    OffsetStatistics result;
    result.any = choose(level, peaks, most, stop);
    if (result.any.empty()) return {};
    const Point main = result.any.front();
    const double length = std::hypot(main.x, main.y);
    std::vector<Peak> along;
    std::copy_if(peaks.begin(), peaks.end(), std::back_inserter(along), [&](const Peak& peak) {
        return std::abs(peak.offset.x * main.y - peak.offset.y * main.x) <= length;
    });
    result.along = choose(level, along, most, stop);
    return result;
}

} // namespace mw::inpaint
