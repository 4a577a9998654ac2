// The peers, where their packages are installed; otherwise each says that it is absent.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "image/image.h"
#include "mask/brush.h"

namespace mw::bench {

// libmypaint's dabs on its own tiles, 2 per radius, onto a surface that has been painted before.
class MypaintSurface {
  public:
    explicit MypaintSurface(Size size);
    ~MypaintSurface();
    static bool available();
    void stroke(const mask::Brush& brush, const std::vector<mask::StrokeSample>& samples);
    // Seconds of each sample, each made visible on its own.
    void time_samples(const mask::Brush& brush, const std::vector<mask::StrokeSample>& samples,
                      std::vector<double>& seconds);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// OpenCV, one thread. Coverage is kGray8.
struct OpenCv {
    static bool available();
    static void start(); // one thread
    // Precise distance of what is above 0 to what is not.
    static void distance(image::ImageView coverage, image::Image& to);
    static void grow_by_distance(image::ImageView coverage, double radius, image::Image& to);
    static void gaussian(image::ImageView coverage, double sigma, image::Image& to);
    static void blur_three_times(image::ImageView coverage, double sigma, image::Image& to);
};

// The file libpng makes at level 1 with the strategy for runs; its rows filtered as it does by
// default, or not.
bool libpng_available();
std::vector<std::uint8_t> libpng_rle(image::ImageView coverage, bool filtered);

} // namespace mw::bench
