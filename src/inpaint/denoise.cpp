// Non-local means: each pixel becomes a mean of pixels whose neighbourhoods look alike (Buades,
// Coll & Morel 2005). For one offset at a time all patch distances are box sums (Darbon et al.
// 2008), so that the cost does not depend on the patch's size.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/parallel.h"
#include "image/convert.h"
#include "inpaint/adjust.h"
#include "inpaint/coverage.h"

namespace mw::inpaint {
namespace {

constexpr int kPatch = 2;  // radius: 5 x 5
constexpr int kWindow = 7; // radius: 15 x 15
constexpr int kReach = kPatch + kWindow;

// Encoded values of `rows` rows from `top` on with kReach more on each side, ends mirrored, one
// plane per colour channel.
struct Band {
    int width, height, stride;
    std::vector<float> values;
    float* plane(int c) {
        return values.data() + static_cast<std::size_t>(c) * static_cast<std::size_t>(stride) *
                                   static_cast<std::size_t>(height);
    }
};

int mirrored(int i, int n) {
    if (n == 1) return 0;
    const int period = 2 * (n - 1);
    i = ((i % period) + period) % period;
    return i < n ? i : period - i;
}

Band band_of(image::ImageView encoded, int top, int rows) {
    const int colors = encoded.format.color_channels(), n = encoded.format.channels;
    Band band{
        encoded.size.width + 2 * kReach, rows + 2 * kReach, encoded.size.width + 2 * kReach, {}};
    band.values.resize(static_cast<std::size_t>(colors) * static_cast<std::size_t>(band.stride) *
                       static_cast<std::size_t>(band.height));
    for (int c = 0; c < colors; ++c)
        for (int y = 0; y < band.height; ++y) {
            const float* from = encoded.row<float>(mirrored(top + y - kReach, encoded.size.height));
            float* to = band.plane(c) + static_cast<std::ptrdiff_t>(y) * band.stride;
            for (int x = 0; x < band.width; ++x)
                to[x] = from[mirrored(x - kReach, encoded.size.width) * n + c];
        }
    return band;
}

// The rows [top, top + rows) of `to`, whose alpha is there already.
void denoise_rows(image::ImageView encoded, image::ImageSpan to, int top, int rows,
                  const std::array<float, 3>& sigma, float strength) {
    const int colors = encoded.format.color_channels(), n = encoded.format.channels;
    const int width = encoded.size.width;
    Band band = band_of(encoded, top, rows);
    const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(rows);
    std::vector<float> sums(count * static_cast<std::size_t>(colors)), weights(count), most(count);
    // Squared differences of the offset, summed along rows, then along columns.
    const int wide = width + 2 * kPatch, high = rows + 2 * kPatch;
    std::vector<float> squares(static_cast<std::size_t>(wide)),
        across(static_cast<std::size_t>(width) * static_cast<std::size_t>(high)),
        column(static_cast<std::size_t>(width));
    constexpr float kSide = 2 * kPatch + 1;
    std::array<float, 3> scale{};
    for (int c = 0; c < colors; ++c)
        scale[static_cast<std::size_t>(c)] =
            1 / (kSide * kSide * static_cast<float>(colors) * sigma[static_cast<std::size_t>(c)] *
                 sigma[static_cast<std::size_t>(c)]);
    // Two noisy patches of the same differ by 2 sigma^2 each: that much is no difference.
    const float filter = 1 / (0.16f * std::max(strength * strength, 1e-6f));
    for (int dy = -kWindow; dy <= kWindow; ++dy)
        for (int dx = -kWindow; dx <= kWindow; ++dx) {
            if (dx == 0 && dy == 0) continue;
            for (int y = 0; y < high; ++y) {
                std::fill(squares.begin(), squares.end(), 0.0f);
                for (int c = 0; c < colors; ++c) {
                    const float* a = band.plane(c) +
                                     static_cast<std::ptrdiff_t>(y + kWindow) * band.stride +
                                     kWindow;
                    const float* b = a + static_cast<std::ptrdiff_t>(dy) * band.stride + dx;
                    const float s = scale[static_cast<std::size_t>(c)];
                    for (int x = 0; x < wide; ++x)
                        squares[static_cast<std::size_t>(x)] += s * (a[x] - b[x]) * (a[x] - b[x]);
                }
                float* out = across.data() + static_cast<std::ptrdiff_t>(y) * width;
                for (int x = 0; x < width; ++x) {
                    const float* q = squares.data() + x;
                    out[x] = q[0] + q[1] + q[2] + q[3] + q[4];
                }
            }
            for (int y = 0; y < rows; ++y) {
                std::fill(column.begin(), column.end(), 0.0f);
                for (int k = 0; k <= 2 * kPatch; ++k) {
                    const float* q = across.data() + static_cast<std::ptrdiff_t>(y + k) * width;
                    for (int x = 0; x < width; ++x)
                        column[static_cast<std::size_t>(x)] += q[x];
                }
                const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
                for (int x = 0; x < width; ++x) {
                    const float apart = std::max(column[static_cast<std::size_t>(x)] - 2.0f, 0.0f);
                    const float w = apart * filter < 20 ? std::exp(-apart * filter) : 0.0f;
                    column[static_cast<std::size_t>(x)] = w;
                    weights[at + static_cast<std::size_t>(x)] += w;
                    most[at + static_cast<std::size_t>(x)] =
                        std::max(most[at + static_cast<std::size_t>(x)], w);
                }
                for (int c = 0; c < colors; ++c) {
                    const float* b = band.plane(c) +
                                     static_cast<std::ptrdiff_t>(y + kReach + dy) * band.stride +
                                     kReach + dx;
                    float* sum = sums.data() + static_cast<std::size_t>(c) * count + at;
                    for (int x = 0; x < width; ++x)
                        sum[x] += column[static_cast<std::size_t>(x)] * b[x];
                }
            }
        }
    for (int y = 0; y < rows; ++y) {
        float* row = to.row<float>(top + y);
        const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < colors; ++c) {
                const std::size_t i = at + static_cast<std::size_t>(x);
                // The pixel itself counts as its best companion does.
                const float own = std::max(most[i], 1e-3f);
                const float v =
                    *(band.plane(c) + static_cast<std::ptrdiff_t>(y + kReach) * band.stride +
                      kReach + x);
                row[x * n + c] =
                    (sums[static_cast<std::size_t>(c) * count + i] + own * v) / (weights[i] + own);
            }
    }
}

// Immerkaer's mask sees noise, but texture as well: of the blocks' means the tenth from below.
float sigma_of(image::ImageView encoded, int c, image::ImageView coverage = {}) {
    const int n = encoded.format.channels, width = encoded.size.width, height = encoded.size.height;
    constexpr int kBlock = 16;
    std::vector<float> found;
    for (int top = 1; top + kBlock < height; top += kBlock)
        for (int left = 1; left + kBlock < width; left += kBlock) {
            if (!coverage.size.empty() &&
                !coverage_bounds(coverage.sub({left - 1, top - 1, kBlock + 2, kBlock + 2})).empty())
                continue;
            double sum = 0;
            bool clipped = false;
            for (int y = top; y < top + kBlock; ++y) {
                const float *above = encoded.row<float>(y - 1), *here = encoded.row<float>(y),
                            *below = encoded.row<float>(y + 1);
                for (int x = left; x < left + kBlock; ++x) {
                    const int i = x * n + c;
                    clipped = clipped || here[i] <= 0 || here[i] >= 1;
                    sum += std::abs(above[i - n] - 2 * above[i] + above[i + n] - 2 * here[i - n] +
                                    4 * here[i] - 2 * here[i + n] + below[i - n] - 2 * below[i] +
                                    below[i + n]);
                }
            }
            if (!clipped && std::isfinite(sum))
                found.push_back(static_cast<float>(sum * std::sqrt(std::numbers::pi / 2) /
                                                   (6.0 * kBlock * kBlock)));
        }
    if (found.empty()) return 0;
    const auto tenth = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 10);
    std::nth_element(found.begin(), tenth, found.end());
    return *tenth;
}

} // namespace

