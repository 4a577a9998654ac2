// A prompt's bytes as words, and bytes as text that is safe to repeat in a message. Internal to the
// room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mw::inpaint {

// Lower-case words; a number and the unit glued to it are two. What is not ASCII is kept inside
// words as it is. '#', '%', '&' and a '.' within a number survive, other punctuation parts words;
// "n't" becomes "not". A comma (not after a number), semicolon or full stop between words becomes
// the word ",".
std::vector<std::string> words_of(std::string_view prompt);

// At most `limit` characters of valid UTF-8 without control characters, "…" where cut; what is
// neither becomes '?'.
std::string quoted(std::string_view text, std::size_t limit = 60);

// Levenshtein distance.
int edit_distance(std::string_view a, std::string_view b);

} // namespace mw::inpaint
