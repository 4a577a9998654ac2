#include "graft/drift.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "codec/codec.h"
#include "image/convert.h"

namespace mw::bench {
namespace {

using image::Image;

double between(std::mt19937& random, double low, double high) {
    return low + (high - low) * (static_cast<double>(random()) / 4294967295.0);
}

cv::Mat mat_of(Image& floats) {
    return {floats.height(), floats.width(), CV_32FC3, floats.bytes().data(),
            static_cast<std::size_t>(floats.stride())};
}

std::array<double, 8> lanczos4(double t) {
    std::array<double, 8> w{};
    double sum = 0;
    for (int k = 0; k < 8; ++k) {
        const double x = (k - 3 - t) * std::numbers::pi;
        const double v = std::abs(x) < 1e-9 ? 1 : 4 * std::sin(x) * std::sin(x / 4) / (x * x);
        w[static_cast<std::size_t>(k)] = v;
        sum += v;
    }
    for (double& v : w)
        v /= sum;
    return w;
}

// out(p) = picture at where(p); double weights, so that the peers' truth is exact. OpenCV's own
// warp rounds positions to 1/32 px.
template <class Where>
Image read_at(const Image& picture, Size size, const Where& where) {
    Image out(size, image::kRgbF);
    const int last_x = picture.width() - 1, last_y = picture.height() - 1;
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const PointF q = where(PointF{double(x), double(y)});
            const int ix = static_cast<int>(std::floor(q.x)),
                      iy = static_cast<int>(std::floor(q.y));
            const auto wx = lanczos4(q.x - ix), wy = lanczos4(q.y - iy);
            double sum[3] = {};
            for (int j = 0; j < 8; ++j) {
                const float* row = picture.view().row<float>(std::clamp(iy - 3 + j, 0, last_y));
                double across[3] = {};
                for (int i = 0; i < 8; ++i) {
                    const float* p = row + 3 * std::clamp(ix - 3 + i, 0, last_x);
                    for (int c = 0; c < 3; ++c)
                        across[c] += wx[static_cast<std::size_t>(i)] * p[c];
                }
                for (int c = 0; c < 3; ++c)
                    sum[c] += wy[static_cast<std::size_t>(j)] * across[c];
            }
            for (int c = 0; c < 3; ++c)
                out.span().pixel<float>(x, y)[c] = static_cast<float>(sum[c]);
        }
    }
    return out;
}

PointF centre_of(Size size) {
    return {0.5 * size.width - 0.5, 0.5 * size.height - 0.5};
}

} // namespace

PointF Drift::forward(PointF p, PointF c) const {
    const double a = degrees * std::numbers::pi / 180;
    const double x = p.x - c.x, y = p.y - c.y, cs = scale * std::cos(a), sn = scale * std::sin(a);
    return {c.x + cs * x + sn * y + dx, c.y - sn * x + cs * y + dy};
}

PointF Drift::backward(PointF q, PointF c) const {
    const double a = degrees * std::numbers::pi / 180;
    const double x = q.x - c.x - dx, y = q.y - c.y - dy, cs = std::cos(a) / scale,
                 sn = std::sin(a) / scale;
    return {c.x + cs * x - sn * y, c.y + sn * x + cs * y};
}

Drift only_softer(std::mt19937& random) {
    Drift d;
    d.blur = between(random, 0.2, 0.9);
    d.noise = between(random, 0.5, 2);
    return d;
}

Drift random_drift(std::mt19937& random) {
    Drift d = only_softer(random);
    d.dx = between(random, -6, 6);
    d.dy = between(random, -6, 6);
    d.scale = between(random, 0.985, 1.015);
    d.degrees = between(random, -0.15, 0.15);
    for (std::size_t c = 0; c < 3; ++c) {
        d.gain[c] = between(random, 0.93, 1.07);
        d.gamma[c] = between(random, 0.92, 1.08);
        d.offset[c] = between(random, -7, 7) / 255;
    }
    return d;
}

Image answer_of(image::ImageView wide, int margin, const Drift& drift, std::mt19937& random) {
    const Size size{wide.size.width - 2 * margin, wide.size.height - 2 * margin};
    const PointF c = centre_of(size);
    Image floats = image::convert(wide, image::kRgbF);
    floats = read_at(floats, size, [&](PointF q) {
        const PointF p = drift.moves() ? drift.backward(q, c) : q;
        return PointF{p.x + margin, p.y + margin};
    });
    std::normal_distribution<float> grain(0.0f, static_cast<float>(drift.noise / 255) + 1e-9f);
    cv::Mat m = mat_of(floats);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (std::size_t k = 0; k < 3; ++k) {
                float& v = floats.span().pixel<float>(x, y)[k];
                v = static_cast<float>(
                    drift.gain[k] * std::pow(std::clamp(double(v), 0.0, 1.0), drift.gamma[k]) +
                    drift.offset[k]);
            }
    if (drift.blur > 0) cv::GaussianBlur(m, m, {}, drift.blur);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width * 3; ++x)
            floats.span().row<float>(y)[x] += grain(random);
    const Image eight = image::convert(floats.view(), image::kRgb8);
    const auto bytes = codec::encode(eight.view(), {}, codec::FileFormat::jpeg, {93, true, 4});
    return image::convert(codec::decode(*bytes, "answer")->pixels.view(), image::kRgb8);
}

Image undone(image::ImageView answer, const Drift& drift) {
    Image floats = image::convert(answer, image::kRgbF);
    for (int y = 0; y < answer.size.height; ++y)
        for (int x = 0; x < answer.size.width; ++x)
            for (std::size_t k = 0; k < 3; ++k) {
                float& v = floats.span().pixel<float>(x, y)[k];
                v = static_cast<float>(std::pow(
                    std::max(0.0, (v - drift.offset[k]) / drift.gain[k]), 1 / drift.gamma[k]));
            }
    if (drift.moves())
        floats = read_at(floats, answer.size,
                         [&](PointF p) { return drift.forward(p, centre_of(answer.size)); });
    return image::convert(floats.view(), image::kRgb8);
}

} // namespace mw::bench
