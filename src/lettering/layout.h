// Text as a block of lines. Private to the room.
#pragma once

#include <string>
#include <vector>

#include "lettering/lettering.h"
#include "lettering/shape.h"

namespace mw::lettering {

// Lines below each other, in ems, y up, the first line's baseline at 0.
struct TextBlock {
    std::vector<Line> lines;
    std::vector<double> lefts, baselines; // of each line's first origin
    Box ink;
    double em = 1000; // font units of an em
    double slant = 0; // x per y
    double width() const { return ink.right - ink.left; }
    double height() const { return ink.top - ink.bottom; }
};

// The ways to break a text: as its '\n' say, or at spaces into 1 .. 6 lines about as long as each
// other. Without the ones whose lines are all blank.
std::vector<TextBlock> layouts(const Face& face, std::u32string_view text, Align align,
                               bool slanted);

} // namespace mw::lettering
