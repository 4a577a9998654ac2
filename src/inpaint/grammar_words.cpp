#include "inpaint/grammar_words.h"

#include <charconv>
#include <cmath>

#include "inpaint/quoted_text.h"

namespace mw::inpaint {
namespace {

constexpr auto kPronouns =
    std::to_array<std::string_view>({"it", "them", "him", "her", "everything", "the", "this",
                                     "that", "these", "those", "a", "an", "its", "his"});
// Verbs that open an operation and are no common nouns.
constexpr auto kVerbs = std::to_array<std::string_view>(
    {"remove",   "erase",    "delete",   "eliminate",  "recolor",   "recolour",   "pixelate",
     "brighten", "lighten",  "darken",   "desaturate", "saturate",  "make",       "turn",
     "change",   "convert",  "replace",  "add",        "sharpen",   "soften",     "inpaint",
     "repaint",  "increase", "decrease", "reduce",     "defocus",   "decolorize", "get",
     "redact",   "censor",   "clone",    "anonymise",  "anonymize", "blackout",   "denoise",
     "flatten",  "lower",    "raise",    "boost",      "rotate",    "shift",      "halve",
     "write",    "typeset",  "inscribe"});
constexpr auto kNounVerbs = std::to_array<std::string_view>(
    {"blur", "color", "colour", "paint", "tint", "clear", "fill", "dye",     "dim",   "clean",
     "wipe", "light", "heal",   "give",  "warm", "cool",  "lift", "recover", "flood", "curve"});

// "put the text "OPEN" …": a verb of these opens an operation where a quoted text follows.
bool opens_text(const Words& words, std::size_t verb) {
    if (!in(words[verb], {"put", "set", "print", "type", "letter", "place", "caption"}))
        return false;
    for (std::size_t i = verb + 1; i < std::min(words.size(), verb + 9); ++i)
        if (text_index(words[i])) return true;
    return false;
}

Unit unit_of(std::string_view word) {
    if (in(word, {"px", "pixel", "pixels"})) return Unit::px;
    if (in(word, {"%", "percent", "pct"})) return Unit::percent;
    if (in(word, {"stop", "stops", "ev"})) return Unit::stops;
    if (in(word, {"degree", "degrees", "deg", "\u00b0"})) return Unit::degrees;
    if (in(word, {"mired", "mireds"})) return Unit::mired;
    return Unit::none;
}

} // namespace

void strip(Words& words) {
    std::size_t front = 0;
    while (front < words.size() &&
           in(words[front],
              {"please", "can",   "could", "would", "will", "you",    "i",   "we",   "want",
               "need",   "like",  "d",     "to",    "just", "kindly", "now", "let",  "us",
               "hey",    "hello", "hi",    "then",  "and",  "also",   ",",   "maybe"}))
        ++front;
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(front));
    while (!words.empty() &&
           in(words.back(), {"please", "now", "thanks", "thank", "you", ",", "instead",
                             "completely", "entirely", "totally", "fully", "too", "me", "for"}))
        words.pop_back();
}

std::optional<double> number(const std::string& word) {
    constexpr std::pair<std::string_view, double> kNumbers[] = {
        {"half", 0.5}, {"one", 1},         {"two", 2},       {"three", 3}, {"four", 4},
        {"five", 5},   {"six", 6},         {"seven", 7},     {"eight", 8}, {"nine", 9},
        {"ten", 10},   {"third", 1 / 3.0}, {"quarter", 0.25}};
    for (const auto& [name, value] : kNumbers)
        if (word == name) return value;
    double v = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), v);
    if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(v))
        return std::nullopt;
    return v;
}

std::vector<Words> parted(const Words& words) {
    std::vector<Words> parts;
    std::size_t begin = 0;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        if (!in(words[i], {"and", "then", ",", "&", "also", "plus", "after", "afterwards"}))
            continue;
        std::size_t next = i + 1;
        while (next < words.size() && in(words[next], {"then", "also", "please", "and", ","}))
            ++next;
        if (next >= words.size()) break;
        // A verb that is a noun as well opens an operation where it can be no noun.
        const bool last = next + 1 == words.size();
        const bool clear = in(words[i], {"then", ","}) || in(words[next - 1], {"then", ","});
        if (in(words[next], kVerbs) || opens_text(words, next) ||
            (in(words[next], kNounVerbs) &&
             (last ? clear
                   : in(words[next + 1], kPronouns) || in(words[next + 1], {"by", "with"}) ||
                         (clear && (number(words[next + 1]).has_value() ||
                                    in(words[next + 1], {"then", ",", "and"})))))) {
            if (i > begin) parts.push_back(slice(words, begin, i));
            begin = next;
        }
        i = next - 1;
    }
    parts.push_back(from(words, begin));
    return parts;
}

bool speaks_of_redacting(const Words& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (in(words[i], {"redact", "redacted", "censor", "censored", "anonymise", "anonymize",
                          "anonymised", "anonymized", "anonymous", "blackout", "obliterate",
                          "unreadable", "illegible", "unrecognisable", "unrecognizable"}))
            return true;
        // "black out the name", "black it out"; not "the black car stands out"
        const bool opens = i == 0 || in(words[i - 1], {",", "and", "then", "&"});
        const std::size_t end = std::min(words.size(), i + (opens ? 5 : 2));
        for (std::size_t k = i + 1; k < end; ++k)
            if (in(words[i], {"black", "blank", "blacked", "blanked"}) && words[k] == "out")
                return true;
    }
    return false;
}

std::vector<Amount> amounts(const Words& words) {
    std::vector<Amount> out;
    for (std::size_t i = 1; i < words.size(); ++i) {
        std::optional<double> value = number(words[i]);
        std::size_t next = i + 1;
        while (value && next + 1 < words.size() && in(words[next], {"a", "of"}) &&
               (unit_of(words[next + 1]) != Unit::none || words[next + 1] == "a"))
            ++next; // "half a stop", "a third of a stop"
        Unit unit = next < words.size() ? unit_of(words[next]) : Unit::none;
        if (!value && in(words[i], {"a", "an"}) && unit == Unit::stops) value = 1; // "by a stop"
        if (!value) continue;
        const bool introduced =
            i == 1 || in(words[i - 1], {"by", "radius", "sigma", "size", "with", "at", "it", "them",
                                        "this", "that", "blur", "pixelate"});
        if (unit == Unit::none && !(introduced && i + 1 == words.size())) continue;
        const bool by = in(words[i - 1], {"by", "with", "at"});
        const std::size_t end = unit == Unit::none ? i + 1 : next + 1;
        out.push_back({*value, unit, by ? i - 1 : i, end});
        i = end - 1;
    }
    return out;
}

} // namespace mw::inpaint
