// A smooth surface through given values: Laplace's equation on an area of any shape.
#pragma once

#include <cstdint>

#include "image/image.h"

namespace mw::image {

enum Cell : std::uint8_t {
    kNowhere = 0, // no part in it: beside it the surface ends freely (natural boundary)
    kWanted = 1,  // the surface is wanted here
    kGiven = 2,   // `values` holds it
};

// `cells` is kGray8 of Cell, `values` f32 of 1 to 4 channels and the same size. Where cells is
// kWanted each value becomes the mean of its 4 neighbours that are kWanted or kGiven; others stay.
// A part of the area that touches nothing given becomes 0. Full multigrid (Brandt 1977) with
// corrections of optimal step, until the error left is about `tolerance` (of the values' unit).
// Rows in parallel, the same on any number of threads. Memory: about 27 bytes a pixel while it
// runs.
void solve_laplace(ImageView cells, ImageSpan values, float tolerance);

} // namespace mw::image
