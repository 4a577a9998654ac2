#include "compare/text_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "compare/fit.h"
#include "compare/text_reader.h"

namespace mw::compare {
namespace {

// UTF-8.
struct Pair {
    std::string_view open, close;
};
constexpr Pair kPairs[] = {
    {"\"", "\""}, {"“", "”"}, {"„", "“"}, {"„", "”"}, {"«", "»"},
    {"»", "«"},   {"‚", "‘"}, {"‘", "’"}, {"‹", "›"}, {"'", "'"},
};

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// ' and the same sign in type stand in words too.
bool is_apostrophe(std::string_view sign) {
    return sign == "'" || sign == "’" || sign == "‘";
}

struct Quote {
    std::string text;
    std::size_t begin; // of the opening sign
};

std::vector<Quote> quotes_of(std::string_view prompt) {
    std::vector<Quote> found;
    for (std::size_t i = 0; i < prompt.size();) {
        std::size_t next = i + 1;
        for (const Pair& pair : kPairs) {
            if (!prompt.substr(i).starts_with(pair.open)) continue;
            if (is_apostrophe(pair.open) && i > 0 && is_word(prompt[i - 1])) continue;
            const std::size_t begin = i + pair.open.size();
            std::size_t end = prompt.find(pair.close, begin);
            while (end != prompt.npos && is_apostrophe(pair.close)) { // a real end?
                const std::size_t after = end + pair.close.size();
                if (after >= prompt.size() || !is_word(prompt[after])) break;
                end = prompt.find(pair.close, after);
            }
            if (end == prompt.npos) continue;
            if (end > begin) found.push_back({std::string(prompt.substr(begin, end - begin)), i});
            next = end + pair.close.size();
            break;
        }
        i = next;
    }
    return found;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// The word before a place, lower case; ":" for a colon.
std::string word_before(std::string_view text, std::size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\n' || text[at - 1] == ','))
        --at;
    if (at > 0 && text[at - 1] == ':') return ":";
    std::size_t begin = at;
    while (begin > 0 && is_word(text[begin - 1]))
        --begin;
    return lower(text.substr(begin, at - begin));
}

// Letters and digits alone, and after which of them a word ends.
struct Bare {
    std::string text;
    std::vector<bool> ends; // the word ends with this byte
};
Bare bare(std::string_view text) {
    Bare out;
    for (std::size_t i = 0; i < text.size();) {
        // General punctuation (U+2000 to U+207F) and the signs of Latin 1 are no letters.
        const bool sign =
            text.substr(i).starts_with("\xe2\x80") || text.substr(i).starts_with("\xe2\x81");
        const bool latin = text[i] == '\xc2';
        if (!sign && !latin && is_word(text[i])) {
            out.text += text[i++];
            out.ends.push_back(false);
            continue;
        }
        if (!out.ends.empty()) out.ends.back() = true;
        i += sign ? 3 : latin ? 2 : 1;
    }
    if (!out.ends.empty()) out.ends.back() = true;
    return out;
}

std::string in_quotes(std::string_view text) {
    if (text.empty()) return "nothing";
    constexpr std::size_t kMost = 120;
    std::string line(text.substr(0, kMost));
    std::replace(line.begin(), line.end(), '\n', ' ');
    return fmt::format("“{}{}”", line, text.size() > kMost ? " …" : "");
}

} // namespace

std::vector<std::string> quoted_texts(std::string_view prompt) {
    std::vector<std::string> out;
    for (Quote& q : quotes_of(prompt))
        out.push_back(std::move(q.text));
    return out;
}

std::vector<std::string> wanted_texts(std::string_view prompt) {
    constexpr std::string_view kLead[] = {"to",    "with",    "say", "says", "saying", "read",
                                          "reads", "reading", "as",  "into", "by",     ":"};
    std::vector<std::string> all, led;
    for (Quote& q : quotes_of(prompt)) {
        const std::string word = word_before(prompt, q.begin);
        if (std::find(std::begin(kLead), std::end(kLead), word) != std::end(kLead))
            led.push_back(q.text);
        all.push_back(std::move(q.text));
    }
    return led.empty() ? all : led;
}

std::string words_of(std::string_view read) {
    std::string out;
    while (!read.empty()) {
        const auto end = std::min(read.find('\n'), read.size());
        std::string line;
        for (const char c : read.substr(0, end)) {
            const bool blank = c == ' ' || c == '\t' || c == '\f' || c == '\r';
            if (!blank)
                line += c;
            else if (!line.empty() && line.back() != ' ')
                line += ' ';
        }
        while (!line.empty() && line.back() == ' ')
            line.pop_back();
        if (!bare(line).text.empty()) out += (out.empty() ? "" : "\n") + line;
        read.remove_prefix(std::min(end + 1, read.size()));
    }
    return out;
}

bool holds_text(std::string_view read, std::string_view wanted) {
    const Bare needle = bare(wanted), words = bare(read);
    if (needle.text.empty()) return false;
    for (auto at = words.text.find(needle.text); at != std::string::npos;
         at = words.text.find(needle.text, at + 1))
        if ((at == 0 || words.ends[at - 1]) && words.ends[at + needle.text.size() - 1]) return true;
    return false;
}

Result<std::vector<TextCheck>> check_text(image::ImageView before, image::ImageView after,
                                          const Rect& region, std::string_view prompt,
                                          const Views& views) {
    if (Status ok = check_sizes(before.size, after.size); !ok) return tl::unexpected(ok.error());
    std::vector<TextCheck> out;
    const Rect window =
        intersect(region.grown(std::max(4, region.size().longer_side() / 20)), before.rect());
    for (std::string& wanted : wanted_texts(prompt)) {
        auto was = read_text(before, views.a, window, wanted);
        if (!was) return tl::unexpected(was.error());
        auto is = read_text(after, views.b, window, wanted);
        if (!is) return tl::unexpected(is.error());
        TextCheck check{std::move(wanted), std::move(*was), std::move(*is), false, false, {}};
        check.was_there = holds_text(check.before, check.wanted);
        check.as_asked = holds_text(check.after, check.wanted);
        check.sentence = check.as_asked
                             ? fmt::format("{} reads as asked.", in_quotes(check.wanted))
                             : fmt::format("Not as asked: {} was wanted, {} was read (before: {}).",
                                           in_quotes(check.wanted), in_quotes(check.after),
                                           in_quotes(check.before));
        out.push_back(std::move(check));
    }
    return out;
}

} // namespace mw::compare
