// Marks as pixels.
#pragma once

#include "edit/markup.h"
#include "image/image.h"

namespace mw::worker {

// What the marks look like over `area` of the picture, 1:1, area's size: kRgba8, straight alpha,
// transparent where nothing is drawn. Edges are antialiased; a note is a plate with its words.
image::Image draw_marks(const std::vector<edit::Mark>& marks, const Rect& area);

// Anything is seen at all.
bool any_drawn(image::ImageView rgba);

} // namespace mw::worker
