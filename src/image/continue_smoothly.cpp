#include "image/continue_smoothly.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "image/convert.h"
#include "image/laplace.h"

namespace mw::image {
namespace {

constexpr float kTolerance = 1e-4f; // of the greatest value given; a 16-bit step is 1.5e-5
constexpr int kAround = kContinuedFrom - 1;

// The mean of the pixels without hole around (x, y), which is none itself; false where there is
// nothing finite.
bool mean_outside(ImageView values, ImageView hole, int x, int y, float* out) {
    const int n = values.format.channels, colors = values.format.color_channels();
    const bool alpha = values.format.has_alpha();
    std::array<double, 4> weighted{}, plain{};
    double weight = 0;
    int count = 0;
    for (int py = std::max(0, y - kAround); py <= std::min(values.size.height - 1, y + kAround);
         ++py)
        for (int px = std::max(0, x - kAround); px <= std::min(values.size.width - 1, x + kAround);
             ++px) {
            if (*hole.pixel<std::uint8_t>(px, py) != 0) continue;
            const float* p = values.pixel<float>(px, py);
            if (!std::all_of(p, p + n, [](float v) { return std::isfinite(v); })) continue;
            const double w = alpha ? std::max(0.0f, p[colors]) : 1.0;
            for (int c = 0; c < n; ++c) {
                weighted[static_cast<std::size_t>(c)] += w * p[c];
                plain[static_cast<std::size_t>(c)] += p[c];
            }
            weight += w;
            ++count;
        }
    if (count == 0) return false;
    for (int c = 0; c < n; ++c) {
        const auto i = static_cast<std::size_t>(c);
        out[c] =
            static_cast<float>(weight > 0 && c < colors ? weighted[i] / weight : plain[i] / count);
    }
    return true;
}

bool beside_hole(ImageView hole, int x, int y) {
    const auto in = [&](int px, int py) {
        return px >= 0 && py >= 0 && px < hole.size.width && py < hole.size.height &&
               *hole.pixel<std::uint8_t>(px, py) != 0;
    };
    return in(x - 1, y) || in(x + 1, y) || in(x, y - 1) || in(x, y + 1);
}

void make_grey(ImageSpan values) {
    const int n = values.format.channels, colors = values.format.color_channels();
    for (int y = 0; y < values.size.height; ++y) {
        float* p = values.row<float>(y);
        for (int i = 0; i < values.size.width * n; ++i)
            p[i] = i % n < colors ? 0.5f : 1.0f;
    }
}

} // namespace

void continue_smoothly(ImageSpan pixels, ImageView hole) {
    if (pixels.empty()) return;
    const Size size = pixels.size;
    const int n = pixels.format.channels;
    Image values = convert(pixels, {n, SampleType::f32});
    Image cells(size, kGray8), surface(size, values.format());
    parallel_for(size.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < size.width; ++x) {
                std::uint8_t& cell = *cells.span().pixel<std::uint8_t>(x, y);
                if (*hole.pixel<std::uint8_t>(x, y) != 0)
                    cell = kWanted;
                else if (beside_hole(hole, x, y) &&
                         mean_outside(values.view(), hole, x, y, surface.span().pixel<float>(x, y)))
                    cell = kGiven;
            }
    });
    float greatest = 0;
    bool given = false;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            if (*cells.view().pixel<std::uint8_t>(x, y) == kGiven) {
                given = true;
                const float* p = surface.view().pixel<float>(x, y);
                for (int c = 0; c < n; ++c)
                    greatest = std::max(greatest, std::abs(p[c]));
            }
    if (given)
        solve_laplace(cells.view(), surface.span(), kTolerance * std::max(greatest, 1e-6f));
    else
        make_grey(surface.span());
    const Image filled = convert(surface.view(), pixels.format);
    const auto bytes = static_cast<std::size_t>(pixels.format.bytes());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            if (*hole.pixel<std::uint8_t>(x, y) != 0)
                std::copy_n(filled.view().row_bytes(y) + static_cast<std::size_t>(x) * bytes, bytes,
                            pixels.row_bytes(y) + static_cast<std::size_t>(x) * bytes);
}

} // namespace mw::image
