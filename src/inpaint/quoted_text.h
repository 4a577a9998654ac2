// Text between quotes, taken out of a prompt before its words are looked at: case, punctuation and
// words such as "not" are the artist's own there. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mw::inpaint {

struct TakenQuotes {
    std::string prompt;             // with a word of its own in each text's place
    std::vector<std::string> texts; // as they stood
};

// Takes what stands in "…", “…”, „…“, «…», ‘…’ or '…' after a word of writing ("write", "text",
// "saying" …), and after such a text one that names a font; other quotes stay as they are, at most
// 16 are taken.
TakenQuotes take_quotes(std::string_view prompt);

// Which text a word of the prompt stands for.
std::optional<std::size_t> text_index(std::string_view word);

} // namespace mw::inpaint
