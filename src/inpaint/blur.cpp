// What looks at the neighbours: blurs, cells, sharpening.
#include <algorithm>
#include <cmath>
#include <vector>

#include "image/resample.h"
#include "inpaint/adjust.h"
#include "inpaint/pixel_work.h"

namespace mw::inpaint {
namespace {

// Sums of a row's prefixes: what a run of pixels amounts to at one subtraction. In double, since a
// row of large values and one of small ones share it.
class RowSums {
  public:
    RowSums(int width, int channels)
        : width_(width),
          channels_(channels),
          sums_(static_cast<std::size_t>((width + 1) * channels)) {}
    void read(const float* row) {
        for (int i = 0; i < width_ * channels_; ++i)
            sums_[static_cast<std::size_t>(i + channels_)] =
                sums_[static_cast<std::size_t>(i)] + static_cast<double>(row[i]);
        first_ = row;
    }
    // Of the pixels from `begin` up to `end`, both real, ends of the row repeated.
    double between(double begin, double end, int c) const { return to(end, c) - to(begin, c); }

  private:
    double to(double x, int c) const {
        const double inside = std::clamp(x, 0.0, static_cast<double>(width_));
        const int whole = std::min(static_cast<int>(inside), width_ - 1);
        double sum = sums_[static_cast<std::size_t>(whole * channels_ + c)] +
                     (inside - whole) * static_cast<double>(first_[whole * channels_ + c]);
        if (x < 0) sum += x * static_cast<double>(first_[c]);
        if (x > width_)
            sum += (x - width_) * static_cast<double>(first_[(width_ - 1) * channels_ + c]);
        return sum;
    }
    int width_, channels_;
    std::vector<double> sums_;
    const float* first_ = nullptr;
};

} // namespace

image::Image blur(image::ImageView picture, double sigma_px, std::stop_token stop) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    // Wide blurs are done on a smaller picture: what shrinking loses, the blur would lose anyway.
    int shrink = 1;
    while (sigma_px / shrink > 12 && picture.size.width / shrink > 8 &&
           picture.size.height / shrink > 8)
        shrink *= 2;
    const Size full = picture.size;
    if (shrink > 1)
        linear = image::resample(
            linear.view(),
            {(full.width + shrink - 1) / shrink, (full.height + shrink - 1) / shrink},
            image::Filter::area);
    if (stop.stop_requested()) return {};
    multiply_alpha(linear, false);
    // A box of `shrink` has blurred already, by the variance (n^2 - 1) / 12.
    const double wanted = sigma_px * sigma_px, had = (shrink * shrink - 1) / 12.0;
    if (!blur_plane(linear, std::sqrt(wanted - had) / shrink, stop)) return {};
    multiply_alpha(linear, true);
    if (shrink > 1) linear = image::resample(linear.view(), full, image::Filter::lanczos);
    return encoded_as(std::move(linear), picture, stop);
}

image::Image pixelate(image::ImageView picture, int side_px, std::stop_token stop) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    multiply_alpha(linear, false);
    const int side = std::clamp(side_px, 2, std::max(2, picture.size.longer_side()));
    const int channels = picture.format.channels;
    const int cells = (picture.size.height + side - 1) / side;
    const bool whole = for_rows(cells, stop, [&](int row) {
        const int top = row * side, bottom = std::min(top + side, picture.size.height);
        for (int left = 0; left < picture.size.width; left += side) {
            const int right = std::min(left + side, picture.size.width);
            double sum[4] = {};
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    for (int c = 0; c < channels; ++c)
                        sum[c] += linear.view().pixel<float>(x, y)[c];
            const double count = double(right - left) * (bottom - top);
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x)
                    for (int c = 0; c < channels; ++c)
                        linear.span().pixel<float>(x, y)[c] = static_cast<float>(sum[c] / count);
        }
    });
    if (!whole) return {};
    multiply_alpha(linear, true);
    return encoded_as(std::move(linear), picture, stop);
}

