// "Is this pixel within the tolerance of that colour?", 128 pixels at a time. Private to the room.
#pragma once

#include <memory>

#include "select/bits.h"
#include "select/pixels.h"
#include "select/wand.h"

namespace mw::select {

class ColorTest {
  public:
    // `picture` must outlive the test. The reference is rounded to the picture's own levels (u8,
    // u16). Contracts of the measures: wand.h.
    ColorTest(image::ImageView picture, const Rgba& reference, ColorMeasure measure,
              double tolerance);
    ~ColorTest();
    ColorTest(ColorTest&&) noexcept;

    // Bits of the pixels of `r`, a rectangle within the picture of at most a tile's height, for one
    // tile after another of its width; 0 beyond it. Safe from several threads.
    void bits(const Rect& r, BitTile* const* out) const;

    // In the tolerance's own unit; infinite where a sample is NaN.
    double distance(int x, int y) const;

  private:
    struct Memo;
    bool matches(int x, int y) const;
    std::uint8_t memo_of(std::uint32_t rgb) const;
    bool delta_e_within(const Rgba& p) const;
    double delta_e(const Rgba& p) const;
    double alpha_distance(float alpha) const;

    image::ImageView picture_;
    Rgba reference_;
    std::array<float, 3> lab_{};
    ColorMeasure measure_;
    double tolerance_;
    bool any_color_; // the reference is transparent: only alpha counts
    // Per channel of the picture, the samples within the tolerance, for u8.
    std::array<std::uint8_t, 4> low_{}, range_{};
    bool none_ = false; // no u8 sample is
    std::unique_ptr<Memo> memo_;
};

} // namespace mw::select
