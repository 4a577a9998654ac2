// A window of a picture seen as a coarser grid of cells. Private to the room.
#pragma once

#include "select/color_model.h"
#include "select/pixels.h"

namespace mw::select {

struct Cells {
    image::ImageView picture;
    Rect window; // within the picture
    Size size;   // cells; at most the window's own size

    // CIELAB of the mean of up to 4 x 4 samples of a cell, over mid grey where it is transparent.
    // NaN counts as black.
    Color3 lab(int x, int y) const;
    // The pixel under a cell's centre.
    Point pixel(int x, int y) const;
};

} // namespace mw::select
