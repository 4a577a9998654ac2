// Where a decoder puts its pixels. It asks here before it decodes: caps are checked, then memory is
// given.
#pragma once

#include <functional>

#include "codec/codec.h"

namespace mw::codec {

class Canvas {
  public:
    // Memory for the upright picture, zeroed; nullptr when there is none. Called once at most.
    using Allocate = std::function<std::byte*(std::size_t bytes)>;

    // limits.max_decoded_bytes must be given.
    Canvas(const DecodeLimits& limits, Allocate allocate);

    const DecodeLimits& limits() const { return limits_; }

    // What a header claims, against the limits. Errors read as the rest of a sentence whose subject
    // is the file.
    Status check(std::int64_t width, std::int64_t height, image::PixelFormat format) const;

    // check, then zeroed pixels to decode into, as stored in the file. `orientation` is EXIF's,
    // 1..8.
    Result<image::ImageSpan> create(std::int64_t width, std::int64_t height,
                                    image::PixelFormat format, int orientation = 1);

    // Turns the decoded pixels upright. Call once, after decoding.
    Status finish();

    // The upright picture; empty before create().
    image::ImageSpan picture() const { return picture_; }

  private:
    DecodeLimits limits_;
    Allocate allocate_;
    image::Image unturned_;
    image::ImageSpan picture_;
    int orientation_ = 1;
};

// min(25 % of RAM, 4 GiB).
std::uint64_t default_decode_budget();

// Copies `source` into `target` so that a picture of EXIF orientation 1..8 is upright; from 5 on
// the sides of `target` are swapped.
void turn_upright(image::ImageView source, image::ImageSpan target, int orientation);

} // namespace mw::codec
