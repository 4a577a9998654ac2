// One curve of a colour space as a table, both ways. Private to the room.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mw::image {

// Continued odd about its first value below 0 and straight on above 1, so that nothing is clipped
// and a steep or flat end does not throw what lies just beyond it far away. NaN is taken for 0.
class ColorCurve {
  public:
    // `table` as in ColorSpace::curve and outliving this; empty: the identity.
    explicit ColorCurve(std::span<const float> table = {});

    // Encoded to linear, by linear interpolation.
    float at(float encoded) const;
    // The inverse, exact but for rounding. Where the curve stands still, a value between: its first
    // value gives 0, its last 1, any other the far end of the level.
    float inverse(float linear) const;

  private:
    float inverse_above_first(float linear) const;

    std::span<const float> table_;
    float last_ = 0;      // index of the last entry
    float end_slope_ = 1; // beyond 1
    // Where to look for a value: cells_[k] is the cell of the value k / kHints, counted in squares
    // from the first to the last.
    std::vector<std::uint32_t> cells_;
};

} // namespace mw::image
