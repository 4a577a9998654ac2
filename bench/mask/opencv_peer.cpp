#include "peers.h"

#ifdef MW_BENCH_OPENCV
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace mw::bench {
namespace {

// No copies: both own their rows one after another.
cv::Mat as_mat(image::ImageView v) {
    return {v.size.height, v.size.width, v.format == image::kGrayF ? CV_32FC1 : CV_8UC1,
            const_cast<std::byte*>(v.row_bytes(0)), static_cast<std::size_t>(v.stride)};
}
cv::Mat as_mat(image::Image& v) {
    return as_mat(v.view());
}

} // namespace

bool OpenCv::available() {
    return true;
}
void OpenCv::start() {
    cv::setNumThreads(1);
}

void OpenCv::distance(image::ImageView coverage, image::Image& to) {
    cv::Mat out = as_mat(to);
    cv::distanceTransform(as_mat(coverage), out, cv::DIST_L2, cv::DIST_MASK_PRECISE);
}

void OpenCv::grow_by_distance(image::ImageView coverage, double radius, image::Image& to) {
    static cv::Mat outside, distance;
    cv::bitwise_not(as_mat(coverage), outside); // 0 where covered
    cv::distanceTransform(outside, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    cv::Mat out = as_mat(to);
    cv::compare(distance, radius, out, cv::CMP_LE);
}

void OpenCv::gaussian(image::ImageView coverage, double sigma, image::Image& to) {
    cv::Mat out = as_mat(to);
    cv::GaussianBlur(as_mat(coverage), out, {0, 0}, sigma, sigma, cv::BORDER_CONSTANT);
}

void OpenCv::blur_three_times(image::ImageView coverage, double sigma, image::Image& to) {
    const int side = 2 * static_cast<int>(std::lround(std::sqrt(4 * sigma * sigma + 1) / 2)) + 1;
    cv::Mat out = as_mat(to);
    cv::blur(as_mat(coverage), out, {side, side}, {-1, -1}, cv::BORDER_CONSTANT);
    static cv::Mat second;
    cv::blur(out, second, {side, side}, {-1, -1}, cv::BORDER_CONSTANT);
    cv::blur(second, out, {side, side}, {-1, -1}, cv::BORDER_CONSTANT);
}

} // namespace mw::bench
#else
namespace mw::bench {

bool OpenCv::available() {
    return false;
}
void OpenCv::start() {}
void OpenCv::distance(image::ImageView, image::Image&) {}
void OpenCv::grow_by_distance(image::ImageView, double, image::Image&) {}
void OpenCv::gaussian(image::ImageView, double, image::Image&) {}
void OpenCv::blur_three_times(image::ImageView, double, image::Image&) {}

} // namespace mw::bench
#endif
