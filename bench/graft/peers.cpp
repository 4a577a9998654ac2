#include "graft/peers.h"

#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>
#include <opencv2/video/tracking.hpp>

#include "composite/graft.h"

namespace mw::bench {
namespace {

using image::Image;

cv::Mat mat_of(image::ImageView view) {
    return {view.size.height, view.size.width, CV_MAKETYPE(CV_8U, view.format.channels),
            const_cast<std::byte*>(view.data), static_cast<std::size_t>(view.stride)};
}

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

cv::Mat gray_of(image::ImageView view) {
    cv::Mat gray;
    cv::cvtColor(mat_of(view), gray, cv::COLOR_RGB2GRAY);
    return gray;
}

} // namespace

Image feathered(const Scene& scene, image::ImageView answer) {
    Image out = image::clone(scene.source.view());
    const Image weights = composite::seam_weights(scene.mask, Rect::of(out.size()), {});
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x) {
            const float w = static_cast<float>(weights.view().row<std::uint8_t>(y)[x]) / 255.0f;
            auto* p = out.span().pixel<std::uint8_t>(x, y);
            const auto* q = answer.pixel<std::uint8_t>(x, y);
            for (int c = 0; c < 3; ++c)
                p[c] = static_cast<std::uint8_t>(static_cast<float>(p[c]) +
                                                 w * static_cast<float>(q[c] - p[c]) + 0.5f);
        }
    return out;
}

Image seamless_clone(const Scene& scene) {
    const Rect bounds = scene.mask.bounds();
    const Size size = scene.source.size();
    if (bounds.x < 2 || bounds.y < 2 || bounds.right() > size.width - 2 ||
        bounds.bottom() > size.height - 2)
        return {};
    const Image covered = scene.mask.read(Rect::of(size));
    cv::Mat binary, result;
    cv::threshold(mat_of(covered.view()), binary, 0, 255, cv::THRESH_BINARY);
    const cv::Rect box = cv::boundingRect(binary);
    cv::seamlessClone(mat_of(scene.answer.view()), mat_of(scene.source.view()), binary,
                      {box.x + box.width / 2, box.y + box.height / 2}, result, cv::NORMAL_CLONE);
    Image out(size, image::kRgb8);
    result.copyTo(mat_of(out.view()));
    return out;
}

double error_in_mask(const Scene& scene, image::ImageView result) {
    const Image covered = scene.mask.read(Rect::of(scene.source.size()));
    double sum = 0, count = 0;
    for (int y = 0; y < covered.height(); ++y)
        for (int x = 0; x < covered.width(); ++x) {
            if (!covered.view().row<std::uint8_t>(y)[x]) continue;
            const auto* p = result.pixel<std::uint8_t>(x, y);
            const auto* q = scene.ideal.view().pixel<std::uint8_t>(x, y);
            for (int c = 0; c < 3; ++c)
                sum += double(p[c] - q[c]) * (p[c] - q[c]), ++count;
        }
    return std::sqrt(sum / count);
}

double worst_corner(const Scene& scene, const double (&m)[2][2], double dx, double dy) {
    const Rect b = scene.mask.bounds();
    const PointF c{0.5 * scene.source.width() - 0.5, 0.5 * scene.source.height() - 0.5};
    double worst = 0;
    for (const double x : {double(b.x), double(b.right())})
        for (const double y : {double(b.y), double(b.bottom())}) {
            const PointF truth = scene.drift.forward({x, y}, c);
            const double qx = c.x + m[0][0] * (x - c.x) + m[0][1] * (y - c.y) + dx;
            const double qy = c.y + m[1][0] * (x - c.x) + m[1][1] * (y - c.y) + dy;
            worst = std::max(worst, std::hypot(qx - truth.x, qy - truth.y));
        }
    return worst;
}

Motion ecc_affine(const Scene& scene) {
    const cv::Mat source = gray_of(scene.source.view()), answer = gray_of(scene.answer.view());
    const Image covered = scene.mask.read(Rect::of(scene.source.size()));
    const cv::Mat ring = mat_of(covered.view()) == 0;
    cv::Mat found = cv::Mat::eye(2, 3, CV_32F);
    Motion out;
    const double start = now();
    try {
        cv::findTransformECC(source, answer, found, cv::MOTION_AFFINE,
                             {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 50, 1e-4}, ring, 5);
    } catch (const cv::Exception&) {
        out.seconds = now() - start;
        return out;
    }
    out.seconds = now() - start;
    const PointF c{0.5 * scene.source.width() - 0.5, 0.5 * scene.source.height() - 0.5};
    const double m[2][2] = {{found.at<float>(0, 0), found.at<float>(0, 1)},
                            {found.at<float>(1, 0), found.at<float>(1, 1)}};
    const double dx = m[0][0] * c.x + m[0][1] * c.y + found.at<float>(0, 2) - c.x;
    const double dy = m[1][0] * c.x + m[1][1] * c.y + found.at<float>(1, 2) - c.y;
    out.error = worst_corner(scene, m, dx, dy);
    return out;
}

Motion phase_correlation(const Scene& scene) {
    cv::Mat source, answer, window;
    gray_of(scene.source.view()).convertTo(source, CV_32F);
    gray_of(scene.answer.view()).convertTo(answer, CV_32F);
    cv::createHanningWindow(window, source.size(), CV_32F);
    Motion out;
    const double start = now();
    const cv::Point2d shift = cv::phaseCorrelate(source, answer, window);
    out.seconds = now() - start;
    const double m[2][2] = {{1, 0}, {0, 1}};
    out.error = worst_corner(scene, m, shift.x, shift.y);
    return out;
}

} // namespace mw::bench
