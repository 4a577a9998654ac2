#include "image/shrink.h"

#include <algorithm>
#include <cmath>

#include "image/resample.h"

namespace mw::image {

Image shrink_into(ImageView picture, int box) {
    const double scale = std::min(1.0, static_cast<double>(box) / picture.size.longer_side());
    const auto side = [scale](int n) {
        return std::max(1, static_cast<int>(std::lround(n * scale)));
    };
    return resample(picture, {side(picture.size.width), side(picture.size.height)}, Filter::area);
}

} // namespace mw::image
