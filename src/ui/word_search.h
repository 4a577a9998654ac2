// Searches in lists of the window: words in any order, small and capital letters alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mw::ui {

// ASCII letters made small; the rest as it is.
std::string lower(std::string_view text);
// Of `query`, parted by blanks, made small.
std::vector<std::string> words_of(std::string_view query);
// Whether every word of `query` is somewhere in `text`; no words are in every text.
bool holds_words(std::string_view text, std::string_view query);

} // namespace mw::ui
