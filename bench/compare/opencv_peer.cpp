#include "peers.h"

#if defined(MW_BENCH_OPENCV)
#include <opencv2/core.hpp>
#endif
#if defined(MW_BENCH_OPENCV_QUALITY)
#include <opencv2/quality/qualityssim.hpp>
#endif

namespace mw::bench {
#if defined(MW_BENCH_OPENCV)
namespace {

cv::Mat mat(image::ImageView v) {
    return {v.size.height, v.size.width, CV_8UC(v.format.channels), const_cast<std::byte*>(v.data),
            static_cast<std::size_t>(v.stride)};
}

} // namespace

bool opencv_available() {
    return true;
}
void opencv_start() {
    cv::setNumThreads(1);
}
double cv_psnr(image::ImageView a, image::ImageView b) {
    return cv::PSNR(mat(a), mat(b));
}
#else
bool opencv_available() {
    return false;
}
void opencv_start() {}
double cv_psnr(image::ImageView, image::ImageView) {
    return 0;
}
#endif

#if defined(MW_BENCH_OPENCV_QUALITY)
bool opencv_quality_available() {
    return true;
}
double cv_ssim_map(image::ImageView a, image::ImageView b) {
    cv::Mat map;
    return cv::quality::QualitySSIM::compute(mat(a), mat(b), map)[0];
}
#else
bool opencv_quality_available() {
    return false;
}
double cv_ssim_map(image::ImageView, image::ImageView) {
    return 0;
}
#endif

} // namespace mw::bench
