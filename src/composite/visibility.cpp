#include "composite/visibility.h"

#include <algorithm>
#include <vector>

#include "base/parallel.h"
#include "compare/metrics.h"
#include "image/color.h"

namespace mw::composite {
namespace {

constexpr int kSide = 8, kFewest = 12; // px of a square, and of each side of the seam in it

struct Mean {
    std::array<double, 3> sum{};
    int count = 0;
    void add(const float* v, int channels) {
        for (std::size_t c = 0; c < 3; ++c)
            sum[c] += std::clamp(v[channels == 1 ? 0 : c], 0.0f, 1.0f);
        ++count;
    }
    std::array<double, 3> lab() const {
        image::Float3 linear;
        for (std::size_t c = 0; c < 3; ++c)
            linear[c] = image::srgb_to_linear(static_cast<float>(sum[c] / count));
        const image::Float3 v = image::linear_to_lab(linear);
        return {v[0], v[1], v[2]};
    }
};

} // namespace

double seam_visibility(const Context& context, image::ImageView result, const Rect& area,
                       const mask::Mask& declared, const image::DisplayTransform& view) {
    // One pixel more around, so that squares at the area's rim have an outside.
    const Rect around = intersect(area.grown(kSide / 2), context.window);
    const image::Image covered = declared.read(around);
    const int rows = (around.height + kSide - 1) / kSide;
    std::vector<double> sums(static_cast<std::size_t>(rows)), weights(sums.size());
    const int n = context.source.format().channels, result_n = result.format.channels;
    parallel_for(rows, 4, [&](int begin, int end) {
        for (int row = begin; row < end; ++row)
            for (int x = 0; x < around.width; x += kSide) {
                const Rect square =
                    intersect({around.x + x, around.y + row * kSide, kSide, kSide}, around);
                int inside = 0;
                for (int y = square.y; y < square.bottom(); ++y)
                    for (int i = square.x; i < square.right(); ++i)
                        inside +=
                            *covered.view().pixel<std::uint8_t>(i - around.x, y - around.y) != 0;
                if (inside < kFewest || square.area() - inside < kFewest) continue;
                const Rect part = intersect(square, area);
                const image::Image shown =
                    view.to_display(result.sub(part.translated(-area.x, -area.y)));
                Mean outside, before, after;
                for (int y = square.y; y < square.bottom(); ++y)
                    for (int i = square.x; i < square.right(); ++i) {
                        const float* s = context.source.view().pixel<float>(i - context.window.x,
                                                                            y - context.window.y);
                        if (!std::isfinite(s[0] + s[n / 2] + s[n - 1])) continue;
                        if (*covered.view().pixel<std::uint8_t>(i - around.x, y - around.y) == 0) {
                            outside.add(s, n);
                            continue;
                        }
                        if (!part.contains(Point{i, y})) continue;
                        before.add(s, n);
                        after.add(shown.view().pixel<float>(i - part.x, y - part.y),
                                  result_n <= 2 ? 1 : 3);
                    }
                const int count = std::min(outside.count, after.count);
                if (count < kFewest / 2) continue;
                const auto lab = outside.lab();
                const double step =
                    compare::ciede2000(lab, after.lab()) - compare::ciede2000(lab, before.lab());
                sums[std::size_t(row)] += count * std::max(0.0, step);
                weights[std::size_t(row)] += count;
            }
    });
    double sum = 0, weight = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        sum += sums[i], weight += weights[i];
    return weight > 0 ? sum / weight : 0;
}

} // namespace mw::composite
