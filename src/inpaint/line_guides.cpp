#include "inpaint/line_guides.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace mw::inpaint {
namespace {

constexpr int kSteps = 128; // directions are (kSteps, j) and (j, kSteps): no table of sines, so
                            // every machine looks along the same ones
constexpr int kDirections = 4 * kSteps;
constexpr int kMostLines = 8;
constexpr int kAcross = 4;         // px of the profile on either side of a line
constexpr int kWide = 8;           // px over which a fall of the light is taken out of a profile
constexpr float kLeastScore = 500; // squared guide units: four levels of 8 bits, two steps of them
constexpr int kLeastChord = 8;     // px of the line in the hole
constexpr float kAlike = 0.95f;    // the least correlation of the two profiles
constexpr float kStandsOut = 20;   // times what texture makes of a profile, at least

struct Candidate {
    float score = 0;
    GuideLine line;
    float from = 0, to = 0; // px along it in the hole
};

GuideLine direction(int i) {
    const int j = i % (2 * kSteps) - kSteps;
    const float dx = i < 2 * kSteps ? kSteps : j, dy = i < 2 * kSteps ? j : kSteps;
    const float length = std::sqrt(dx * dx + dy * dy);
    return {-dy / length, dx / length, 0};
}

// Mean luma by distance across a direction, before and behind the hole.
struct Side {
    std::vector<float> sum, count;
    explicit Side(std::size_t n) : sum(n), count(n) {}
    void add(std::size_t bin, float weight, int luma) {
        sum[bin] += weight * static_cast<float>(luma);
        count[bin] += weight;
    }
};

// Its derivative, less the slow part; 0 where too little is known.
std::vector<float> steps_of(const Side& side, float least) {
    const int n = static_cast<int>(side.sum.size());
    std::vector<float> step(side.sum.size()), result(side.sum.size());
    std::vector<std::uint8_t> known(side.sum.size());
    const auto enough = [&](int i) { return side.count[i] >= least; };
    for (int i = 1; i + 1 < n; ++i) {
        if (!enough(i - 1) || !enough(i + 1)) continue;
        known[i] = 1;
        step[i] = side.sum[i + 1] / side.count[i + 1] - side.sum[i - 1] / side.count[i - 1];
    }
    for (int i = kWide; i + kWide < n; ++i) {
        float sum = 0;
        int count = 0;
        for (int k = i - kWide; k <= i + kWide; ++k)
            if (known[k]) sum += step[k], ++count;
        if (known[i]) result[i] = step[i] - sum / static_cast<float>(count);
    }
    return result;
}

class Finder {
  public:
    explicit Finder(const Level& level)
        : level_(level),
          reach_(std::max(24, level.hole_bounds.size().longer_side() / 3)),
          area_(intersect(level.hole_bounds.grown(reach_), Rect::of(level.size))) {}

    std::vector<Candidate> along(int index) const {
        const GuideLine d = direction(index);
        const float tx = d.ny, ty = -d.nx; // along
        const float least = std::min({d.across(area_.x, area_.y), d.across(area_.right(), area_.y),
                                      d.across(area_.x, area_.bottom()),
                                      d.across(area_.right(), area_.bottom())}),
                    most = std::max({d.across(area_.x, area_.y), d.across(area_.right(), area_.y),
                                     d.across(area_.x, area_.bottom()),
                                     d.across(area_.right(), area_.bottom())});
        const auto bins = static_cast<std::size_t>(most - least) + 3;
        std::vector<float> from(bins, 3e38f), to(bins, -3e38f);
        const auto visit = [&](bool hole, const auto& what) {
            const Rect r = hole ? level_.hole_bounds : area_;
            for (int y = r.y; y < r.bottom(); ++y)
                for (int x = r.x; x < r.right(); ++x)
                    if ((level_.hole[level_.at(x, y)] != 0) == hole && !barred(x, y))
                        what(d.across(x, y) - least, tx * x + ty * y, level_.pixel(x, y)[0]);
        };
        visit(true, [&](float across, float t, int) {
            const auto bin = static_cast<std::size_t>(across + 0.5f);
            from[bin] = std::min(from[bin], t);
            to[bin] = std::max(to[bin], t);
        });
        // Beside the hole a line has neither side.
        Side before(bins), behind(bins);
        const auto reach = static_cast<float>(reach_);
        visit(false, [&](float across, float t, int luma) {
            const auto first = static_cast<std::size_t>(across);
            const float part = across - static_cast<float>(first);
            for (const std::size_t bin : {first, first + 1}) {
                const float weight = bin == first ? 1 - part : part;
                if (t < from[bin] && t >= from[bin] - reach)
                    before.add(bin, weight, luma);
                else if (t > to[bin] && t <= to[bin] + reach)
                    behind.add(bin, weight, luma);
            }
        });
        const std::vector<float> a = steps_of(before, reach / 2), b = steps_of(behind, reach / 2);
        std::vector<Candidate> found;
        for (int i = kAcross; i + kAcross < static_cast<int>(bins); ++i) {
            if (to[i] - from[i] < kLeastChord) continue;
            float ab = 0, aa = 0, bb = 0;
            for (int k = i - kAcross; k <= i + kAcross; ++k)
                ab += a[k] * b[k], aa += a[k] * a[k], bb += b[k] * b[k];
            if (ab <= 0 || ab * ab < kAlike * kAlike * aa * bb) continue;
            found.push_back({ab, {d.nx, d.ny, least + static_cast<float>(i)}, from[i], to[i]});
        }
        return found;
    }

