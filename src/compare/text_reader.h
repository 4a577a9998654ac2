// Reading words in a picture by Tesseract, where its library is installed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "image/color_space.h"

namespace mw::compare {

// Whether there is a library and a language for it to read.
bool text_reader_installed();

// The words in `region` of a picture as they are shown, lines apart by '\n', UTF-8; empty when
// there are none. One reader at a time, on the calling thread; some tenths of a second a megapixel.
// `expected` helps to choose among readings as lines, as a block and as scattered words. Errors:
// unsupported ("no text reader is installed" and what to install), invalid_argument for an empty
// region.
Result<std::string> read_text(image::ImageView picture, const image::DisplayTransform& view,
                              const Rect& region, std::string_view expected = {});

} // namespace mw::compare
