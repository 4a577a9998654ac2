// A colour table of three inputs and three outputs. Private to the room.
#pragma once

#include <span>

#include "image/color.h"

namespace mw::image {

// Tetrahedral interpolation; the input is clipped to 0..1, NaN is taken for 0.
class ColorGrid {
  public:
    // side^3 triples, the last channel fastest, outliving this.
    ColorGrid(std::span<const float> nodes, int side) : nodes_(nodes), side_(side) {}

    Float3 at(const Float3& in) const;
    // The input within 0..1 that gives `out`, or the nearest found from `guess` on by Newton's
    // method, whose steps are exact within a tetrahedron.
    Float3 inverse(const Float3& out, const Float3& guess) const;

  private:
    struct Slopes; // of the outputs by each input
    Float3 at(const Float3& in, Slopes* slopes) const;

    std::span<const float> nodes_;
    int side_;
};

} // namespace mw::image
