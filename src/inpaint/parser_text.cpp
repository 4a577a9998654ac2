// "write "OPEN" in Inter bold, white, size 48, left"
#include <algorithm>
#include <cmath>

#include "inpaint/parser.h"
#include "inpaint/quoted_text.h"

namespace mw::inpaint {
namespace {

bool is_filler(std::string_view word) {
    return in(word, {"the",    "a",       "an",       "text",   "words", "word", "letters",
                     "line",   "letter",  "title",    "it",     "that",  "says", "say",
                     "saying", "reads",   "reading",  "read",   "there", "here", "lettering",
                     "sign",   "caption", "headline", "please", "which", "to",   "some"});
}
bool is_joint(std::string_view word) {
    return in(word, {"in", "using", "with", ",", "and", "as", "font", "typeface", "at", "of", "&",
                     "coloured", "colored", "colour", "color", "aligned", "align", "set", "typed"});
}
// "on the sign": where is said by the mask.
bool is_place(std::string_view word) {
    return in(word, {"on", "onto", "over", "across", "into", "inside"});
}

std::string joined(const Words& words) {
    std::string out;
    for (const std::string& w : words)
        out += (out.empty() ? "" : " ") + w;
    return out;
}

} // namespace

bool Parser::is_text() const {
    return std::any_of(words_.begin(), words_.end(),
                       [](const std::string& w) { return text_index(w).has_value(); }) ||
           (!words_.empty() && in(words_.front(), {"write", "typeset", "inscribe", "letter"}));
}

Result<Operation> Parser::text() const {
    const auto first = std::find_if(words_.begin(), words_.end(),
                                    [](const std::string& w) { return text_index(w).has_value(); });
    if (first == words_.end()) return no("the text has to stand between quotes", Ability::text);
    if (in(words_.front(), {"replace", "change", "turn", "convert", "remove", "erase", "delete"}))
        return no(
            "it writes over what is there; \"fill with a flat\" before it takes the old "
            "lettering away",
            Ability::text);
    WriteText result;
    result.text = texts_[*text_index(*first)];
    // The verb away, the style before the text and behind it as one.
    Words style(words_.begin() + 1, std::max(first, words_.begin() + 1));
    style.emplace_back(",");
    style.insert(style.end(), first + 1, words_.end());

    Words segment;
    bool colored = false;
    const auto color = [&](const NamedColor& c) {
        const bool again = colored;
        colored = true;
        result.srgb = c.srgb;
        result.color_name = c.name;
        return !again;
    };
    std::string problem;
    const auto finish = [&] {
        const Words words = std::exchange(segment, {});
        if (words.empty()) return;
        const auto name = [&](const Words& family) {
            if (family.empty()) return;
            if (!result.family.empty()) problem = "it can use one font at a time";
            result.family = joined(family);
        };
        const auto behind = color_at_end(words);
        const auto taken = behind ? static_cast<std::size_t>(behind->words) : 0;
        if (behind) {
            if (!color(*behind)) problem = "it can use one colour at a time";
            return name(slice(words, 0, words.size() - taken));
        }
        for (std::size_t n = std::min<std::size_t>(words.size(), 4); n > 0; --n)
            if (const auto before = whole_color(slice(words, 0, n))) {
                if (!color(*before)) problem = "it can use one colour at a time";
                return name(from(words, n));
            }
        name(words);
    };
    const auto amount = [&](std::size_t& i) {
        const auto value = number(style[i]);
        if (!value) return false;
        const std::string_view unit = i + 1 < style.size() ? std::string_view(style[i + 1]) : "";
        const bool sized = i > 0 && style[i - 1] == "size";
        if (in(unit, {"degrees", "degree", "deg", "\u00b0"})) {
            if (result.degrees) problem = "two angles contradict each other";
            result.degrees = *value;
            ++i;
        } else if (sized || in(unit, {"px", "pixel", "pixels"})) {
            if (result.size_px > 0) problem = "two sizes contradict each other";
            result.size_px = *value;
            if (!(*value >= 8 && *value <= 4000)) problem = "letters can be 8 to 4000 px large";
            i += in(unit, {"px", "pixel", "pixels"});
        } else {
            problem = "say the size in px, as in \"size 48 px\"";
        }
        return true;
    };
    for (std::size_t i = 0; i < style.size(); ++i) {
        const std::string& w = style[i];
        if (const auto index = text_index(w)) { // a font's name, as it is written
            finish();
            const bool font =
                i > 0 && in(style[i - 1], {"in", "font", "typeface", "using", "with"});
            if (!font || !result.family.empty())
                problem = font ? "it can use one font at a time" : "it sets one text at a time";
            result.family = texts_[*index];
        } else if (is_place(w)) {
            finish();
            while (i + 1 < style.size() && !is_joint(style[i + 1]) && !text_index(style[i + 1]))
                ++i;
        } else if (is_joint(w) || is_filler(w) || w == "size" || w == "sized" || w == "large") {
            if (is_joint(w)) finish();
        } else if (in(w, {"bold", "semibold", "heavy"})) {
            result.bold = true;
        } else if (in(w, {"italic", "italics", "oblique", "slanted"})) {
            result.italic = true;
        } else if (in(w, {"left", "right", "centre", "center", "centred", "centered", "middle"})) {
            result.align = w == "left"    ? TextAlign::left
                           : w == "right" ? TextAlign::right
                                          : TextAlign::center;
        } else if (in(w, {"upright", "level", "horizontal", "horizontally"})) {
            result.degrees = 0;
        } else if (in(w, {"vertical", "vertically", "upwards"})) {
            result.degrees = -90;
        } else if (!amount(i)) {
            segment.push_back(w);
        }
    }
    finish();
    if (result.degrees && !(std::abs(*result.degrees) <= 90))
        problem = "text can be turned by up to 90 degrees";
    if (!problem.empty()) return no(problem, Ability::text);
    if (std::all_of(result.text.begin(), result.text.end(),
                    [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }))
        return no("there is nothing between the quotes", Ability::text);
    return Operation{std::move(result)};
}

} // namespace mw::inpaint
