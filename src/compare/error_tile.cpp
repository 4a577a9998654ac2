#include "compare/error_tile.h"

#include "compare/shown_tile.h"

namespace mw::compare {

ErrorTile::ErrorTile(image::ImageView a, image::ImageView b, const Views& views, Metric metric,
                     double pixels_per_degree)
    : a_(a),
      b_(b),
      views_(views),
      metric_(metric),
      filters_(metric == Metric::flip ? flip_filters(pixels_per_degree) : nullptr) {}

void ErrorTile::fill(const Rect& tile, image::ImageSpan out) const {
    const int halo = filters_ ? halo_of(*filters_) : metric_ == Metric::ssim ? kSsimHalo : 0;
    const ShownTile seen(a_, b_, views_, tile, halo);
    switch (metric_) {
        case Metric::flip:
            return fill_flip(*filters_, seen.a(), seen.b(), seen.tile(), out);
        case Metric::delta_e:
            return fill_delta_e(seen.a(), seen.b(), seen.tile(), out);
        case Metric::absolute:
            return fill_abs(seen.a(), seen.b(), seen.tile(), out);
        case Metric::ssim:
            break;
    }
    fill_ssim(seen.a(), seen.b(), seen.tile(), out);
    for (int y = 0; y < tile.height; ++y) {
        float* v = out.row<float>(y);
        for (int x = 0; x < tile.width; ++x)
            v[x] = 1 - v[x];
    }
}

} // namespace mw::compare
