// Two pictures' own numbers, in one format, counted. Private to the room.
#pragma once

#include <string>

#include "compare/regions.h"
#include "image/image.h"

namespace mw::compare {

struct SampleCount {
    std::int64_t changed = 0, not_finite_a = 0, not_finite_b = 0;
    double max_abs = 0;
    double squares = 0;        // of differences of colour samples
    std::int64_t left_out = 0; // pixels with a sample that is not finite

    void add(const SampleCount& c) {
        changed += c.changed;
        not_finite_a += c.not_finite_a;
        not_finite_b += c.not_finite_b;
        max_abs = max_abs > c.max_abs ? max_abs : c.max_abs;
        squares += c.squares;
        left_out += c.left_out;
    }
};
using TileCount = std::array<SampleCount, kRegions>;

// `count` samples of a row, those of whole pixels of `channels`.
SampleCount count_samples(const std::uint8_t* a, const std::uint8_t* b, int count, int channels);
SampleCount count_samples(const std::uint16_t* a, const std::uint16_t* b, int count, int channels);
SampleCount count_samples(const float* a, const float* b, int count, int channels);

// The deeper of the two types, the wider of the two channel counts.
class Alike {
  public:
    Alike(image::ImageView a, image::ImageView b);
    image::PixelFormat format() const { return format_; }
    std::string note() const;
    TileCount count(const Rect& tile, const TileRegions& regions) const;
    double full_range() const;

  private:
    image::ImageView a_, b_;
    image::PixelFormat format_;
};

} // namespace mw::compare
