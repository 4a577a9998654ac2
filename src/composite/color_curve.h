// The curve of a ColorMatch, ready to be laid over pixels. Private to the room.
#pragma once

#include <array>
#include <vector>

#include "composite/graft.h"

namespace mw::composite {

// Between the 17 points a monotone cubic (Fritsch & Carlson 1980), tabulated at 4 steps a level;
// beyond 0..1 it goes on with the slope of its end, held to 0.8 .. 1.25.
class ColorCurve {
  public:
    explicit ColorCurve(const ColorMatch& match); // the identity unless match.applied

    bool is_identity() const { return table_[0].empty(); }

    // In place, `count` pixels of 1 or 3 interleaved channels, encoded values, 0 .. 1 nominal and
    // not clipped; what is not finite stays. Grey takes the first curve.
    void apply(float* pixels, int count, int channels) const;

    float at(float value, int channel) const;

  private:
    std::array<std::vector<float>, 3> table_; // kSteps + 1 values
    std::array<float, 3> slope_low_{1, 1, 1}, slope_high_{1, 1, 1};
};

} // namespace mw::composite
