// Words on pictures, in the program's own face.
#pragma once

#include <array>
#include <string_view>

#include "image/image.h"

namespace mw::report {

// The width of a line of UTF-8 at a size in pixels (of the em).
int text_width(std::string_view text, int px);
// Draws into kRgb8 with the baseline at `at`, ending with "…" where it would be wider than
// max_width; clipped. Letters the face lacks become '?'.
void draw_text(image::ImageSpan rgb, Point at, std::string_view text, int px, int max_width,
               const std::array<std::uint8_t, 3>& color);

// A line as kGray8 coverage, antialiased: its height is that of the face from ascender to
// descender.
image::Image text_coverage(std::string_view text, int px);

} // namespace mw::report
