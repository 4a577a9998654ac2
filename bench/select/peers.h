// OpenCV, one thread, where its package is installed.
#pragma once

#include <cstdint>
#include <memory>

#include "image/image.h"

namespace mw::bench {

class CvFlood {
  public:
    explicit CvFlood(image::ImageView picture);
    ~CvFlood();
    void clear();                                // not to be timed
    std::int64_t run(Point seed, int tolerance); // pixels filled
  private:
    struct State;
    std::unique_ptr<State> state_;
};

class CvScissors {
  public:
    explicit CvScissors(image::ImageView rgb);
    ~CvScissors();
    void apply();             // the picture's features
    void build(Point anchor); // the map of the whole picture
  private:
    struct State;
    std::unique_ptr<State> state_;
};

bool opencv_available();
void opencv_start(); // one thread
// Five iterations from a box; the labels as 0 / 255.
image::Image cv_grabcut(image::ImageView rgb, const Rect& box);

} // namespace mw::bench
