// The shapes of `mask` that look at the picture. Private to the room.
#pragma once

#include <optional>

#include "cli/args.h"
#include "codec/codec.h"
#include "mask/mask.h"

namespace mw::cli {

// The picture as the selections see it: encoded sRGB, made when first asked for.
class SeenPicture {
  public:
    // `picture` must outlive it.
    explicit SeenPicture(const codec::Picture& picture) : picture_(&picture) {}
    image::ImageView view();

  private:
    const codec::Picture* picture_;
    image::Image shown_;
};

inline constexpr OptionSpec kSelectOptions[] = {
    {"--wand", "", 1, "X,Y,TOL", "what is connected and within TOL (CIEDE2000) of a pixel", true},
    {"--color-range", "", 1, "X,Y,TOL", "that colour everywhere, half covered at TOL", true},
    {"--lum-range", "", 1, "LOW,HIGH", "lightness L* from LOW to HIGH, 0 .. 100", true},
    {"--smart", "", 1, "X,Y,W,H", "the object in this box", true},
    {"--iopaint", "", kMany, "X,Y[,0]",
     "the thing at X,Y as IOPaint finds it; X,Y,0 is not part of it", true},
    {"--from-alpha", "", 0, "", "the picture's own alpha", true},
};

// The coverage an option of kSelectOptions names; nothing when it is none of them. Errors:
// invalid_argument, naming the option.
std::optional<Result<mask::Mask>> selected(const ParsedOption& option, SeenPicture& picture);

} // namespace mw::cli
