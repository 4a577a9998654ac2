// UTF-8 read a character at a time (Unicode 15, table 3-7).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mw {

struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0; // 1 .. 4
};

// The character at `at` < text.size(); none where the bytes there are no character: cut off, longer
// than need be, a surrogate, beyond U+10FFFF.
std::optional<Utf8Character> utf8_at(std::string_view text, std::size_t at);

} // namespace mw
