// Whether words in a picture read as the prompt asked: “fix the title to "OPEN"”.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compare/stats.h"

namespace mw::compare {

// The texts a prompt puts in quotes, in order: straight " and ', and the typographic pairs of
// English, German and French. An apostrophe within a word is none.
std::vector<std::string> quoted_texts(std::string_view prompt);
// Those of them that should be there afterwards: where some follow "to", "with", "say", "read",
// "as" or a colon, only those (“replace "SALE" with "OPEN"”), else all.
std::vector<std::string> wanted_texts(std::string_view prompt);

// Blanks made one, ends trimmed, lines without letters or digits left out.
std::string words_of(std::string_view read);
// Whether `wanted` is among the words read, as whole words: same letters and digits in the same
// case, blanks, lines and punctuation apart.
bool holds_text(std::string_view read, std::string_view wanted);

struct TextCheck {
    std::string wanted;
    std::string before, after; // what was read
    bool was_there = false;    // `wanted` could be read before
    bool as_asked = false;     // and can be now
    std::string sentence;      // for people
};
// One for each wanted text of the prompt; empty when it quotes none. `region` is what was asked to
// change, in both pictures' pixels; words at its edge are read whole. Errors: of read_text.
Result<std::vector<TextCheck>> check_text(image::ImageView before, image::ImageView after,
                                          const Rect& region, std::string_view prompt,
                                          const Views& views = {});

} // namespace mw::compare
