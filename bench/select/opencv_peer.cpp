#include "peers.h"

#ifdef MW_BENCH_OPENCV
#include <opencv2/imgproc.hpp>
#include <opencv2/imgproc/segmentation.hpp>

namespace mw::bench {
namespace {

cv::Mat as_mat(image::ImageView v) {
    return {v.size.height, v.size.width, CV_8UC(v.format.channels), const_cast<std::byte*>(v.data),
            static_cast<std::size_t>(v.stride)};
}

} // namespace

struct CvFlood::State {
    cv::Mat picture, mask;
};
CvFlood::CvFlood(image::ImageView picture) : state_(std::make_unique<State>()) {
    state_->picture = as_mat(picture);
    state_->mask = cv::Mat::zeros(picture.size.height + 2, picture.size.width + 2, CV_8UC1);
}
CvFlood::~CvFlood() = default;
void CvFlood::clear() {
    state_->mask.setTo(0);
}
std::int64_t CvFlood::run(Point seed, int tolerance) {
    const auto t = cv::Scalar::all(tolerance);
    return cv::floodFill(state_->picture, state_->mask, {seed.x, seed.y}, cv::Scalar(), nullptr, t,
                         t, 4 | (255 << 8) | cv::FLOODFILL_FIXED_RANGE | cv::FLOODFILL_MASK_ONLY);
}

struct CvScissors::State {
    cv::Mat picture;
    cv::segmentation::IntelligentScissorsMB tool;
};
CvScissors::CvScissors(image::ImageView rgb) : state_(std::make_unique<State>()) {
    state_->picture = as_mat(rgb);
    state_->tool.setEdgeFeatureCannyParameters(32, 100).setGradientMagnitudeMaxLimit(200);
}
CvScissors::~CvScissors() = default;
void CvScissors::apply() {
    state_->tool.applyImage(state_->picture);
}
void CvScissors::build(Point anchor) {
    state_->tool.buildMap({anchor.x, anchor.y});
}

bool opencv_available() {
    return true;
}
void opencv_start() {
    cv::setNumThreads(1);
}

image::Image cv_grabcut(image::ImageView rgb, const Rect& box) {
    cv::setRNGSeed(1);
    cv::Mat labels, background, object;
    cv::grabCut(as_mat(rgb), labels, {box.x, box.y, box.width, box.height}, background, object, 5,
                cv::GC_INIT_WITH_RECT);
    image::Image out(rgb.size, image::kGray8);
    for (int y = 0; y < rgb.size.height; ++y)
        for (int x = 0; x < rgb.size.width; ++x)
            *out.span().pixel<std::uint8_t>(x, y) = labels.at<std::uint8_t>(y, x) & 1 ? 255 : 0;
    return out;
}

} // namespace mw::bench
#else
namespace mw::bench {

struct CvFlood::State {};
CvFlood::CvFlood(image::ImageView) {}
CvFlood::~CvFlood() = default;
void CvFlood::clear() {}
std::int64_t CvFlood::run(Point, int) {
    return 0;
}
struct CvScissors::State {};
CvScissors::CvScissors(image::ImageView) {}
CvScissors::~CvScissors() = default;
void CvScissors::apply() {}
void CvScissors::build(Point) {}
bool opencv_available() {
    return false;
}
void opencv_start() {}
image::Image cv_grabcut(image::ImageView rgb, const Rect&) {
    return image::Image(rgb.size, image::kGray8);
}

} // namespace mw::bench
#endif
