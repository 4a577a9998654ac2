#include "inpaint/continue_structure.h"

#include <algorithm>
#include <limits>

#include "inpaint/offset_statistics.h"

namespace mw::inpaint {
namespace {

constexpr int kMostSide = 144;    // px of the hole
constexpr int kMostPatchSide = 7; // px of what is matched
// Energy per hole pixel, above which translations do not continue what is around the hole: boards
// lie near 10 to 20, curls at 40, a door among panels at 70, leaves and grass above 80.
constexpr int kMostEnergy = 40;

} // namespace

bool can_be_shifted(const Level& level) {
    return level.hole_count <= kMaxShiftPixels &&
           level.hole_bounds.size().longer_side() <= kMostSide;
}

ShiftMap continue_structure(const Level& level, std::uint64_t seed,
                            const std::function<void(double part)>& done,
                            const std::stop_token& stop) {
    const int patch_side = std::min(level.patch_side, kMostPatchSide);
    const Level structure = structure_of(level, stop);
    if (stop.stop_requested()) return {};
    OffsetStatistics found = frequent_offsets(structure, patch_side, kMaxShifts, seed, stop);
    ShiftMap best;
    for (std::vector<Point>* offsets : {&found.any, &found.along}) {
        if (offsets->size() < 2) continue;
        ShiftMap map = shift_map(
            structure, std::move(*offsets), patch_side, [&] { done(0.5 / kShiftRounds); }, stop);
        if (stop.stop_requested()) return {};
        if (best.labels.empty() || map.energy < best.energy) best = std::move(map);
    }
    if (best.energy > std::int64_t{kMostEnergy} * level.hole_count) return {};
    return best;
}

void apply(const ShiftMap& map, Level& level, Field& field, std::uint64_t seed) {
    randomize(level, field, seed);
    // Patches that only touch the hole take the offset of the hole pixel nearest to their centre.
    std::vector<int> distance(level.hole.size(), std::numeric_limits<int>::max());
    const int half = level.patch_side / 2;
    const auto label_around = [&](Point p, Point offset) {
        const Rect around = intersect(Rect{p.x, p.y, 1, 1}.grown(half), Rect::of(level.size));
        for (int y = around.y; y < around.bottom(); ++y) {
            for (int x = around.x; x < around.right(); ++x) {
                const Point s{x + offset.x, y + offset.y};
                const std::size_t i = level.at(x, y);
                if (!level.target[i] || !Rect::of(level.size).contains(s) ||
                    !level.source[level.at(s.x, s.y)])
                    continue;
                const int d = (x - p.x) * (x - p.x) + (y - p.y) * (y - p.y);
                if (d >= distance[i]) continue;
                distance[i] = d;
                field.match[i].x = static_cast<std::int16_t>(s.x);
                field.match[i].y = static_cast<std::int16_t>(s.y);
            }
        }
    };
    auto label = map.labels.begin();
    const Rect b = level.hole_bounds;
    for (int y = b.y; y < b.bottom(); ++y) {
        for (int x = b.x; x < b.right(); ++x) {
            if (!level.hole[level.at(x, y)]) continue;
            const int l = *label++;
            if (l < 0) continue;
            const Point offset = map.offsets[static_cast<std::size_t>(l)];
            const std::int16_t* from = level.pixel(x + offset.x, y + offset.y);
            std::copy(from, from + kGuideChannels, level.pixel(x, y));
            label_around({x, y}, offset);
        }
    }
}

} // namespace mw::inpaint
