// Text to glyphs in their places. Private to the room.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lettering/face.h"

namespace mw::lettering {

struct PlacedGlyph {
    unsigned glyph = 0;
    double x = 0, y = 0; // of its origin, font units, y up
};

struct Line {
    std::u32string text;
    std::vector<PlacedGlyph> glyphs; // from left to right
    double advance = 0;              // font units
    Box ink;                         // font units, of the first glyph's origin
    std::set<char32_t> missing;      // characters that the font has no glyph for
};

// One line in visual order: bidirectional levels by FriBidi (UAX #9), runs of one script and
// direction by HarfBuzz.
Line shape(const Face& face, std::u32string_view text);

// Code points; control characters but '\n' become spaces. Error: invalid_argument for what is no
// UTF-8.
Result<std::u32string> decoded(std::string_view text);

} // namespace mw::lettering
