#include "inpaint/prompt_text.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace mw::inpaint {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// The length of the valid UTF-8 sequence at the front, 0 when there is none (RFC 3629).
std::size_t sequence_length(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char c = byte(0);
    const std::size_t n = c < 0x80                ? 1
                          : c >= 0xc2 && c < 0xe0 ? 2
                          : c >= 0xe0 && c < 0xf0 ? 3
                          : c >= 0xf0 && c < 0xf5 ? 4
                                                  : 0;
    if (n == 0 || s.size() < n) return 0;
    for (std::size_t i = 1; i < n; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    if (n == 3 && ((c == 0xe0 && byte(1) < 0xa0) || (c == 0xed && byte(1) >= 0xa0))) return 0;
    if (n == 4 && ((c == 0xf0 && byte(1) < 0x90) || (c == 0xf4 && byte(1) >= 0x90))) return 0;
    return n;
}

// C1 controls, line separators, and the marks that reverse the direction of text.
bool is_hidden(std::string_view c) {
    if (c.size() == 2) return c[0] == '\xc2' && static_cast<unsigned char>(c[1]) < 0xa0;
    return c.size() == 3 &&
           ((c[0] == '\xe2' && c[1] == '\x80' &&
             ((c[2] >= '\x8b' && c[2] <= '\x8f') || (c[2] >= '\xa8' && c[2] <= '\xae'))) ||
            (c[0] == '\xe2' && c[1] == '\x81' && c[2] >= '\xa0' && c[2] <= '\xaf') ||
            c == "\xef\xbb\xbf");
}

} // namespace

std::vector<std::string> words_of(std::string_view prompt) {
    std::vector<std::string> words;
    std::string word;
    bool number = false;
    const auto finish = [&] {
        if (word == "dont" || word == "cannot" || word == "cant") word = "not";
        if (!word.empty()) words.push_back(word);
        word.clear();
        number = false;
    };
    for (std::size_t i = 0; i < prompt.size(); ++i) {
        char c =
            prompt[i] >= 'A' && prompt[i] <= 'Z' ? static_cast<char>(prompt[i] + 32) : prompt[i];
        if (prompt.substr(i, 3) == "\u2019") c = '\'', i += 2; // the typographic apostrophe
        const char next = i + 1 < prompt.size() ? prompt[i + 1] : ' ';
        if (is_digit(c) || (c == '.' && number && is_digit(next)) ||
            (c == '.' && word.empty() && is_digit(next)) ||
            (c == '-' && word.empty() && is_digit(next))) {
            if (word.empty()) number = true;
            word += c;
        } else if (is_letter(c)) {
            if (number) finish();
            word += c;
        } else if (c == '#') {
            finish();
            word += c;
        } else if (c == '\'') {
            if (word.size() > 1 && word.back() == 'n' && (next == 't' || next == 'T')) {
                finish();
                words.back() = "not";
                ++i;
            } else if (next == 's' || next == 'S') {
                finish();
                ++i; // "car's" is "car"
            } else {
                finish(); // "i'd" is "i d"
            }
        } else {
            finish();
            if (c == '%' || c == '&') words.emplace_back(1, c);
            const bool in_list = c == ',' && !words.empty() && is_digit(words.back().back());
            if ((c == ',' || c == ';' || c == '.') && !words.empty() && !in_list)
                words.emplace_back(",");
        }
    }
    finish();
    while (!words.empty() && words.back() == ",")
        words.pop_back();
    return words;
}

std::string quoted(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == limit) return out + "…";
        const std::size_t n = sequence_length(text);
        const std::string_view c = text.substr(0, std::max<std::size_t>(n, 1));
        const bool control = n == 1 && (c[0] < ' ' || c[0] == '\x7f');
        if (n == 1 && (c[0] == '\n' || c[0] == '\t' || c[0] == '\r'))
            out += ' ';
        else if (n == 0 || control || is_hidden(c))
            out += '?';
        else
            out += c;
        text.remove_prefix(c.size());
    }
    return out;
}

int edit_distance(std::string_view a, std::string_view b) {
    std::vector<int> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i) + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const int replace = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replace, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace mw::inpaint
