// From a family's name to a font. Private to the room.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "lettering/face.h"

namespace mw::lettering {

struct FoundFont {
    Face face;
    bool slant = false; // there is no italic: its upright letters are to be slanted
    std::vector<std::string> notes;
};

// Built-in Inter for no family or "Inter" (upright, regular or bold), everything else by fontconfig
// among the outlines that are installed. Without a family, the one that has most of `text`.
// Errors: not_found, with near names, for a family that is not there.
Result<FoundFont> find_font(const std::string& family, bool bold, bool italic,
                            std::u32string_view text);

// "ש (U+05E9)"
std::string named(char32_t c);
std::string utf8_of(std::u32string_view text);

} // namespace mw::lettering
