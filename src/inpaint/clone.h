// The picture of elsewhere, with the colours that are here.
#pragma once

#include <stop_token>

#include "image/image.h"

namespace mw::inpaint {

// What `beside` shows where `coverage` (kGray8) is not 0, with the colours carried over that it
// lacks to meet `picture` round it: Poisson editing with the gradients of `beside` (Perez, Gangnet
// & Blake 2003), solved as a harmonic correction from means along the edge, so that noise there
// draws no streaks. All of one size, picture and beside of one format, any but alpha's; the rest
// as in `picture`. An empty image when stop was requested.
image::Image heal(image::ImageView picture, image::ImageView beside, image::ImageView coverage,
                  std::stop_token stop = {});

} // namespace mw::inpaint
