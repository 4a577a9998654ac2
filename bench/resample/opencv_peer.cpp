#include "peers.h"

#ifdef MW_BENCH_OPENCV
#include <opencv2/imgproc.hpp>

namespace mw::bench {

bool opencv_available() {
    return true;
}
void opencv_start() {
    cv::setNumThreads(1);
}

image::Image cv_resize(image::ImageView picture, Size size, CvFilter filter) {
    const int depth = picture.format.type == image::SampleType::u8 ? CV_8U : CV_32F;
    const int kinds[] = {cv::INTER_LANCZOS4, cv::INTER_CUBIC, cv::INTER_AREA, cv::INTER_LINEAR};
    image::Image out(size, picture.format);
    const cv::Mat from(
        picture.size.height, picture.size.width, CV_MAKETYPE(depth, picture.format.channels),
        const_cast<std::byte*>(picture.data), static_cast<std::size_t>(picture.stride));
    cv::Mat to(size.height, size.width, from.type(), out.span().data,
               static_cast<std::size_t>(out.stride()));
    cv::resize(from, to, to.size(), 0, 0, kinds[static_cast<int>(filter)]);
    return out;
}

} // namespace mw::bench
#else
namespace mw::bench {

bool opencv_available() {
    return false;
}
void opencv_start() {}
image::Image cv_resize(image::ImageView picture, Size size, CvFilter) {
    return image::Image(size, picture.format);
}

} // namespace mw::bench
#endif
