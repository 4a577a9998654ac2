// Which pixels a person would call different: a threshold on the difference in YIQ, as the
// screenshot comparers pixelmatch and odiff define it, with the test for antialiased edges.
#pragma once

#include "compare/stats.h"

namespace mw::compare {

// Kotsarenko, Ramos: "Measuring perceived color difference using YIQ NTSC transmission color space
// in mobile applications" (2010). The difference is 0 .. 1, its square root scale such that 1 is
// the largest there is; transparent pixels are laid over white.
// Vysniauskas: "Anti-aliased Pixel and Intensity Slope Detector" (2009).
struct ThresholdParams {
    double threshold = 0.1;     // 0 .. 1
    bool antialias_test = true; // differing pixels that look like a moved antialiased edge pass
};

enum class Verdict : std::uint8_t { alike, differs, antialiased };

struct VerdictCount {
    std::int64_t differing = 0, antialiased = 0; // pixels
};
struct ThresholdPicture : VerdictCount {
    // kRgb8: what differs red, what is antialiased yellow, the rest A in faint grey.
    image::Image picture;
};
// Errors: invalid_argument when sizes differ; too_large.
Result<ThresholdPicture> threshold_picture(image::ImageView a, image::ImageView b,
                                           const ThresholdParams& params = {},
                                           const Views& views = {});

// The same into pixels that exist, kRgb8 of the pictures' size.
Result<VerdictCount> threshold_picture_into(image::ImageView a, image::ImageView b,
                                            const ThresholdParams& params, const Views& views,
                                            image::ImageSpan out);

// One tile's verdicts as kGray8 (values of Verdict), and how many. For the room.
VerdictCount fill_threshold(image::ImageView a, image::ImageView b, const ThresholdParams& params,
                            const Rect& tile, image::ImageSpan out);
inline constexpr int kThresholdHalo = 2; // how far around a pixel it looks

} // namespace mw::compare
