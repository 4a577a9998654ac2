#include "composite/respect.h"

#include "base/parallel.h"
#include "image/convert.h"

namespace mw::composite {

double mean_outside(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const image::DisplayTransform& view) {
    const Rect visible = intersect(plan.crop, source.rect());
    constexpr int kBand = 64;
    const int bands = (visible.height + kBand - 1) / kBand, n = source.format.color_channels();
    const int source_step = source.format.channels;
    std::vector<double> sums(static_cast<std::size_t>(bands)), counts(sums.size());
    parallel_for(bands, 1, [&](int begin, int end) {
        for (int band = begin; band < end; ++band) {
            const Rect rows =
                intersect(visible, {visible.x, visible.y + band * kBand, visible.width, kBand});
            const image::Image s = view.to_display(source.sub(rows));
            const image::Image a =
                image::convert(answer.sub(rows.translated(-plan.crop.x, -plan.crop.y)),
                               {n, image::SampleType::f32});
            const image::Image covered = mask.read(rows);
            double sum = 0;
            std::int64_t count = 0;
            for (int y = 0; y < rows.height; ++y) {
                const auto* c = covered.view().row<std::uint8_t>(y);
                const float* p = s.view().row<float>(y);
                const float* q = a.view().row<float>(y);
                for (int x = 0; x < rows.width; ++x, p += source_step, q += n) {
                    if (c[x]) continue;
                    for (int k = 0; k < n; ++k) {
                        const float d = std::abs(p[k] - q[k]);
                        if (std::isfinite(d)) sum += d, ++count;
                    }
                }
            }
            sums[static_cast<std::size_t>(band)] = sum;
            counts[static_cast<std::size_t>(band)] = static_cast<double>(count);
        }
    });
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        sum += sums[i], count += counts[i];
    return count > 0 ? 255 * sum / count : 0;
}

} // namespace mw::composite
