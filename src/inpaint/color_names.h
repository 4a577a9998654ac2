// Colour words to sRGB.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/color.h"

namespace mw::inpaint {

struct NamedColor {
    image::Float3 srgb; // 0..1 encoded
    std::string name;   // "dark green", "#1e5a2c"
    int words = 1;      // how many of the given it took
};

// The colour that the last words spell: a name of CSS Color 4 or a common one, in one word or more,
// "#rgb" or "#rrggbb", "rgb" and three numbers 0..255; with light, pale, pastel, dark, deep, vivid,
// bright, dull, very before it. Words are lower case.
std::optional<NamedColor> color_at_end(const std::vector<std::string>& words);

std::string hex_of(image::Float3 srgb); // "#1e5a2c"

} // namespace mw::inpaint