double noise_sigma(image::ImageView picture, image::ImageView coverage) {
    const image::Image encoded =
        image::convert(picture, {picture.format.channels, image::SampleType::f32});
    double most = 0;
    for (int c = 0; c < picture.format.color_channels(); ++c)
        most = std::max(most, static_cast<double>(sigma_of(encoded.view(), c, coverage)));
    return most;
}

image::Image denoise(image::ImageView picture, double strength, std::stop_token stop) {
    const image::PixelFormat format{picture.format.channels, image::SampleType::f32};
    const image::Image encoded = image::convert(picture, format);
    std::array<float, 3> sigma{};
    for (int c = 0; c < picture.format.color_channels(); ++c)
        sigma[static_cast<std::size_t>(c)] = std::max(sigma_of(encoded.view(), c), 0.002f);
    image::Image out = image::clone(encoded.view());
    constexpr int kRows = 16;
    const int bands = (picture.size.height + kRows - 1) / kRows;
    std::atomic<bool> whole{true};
    parallel_for(bands, 1, [&](int begin, int end) {
        for (int b = begin; b < end; ++b) {
            if (stop.stop_requested()) {
                whole = false;
                return;
            }
            denoise_rows(encoded.view(), out.span(), b * kRows,
                         std::min(kRows, picture.size.height - b * kRows), sigma,
                         static_cast<float>(strength));
        }
    });
    if (!whole) return {};
    return image::convert(out.view(), picture.format);
}

} // namespace mw::inpaint
