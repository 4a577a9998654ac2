// A line of text, or a few, set into a region of a picture.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/color.h"
#include "image/image.h"

namespace mw::lettering {

enum class Align : std::uint8_t { left, center, right };

struct Style {
    std::string family; // as the artist says it; empty: the built-in font, or one that has the text
    bool bold = false, italic = false;
    std::optional<double> size_px;      // of the em; absent: as large as the region holds
    std::optional<image::Float3> srgb;  // 0..1 encoded; absent: from the picture
    Align align = Align::center;        // of lines, and of the text within the region
    std::optional<double> turn_degrees; // clockwise, -90 .. 90; absent: as the region lies
};

// Sizes in pixels of the picture given.
struct Lettered {
    image::Image picture; // in the format of the one given
    std::string font;     // "Inter Bold"
    double size_px = 0;   // of the em
    double turn_degrees = 0;
    image::Float3 srgb{}; // what it was set in
    std::vector<std::string> lines;
    std::vector<std::string> notes; // what a person should know
};

inline constexpr double kLeastSizePx = 8;
inline constexpr std::size_t kMostCharacters = 400;

// Sets `text` (UTF-8; '\n' parts lines, else it is broken at spaces where that makes it larger)
// where `coverage` (kGray8, the picture's size) is at least 128, in the largest rectangle that
// there is for it: upright, or along the region's longer axis where that makes the letters a fifth
// larger and the axis lies within 45 degrees. Shaped by HarfBuzz after the Unicode bidirectional
// algorithm (UAX #9), glyphs' coverage by FreeType without hinting, blended in linear light; a
// pixel that no glyph covers keeps its samples. `edge_px` stays free along the region's edge. A
// colour that is not stated is the darkest or the lightest of the picture's own, whichever stands
// out more, moved on until the contrast (WCAG 2.1) is 4.5. Same input and font, same bytes. Errors:
// invalid_argument for an empty text, one too long, an empty region, one that does not fit (with
// the size, or how much of the text, that would); not_found for a font that is not there,
// unsupported for one that lacks characters (they are named); cancelled.
Result<Lettered> set_text(image::ImageView picture, image::ImageView coverage,
                          std::string_view text, const Style& style, double edge_px = 0,
                          std::stop_token stop = {});

} // namespace mw::lettering