    // Of the steps that texture makes in a profile: their mean square, times the profile's length.
    float ordinary() const {
        double sum = 0;
        std::int64_t n = 0;
        for (int y = area_.y; y < area_.bottom(); ++y)
            for (int x = area_.x; x + 2 < area_.right(); ++x) {
                if (level_.hole[level_.at(x, y)] || level_.hole[level_.at(x + 2, y)]) continue;
                const double step = level_.pixel(x + 2, y)[0] - level_.pixel(x, y)[0];
                sum += step * step, ++n;
            }
        if (n == 0) return 0;
        return static_cast<float>(sum / static_cast<double>(n) * (2 * kAcross + 1) / reach_);
    }

  private:
    bool barred(int x, int y) const {
        return !level_.barred.empty() && level_.barred[level_.at(x, y)];
    }

    const Level& level_;
    int reach_;
    Rect area_;
};

// px between two lines at an end of the first one's way through the hole.
float apart(const Candidate& a, const GuideLine& b, float t) {
    const float x = a.line.nx * a.line.c + a.line.ny * t, y = a.line.ny * a.line.c - a.line.nx * t;
    return std::abs(b.across(x, y));
}

} // namespace

std::vector<GuideLine> lines_through_hole(const Level& level, const std::stop_token& stop) {
    if (level.hole_count == 0) return {};
    const Finder finder(level);
    std::vector<std::vector<Candidate>> by_direction(kDirections);
    parallel_for(kDirections, 4, [&](int begin, int end) {
        for (int i = begin; i < end && !stop.stop_requested(); ++i)
            by_direction[static_cast<std::size_t>(i)] = finder.along(i);
    });
    const float least = kStandsOut * finder.ordinary() + kLeastScore;
    std::vector<Candidate> all;
    for (const auto& some : by_direction)
        std::copy_if(some.begin(), some.end(), std::back_inserter(all),
                     [&](const Candidate& c) { return c.score > least; });
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    std::vector<Candidate> chosen;
    for (const Candidate& c : all) {
        if (chosen.size() == kMostLines || stop.stop_requested()) break;
        // Nearly the same, or crossing where only one of them is seen on both sides.
        const bool taken = std::any_of(chosen.begin(), chosen.end(), [&](const Candidate& other) {
            const float first = apart(c, other.line, c.from), last = apart(c, other.line, c.to);
            return std::min(first, last) < 2 * kAcross && std::max(first, last) < 6 * kAcross;
        });
        if (!taken) chosen.push_back(c);
    }
    std::vector<GuideLine> lines;
    for (const Candidate& c : chosen)
        lines.push_back(c.line);
    return stop.stop_requested() ? std::vector<GuideLine>{} : lines;
}

void follow_lines(Level& level, const std::vector<GuideLine>& lines, int shift) {
    level.lines.clear();
    level.line_of.clear();
    if (lines.empty()) return;
    const float scale =
        shift >= 0 ? static_cast<float>(1 << shift) : 1.0f / static_cast<float>(1 << -shift);
    for (GuideLine line : lines) {
        // Pixel centres: (x + 0.5) * scale - 0.5.
        line.c = (line.c + 0.5f * (line.nx + line.ny)) * scale - 0.5f * (line.nx + line.ny);
        level.lines.push_back(line);
    }
    level.line_of.assign(level.hole.size(), -1);
    const float band = static_cast<float>(level.patch_side / 2) + 1;
    const Rect b = level.target_bounds;
    for (int y = b.y; y < b.bottom(); ++y)
        for (int x = b.x; x < b.right(); ++x) {
            if (!level.target[level.at(x, y)]) continue;
            int near = 0;
            for (std::size_t i = 0; i < level.lines.size(); ++i)
                if (std::abs(level.lines[i].across(x, y)) <= band) {
                    level.line_of[level.at(x, y)] = static_cast<std::int8_t>(i);
                    ++near;
                }
            if (near > 1) level.line_of[level.at(x, y)] = -1;
        }
}

} // namespace mw::inpaint
