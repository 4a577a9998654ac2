#include "ui/text_area_layout.h"

#include <imgui_internal.h>

#include <algorithm>

namespace mw::ui {
namespace {

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}
bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

float advance(const ImFont& font, float size, std::string_view text, std::size_t at) {
    unsigned int c = 0;
    ImTextCharFromUtf8(&c, text.data() + at, text.data() + text.size());
    return font.GetCharAdvance(static_cast<ImWchar>(c)) * size / font.FontSize;
}

} // namespace

std::size_t next_char(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    ++at;
    while (at < text.size() && continues(text[at]))
        ++at;
    return at;
}

std::size_t previous_char(std::string_view text, std::size_t at) {
    if (at == 0) return 0;
    --at;
    while (at > 0 && continues(text[at]))
        --at;
    return at;
}

std::size_t next_word(std::string_view text, std::size_t at) {
    while (at < text.size() && !is_blank(text[at]))
        ++at;
    while (at < text.size() && is_blank(text[at]))
        ++at;
    return at;
}

std::size_t previous_word(std::string_view text, std::size_t at) {
    while (at > 0 && is_blank(text[at - 1]))
        --at;
    while (at > 0 && !is_blank(text[at - 1]))
        --at;
    return at;
}

std::vector<TextLine> wrap_text(const ImFont& font, float size, std::string_view text,
                                float width) {
    std::vector<TextLine> lines;
    std::size_t begin = 0, at = 0, blank = std::string_view::npos;
    float x = 0;
    while (at < text.size()) {
        if (text[at] == '\n') {
            lines.push_back({begin, at, at + 1});
            begin = ++at;
            blank = std::string_view::npos;
            x = 0;
            continue;
        }
        const float step = advance(font, size, text, at);
        if (x + step > width && at > begin && text[at] != ' ') {
            // After the last blank, else in the middle of the word.
            const std::size_t next = blank != std::string_view::npos ? blank + 1 : at;
            lines.push_back({begin, blank != std::string_view::npos ? blank : at, next});
            begin = at = next;
            blank = std::string_view::npos;
            x = 0;
            continue;
        }
        if (text[at] == ' ') blank = at;
        x += step;
        at = next_char(text, at);
    }
    lines.push_back({begin, text.size(), text.size()});
    return lines;
}

float text_width(const ImFont& font, float size, std::string_view text) {
    float x = 0;
    for (std::size_t at = 0; at < text.size(); at = next_char(text, at))
        x += advance(font, size, text, at);
    return x;
}

std::size_t offset_at(const ImFont& font, float size, std::string_view text, float x) {
    float reached = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const float step = advance(font, size, text, at);
        if (x < reached + step / 2) break;
        reached += step;
        at = next_char(text, at);
    }
    return at;
}

std::size_t line_of(const std::vector<TextLine>& lines, std::size_t offset) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].begin <= offset) found = i;
    }
    return found;
}

} // namespace mw::ui
