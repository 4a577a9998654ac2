#include "composite/layer.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace mw::composite {
namespace {

// The least coverage, at least `wanted`, by which a colour within range gives r over p.
template <class T>
int least_coverage(T p, T r, int wanted) {
    constexpr int kMax = static_cast<T>(~T{0});
    if (p == r) return wanted;
    const int room = r > p ? kMax - p : p, step = std::abs(int{r} - int{p});
    return std::max(wanted, static_cast<int>((255ll * step + room - 1) / room));
}

template <class T>
void separate_row(const T* parent, const T* result, const std::uint8_t* coverage, T* colors,
                  std::uint8_t* show, int width, image::PixelFormat format) {
    constexpr double kMax = static_cast<T>(~T{0});
    const int channels = format.channels, n = format.color_channels();
    for (int x = 0; x < width;
         ++x, parent += channels, result += channels, colors += channels, ++coverage, ++show) {
        std::copy_n(result, channels, colors);
        int covered = *coverage;
        for (int c = 0; c < n; ++c)
            covered = least_coverage(parent[c], result[c], covered);
        *show = static_cast<std::uint8_t>(std::min(covered, 255));
        if (covered == 0 || covered >= 255) continue;
        for (int c = 0; c < n; ++c) {
            const double over = parent[c] + (int{result[c]} - int{parent[c]}) * 255.0 / covered;
            colors[c] = static_cast<T>(std::lround(std::clamp(over, 0.0, kMax)));
        }
    }
}

} // namespace

SeparatedLayer separate_layer(image::ImageView parent, image::ImageView result,
                              image::ImageView coverage) {
    assert(parent.size == result.size && parent.format == result.format &&
           coverage.size == result.size && coverage.format == image::kGray8);
    SeparatedLayer out{image::Image(result.size, result.format),
                       image::Image(result.size, image::kGray8)};
    image::ImageSpan colors = out.colors.span(), show = out.show.span();
    const auto one = [&](int y) {
        const auto row = [&]<class T>(T) {
            separate_row(parent.row<T>(y), result.row<T>(y), coverage.row<std::uint8_t>(y),
                         colors.row<T>(y), show.row<std::uint8_t>(y), result.size.width,
                         result.format);
        };
        if (result.format.type == image::SampleType::u8)
            row(std::uint8_t{});
        else
            row(std::uint16_t{});
    };
    parallel_for(result.size.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            one(y);
    });
    return out;
}

image::Image changed_pixels(image::ImageView parent, image::ImageView result) {
    assert(parent.size == result.size && parent.format == result.format);
    image::Image out(result.size, image::kGray8);
    const auto bytes = static_cast<std::size_t>(result.format.bytes());
    for (int y = 0; y < result.size.height; ++y) {
        const std::byte *p = parent.row_bytes(y), *r = result.row_bytes(y);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < result.size.width; ++x, p += bytes, r += bytes)
            to[x] = std::memcmp(p, r, bytes) == 0 ? 0 : 255;
    }
    return out;
}

} // namespace mw::composite
