// Where the letters of a wrapped text stand: plain computation for text_area.
#pragma once

#include <imgui.h>

#include <string_view>
#include <vector>

namespace mw::ui {

struct TextLine {
    std::size_t begin = 0, end = 0; // byte offsets; a line feed or a wrapped blank is outside
    std::size_t next = 0;           // where the next line begins
};

// Lines no wider than `width` where a word allows it; always at least one.
std::vector<TextLine> wrap_text(const ImFont& font, float size, std::string_view text, float width);
float text_width(const ImFont& font, float size, std::string_view text);
// The byte offset in `text` nearest to x.
std::size_t offset_at(const ImFont& font, float size, std::string_view text, float x);
std::size_t line_of(const std::vector<TextLine>& lines, std::size_t offset);

// Neighbouring character and word starts of UTF-8.
std::size_t next_char(std::string_view text, std::size_t at);
std::size_t previous_char(std::string_view text, std::size_t at);
std::size_t next_word(std::string_view text, std::size_t at);
std::size_t previous_word(std::string_view text, std::size_t at);

} // namespace mw::ui
