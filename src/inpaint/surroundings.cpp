#include "inpaint/surroundings.h"

#include "base/parallel.h"
#include "inpaint/box_sum.h"
#include "inpaint/pull_push.h"

namespace mw::inpaint {

void expect_surroundings(Level& level, const std::stop_token& stop) {
    const int radius = level.patch_side / 2 + 1;
    level.low.assign(level.guide.size(), 0);
    std::vector<std::int32_t> known(level.hole.size()), plane(level.hole.size());
    for (std::size_t i = 0; i < known.size(); ++i)
        known[i] = !level.hole[i] && (level.barred.empty() || !level.barred[i]);
    const std::vector<std::int32_t> counts = box_sum(level.size, known, radius, stop);
    for (std::size_t c = 0; c < kGuideChannels && !stop.stop_requested(); ++c) {
        for (std::size_t i = 0; i < plane.size(); ++i)
            plane[i] = known[i] * level.guide[i * kGuideChannels + c];
        const std::vector<std::int32_t> sums = box_sum(level.size, plane, radius, stop);
        for (std::size_t i = 0; i < plane.size(); ++i)
            if (counts[i] > 0)
                level.low[i * kGuideChannels + c] = static_cast<std::int16_t>(sums[i] / counts[i]);
    }
    // Nothing far away is asked for what stands in the hole.
    const Rect box = intersect(level.hole_bounds.grown(2 * level.patch_side), Rect::of(level.size));
    Weighted smooth(box.size(), kGuideChannels);
    bool any = false;
    for (int y = box.y; y < box.bottom() && !stop.stop_requested(); ++y)
        for (int x = box.x; x < box.right(); ++x) {
            if (!known[level.at(x, y)]) continue;
            any = true;
            float* v = smooth.at(x - box.x, y - box.y);
            std::copy_n(level.low_pixel(x, y), kGuideChannels, v);
            v[kGuideChannels] = 1;
        }
    if (!any) level.low.clear();
    if (!any || stop.stop_requested()) return;
    pull_push(smooth);
    for (int y = box.y; y < box.bottom(); ++y)
        for (int x = box.x; x < box.right(); ++x) {
            if (!level.hole[level.at(x, y)]) continue;
            const float* v = smooth.at(x - box.x, y - box.y);
            for (std::size_t c = 0; c < kGuideChannels; ++c)
                level.low[level.at(x, y) * kGuideChannels + c] =
                    static_cast<std::int16_t>(v[c] + 0.5f);
        }
}

} // namespace mw::inpaint
