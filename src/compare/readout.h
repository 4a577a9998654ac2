// Single pixels of two pictures, in figures.
#pragma once

#include <array>
#include <vector>

#include "compare/stats.h"

namespace mw::compare {

// One pixel of one picture. Values that are not finite stay what they are in `source`.
struct PixelValue {
    int channels = 0;
    std::array<double, 4> source{};  // as stored: 0..255, 0..65535, or float units
    std::array<double, 4> display{}; // encoded sRGB as shown, 0..255; grey is three equal
                                     // channels; alpha, 255 where there is none, last
};
PixelValue pixel_value(image::ImageView picture, Point at, const image::DisplayTransform& view);

struct PixelReadout {
    Point at; // in A
    PixelValue a, b;
    std::array<double, 4> delta{}; // B less A of `display`
    double delta_e = 0;            // CIEDE2000
};
// Of A at `at` and the pixel of B that lies there; invalid_argument outside of either.
Result<PixelReadout> readout(image::ImageView a, image::ImageView b, Point at,
                             const Views& views = {}, Point nudge = {});

// Along the straight line from one pixel to another, ends included, one pixel a step of the longer
// side. `from` and `to` are clamped into the picture. Errors: invalid_argument when sizes differ.
struct LineProfile {
    std::vector<PixelReadout> samples;
    double length_px = 0; // between the two pixels' centres
};
Result<LineProfile> line_profile(image::ImageView a, image::ImageView b, Point from, Point to,
                                 const Views& views = {});

} // namespace mw::compare