image::Image lens_blur(image::ImageView picture, double radius_px, std::stop_token stop) {
    image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    multiply_alpha(linear, false);
    const int width = linear.width(), height = linear.height(), n = linear.format().channels;
    // A row of the disc is a run of real length: its ends are antialiased by what they cover.
    const double radius = std::clamp(radius_px, 0.1, 1000.0);
    const int reach = static_cast<int>(std::ceil(radius));
    std::vector<double> half(static_cast<std::size_t>(2 * reach + 1));
    double area = 0;
    for (int dy = -reach; dy <= reach; ++dy) {
        // The mean of the chord over the height of the row.
        constexpr int kSlices = 8;
        double chord = 0;
        for (int i = 0; i < kSlices; ++i) {
            const double y = dy + (i + 0.5) / kSlices - 0.5;
            chord += std::sqrt(std::max(radius * radius - y * y, 0.0)) / kSlices;
        }
        half[static_cast<std::size_t>(dy + reach)] = chord;
        area += 2 * chord;
    }
    std::vector<RowSums> rows;
    rows.reserve(static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        if (stop.stop_requested()) return {};
        rows.emplace_back(width, n).read(linear.view().row<float>(y));
    }
    image::Image out(linear.size(), linear.format());
    const bool whole = for_rows(height, stop, [&](int y) {
        float* to = out.span().row<float>(y);
        std::vector<double> sum(static_cast<std::size_t>(width * n));
        for (int dy = -reach; dy <= reach; ++dy) {
            const RowSums& row = rows[static_cast<std::size_t>(std::clamp(y + dy, 0, height - 1))];
            const double chord = half[static_cast<std::size_t>(dy + reach)];
            for (int x = 0; x < width; ++x)
                for (int c = 0; c < n; ++c)
                    sum[static_cast<std::size_t>(x * n + c)] +=
                        row.between(x + 0.5 - chord, x + 0.5 + chord, c);
        }
        for (int i = 0; i < width * n; ++i)
            to[i] = static_cast<float>(sum[static_cast<std::size_t>(i)] / area);
    });
    if (!whole) return {};
    multiply_alpha(out, true);
    return encoded_as(std::move(out), picture, stop);
}

image::Image sharpen(image::ImageView picture, double amount, double sigma_px,
                     std::stop_token stop) {
    const image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const int width = linear.width(), height = linear.height(), n = linear.format().channels;
    const bool grey = picture.format.color_channels() == 1;
    image::Image lightness(linear.size(), image::PixelFormat{1, image::SampleType::f32});
    for_rows(height, stop, [&](int y) {
        const float* v = linear.view().row<float>(y);
        float* l = lightness.span().row<float>(y);
        for (int x = 0; x < width; ++x, v += n)
            l[x] = image::linear_to_oklab(color_of(v, grey))[0];
    });
    image::Image soft = image::clone(lightness.view());
    if (!blur_plane(soft, std::max(sigma_px, 0.2), stop)) return {};
    const auto gain = static_cast<float>(std::clamp(amount, 0.0, 5.0));
    return each_pixel_at(picture, stop, [&](int x, int y, image::Float3 c) {
        float low = HUGE_VALF, high = -HUGE_VALF;
        for (int v = std::max(y - 1, 0); v <= std::min(y + 1, height - 1); ++v)
            for (int u = std::max(x - 1, 0); u <= std::min(x + 1, width - 1); ++u) {
                const float l = lightness.view().row<float>(v)[u];
                low = std::min(low, l);
                high = std::max(high, l);
            }
        const image::Float3 lab = image::linear_to_oklab(c);
        if (!(lab[0] > 0) || !(high >= low)) return c;
        const float room = 0.25f * (high - low);
        const float wanted = lab[0] + gain * (lab[0] - soft.view().row<float>(y)[x]);
        const float l = std::clamp(wanted, low - room, high + room);
        const float ratio = std::clamp(l / lab[0], 0.0f, 2.0f);
        return fit_gamut({l, lab[1] * ratio, lab[2] * ratio});
    });
}

} // namespace mw::inpaint
