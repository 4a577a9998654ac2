#include "inpaint/quoted_text.h"

#include <algorithm>
#include <array>

#include "inpaint/grammar_words.h"
#include "inpaint/prompt_text.h"

namespace mw::inpaint {
namespace {

// Of the private use area: no prompt needs it, and words_of takes it for a letter.
constexpr std::string_view kMark = "\ue000";
constexpr std::size_t kMostTexts = 16;
// How far a quote is looked for and what stands before it is read: prompts are long at times.
constexpr std::size_t kMostBytes = 2000, kMostBefore = 200;

constexpr auto kWriting = std::to_array<std::string_view>(
    {"write", "writes",  "writing",  "letter", "letters", "lettering", "text",  "caption",
     "title", "heading", "headline", "type",   "typeset", "print",     "spell", "inscribe",
     "say",   "says",    "saying",   "read",   "reads",   "reading",   "word",  "words",
     "label", "set",     "put",      "sign",   "line"});
constexpr auto kFont =
    std::to_array<std::string_view>({"in", "font", "typeface", "using", "with", "typeset"});

struct Pair {
    std::string_view open;
    std::array<std::string_view, 3> close;
};
constexpr auto kPairs = std::to_array<Pair>({
    {"\"", {"\"", "”", ""}},
    {"“", {"”", "\"", ""}},
    {"”", {"”", "\"", ""}},
    {"„", {"“", "”", "\""}},
    {"«", {"»", "", ""}},
    {"‘", {"’", "", ""}},
    {"'", {"'", "", ""}},
});

bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The closing quote of one that opened before `from`: its place and length.
struct Close {
    std::size_t at, length;
};
std::optional<Close> close_of(std::string_view prompt, std::size_t from, const Pair& pair) {
    for (std::size_t i = from; i < std::min(prompt.size(), from + kMostBytes); ++i)
        for (const std::string_view mark : pair.close) {
            if (mark.empty() || prompt.substr(i, mark.size()) != mark) continue;
            // An apostrophe within a word closes nothing.
            const std::size_t next = i + mark.size();
            const bool single = mark == "'" || mark == "’";
            if (single && next < prompt.size() && is_word_byte(prompt[next])) continue;
            return Close{i, mark.size()};
        }
    return std::nullopt;
}

} // namespace

TakenQuotes take_quotes(std::string_view prompt) {
    TakenQuotes out;
    std::size_t since = 0; // of out.prompt: where what stands before the next quote begins
    const auto taken = [&](std::string_view text) {
        const std::size_t from =
            std::max(since, out.prompt.size() - std::min(out.prompt.size(), kMostBefore));
        const Words before = words_of(std::string_view(out.prompt).substr(from));
        const auto any = [&](const auto& set) {
            return std::any_of(before.begin(), before.end(),
                               [&](const std::string& w) { return in(w, set); });
        };
        if (out.texts.size() == kMostTexts ||
            !(any(kWriting) || (!out.texts.empty() && (before.empty() || any(kFont)))))
            return false;
        out.prompt += " " + std::string(kMark) +
                      static_cast<char>('a' + static_cast<char>(out.texts.size())) + " ";
        out.texts.emplace_back(text);
        since = out.prompt.size();
        return true;
    };
    for (std::size_t i = 0; i < prompt.size();) {
        bool found = false;
        for (const Pair& pair : kPairs) {
            if (prompt.substr(i, pair.open.size()) != pair.open) continue;
            if (pair.open == "'" && i > 0 && is_word_byte(prompt[i - 1])) break;
            const std::size_t begin = i + pair.open.size();
            const auto close = close_of(prompt, begin, pair);
            if (close && taken(prompt.substr(begin, close->at - begin))) {
                i = close->at + close->length;
                found = true;
            }
            break;
        }
        if (found) continue;
        if (prompt.substr(i, kMark.size()) == kMark) {
            out.prompt += '?';
            i += kMark.size();
        } else {
            out.prompt += prompt[i++];
        }
    }
    return out;
}

std::optional<std::size_t> text_index(std::string_view word) {
    if (word.size() != kMark.size() + 1 || word.substr(0, kMark.size()) != kMark)
        return std::nullopt;
    return static_cast<std::size_t>(word.back() - 'a');
}

} // namespace mw::inpaint
