// Which operation it is, and the words that mean several.
#include <algorithm>

#include "inpaint/parser.h"

namespace mw::inpaint {

Result<Operation> Parser::parse() {
    if (!words_.empty() && in(words_.front(), {"curve", "curves"})) return curve();
    if (is_text()) return text();
    if (is_clone()) return clone();
    if (is_redact()) return Operation{Redact{}};
    found_ = amounts(words_);
    const bool both = found_.size() == 2 && found_[0].unit == Unit::percent &&
                      found_[1].unit == Unit::px &&
                      in(words_.front(), {"sharpen", "unsharp", "crispen"});
    if (found_.size() > 1 && !both) return no("two numbers contradict each other", Ability::none);
    rest_ = words_;
    for (auto amount = found_.rbegin(); amount != found_.rend(); ++amount)
        rest_.erase(rest_.begin() + static_cast<std::ptrdiff_t>(amount->begin),
                    rest_.begin() + static_cast<std::ptrdiff_t>(amount->end));
    strip(rest_);
    if (rest_.empty()) return no("", Ability::none);
    const std::string& verb = rest_.front();
    if (in(verb, {"apply", "use", "add"})) return apply();
    if (in(verb, {"flood", "fill"}) && (has({"with"}) || verb == "flood")) return fill();
    if (in(verb, {"flatten", "even"}) && !has({"contrast", "light", "tones"}))
        return Operation{FillFlat{}};
    if (has({"shadows", "shadow", "highlights", "highlight"}) && is_level(verb)) return tone();
    if (has({"noise", "grain", "graininess"}) &&
        in(verb, {"remove", "reduce", "lower", "decrease", "clean", "take", "get", "clear"}))
        return denoise();
    if (is_remove()) return remove();
    if (is_gray(rest_)) return desaturation(1);
    if (in(verb, {"gaussian", "blur", "defocus", "unfocus", "soften", "smooth", "smoothen"}))
        return blur();
    if (in(verb, {"put", "throw", "bring"}) && is_blurry(rest_)) return blur();
    if (in(verb, {"lens", "bokeh"}) && found_.size() + rest_.size() <= 3) return blur();
    if (in(verb, {"sharpen", "unsharp", "crispen"})) return sharpen();
    if (in(verb, {"denoise", "degrain"})) return denoise();
    if (in(verb, {"warm", "cool"})) return temper(verb == "warm" ? 1 : -1);
    if (has({"hue", "hues"}) && (in(verb, {"shift", "rotate", "turn", "change", "move"})))
        return hue();
    if (in(verb, {"improve", "enhance", "more", "less"}) && has({"contrast"}))
        return contrast(verb == "less" ? -1 : 1);
    if (in(verb, {"pixelate", "pixellate", "pixelize", "pixelise", "mosaic"})) return pixelate();
    if (in(verb, {"brighten", "lighten", "illuminate"}) || starts(rest_, {"light", "up"}))
        return exposure(1);
    if (in(verb, {"darken", "dim"})) return exposure(-1);
    if (in(verb, {"desaturate", "decolor", "decolour", "decolorize", "decolourize", "decolorise",
                  "decolourise"}))
        return desaturation(1);
    if (verb == "saturate") return desaturation(-1);
    if (is_level(verb) && !in(verb, {"brighten", "darken", "lighten", "recover", "open"}))
        return level();
    if (in(verb, {"recolor", "recolour", "color", "colour", "colorize", "colourize", "colorise",
                  "colourise", "paint", "repaint", "dye", "tint", "give"}))
        return recolor(from(rest_, 1));
    if (in(verb, {"change", "turn", "convert", "switch", "transform", "set", "alter", "shift"}))
        return change();
    if (verb == "make") return make(from(rest_, 1));
    return no("", Ability::none);
}

Result<Operation> Parser::no(std::string_view reason, Ability nearest) const {
    return tl::unexpected(refusal(prompt_, words_, reason, nearest));
}

bool Parser::is_remove() const {
    return in(rest_[0], {"remove", "erase", "delete", "eliminate", "inpaint", "heal", "retouch",
                         "wipe", "clear", "hide", "fill"}) ||
           starts(rest_, {"get", "rid", "of"}) || starts(rest_, {"take", "out"}) ||
           starts(rest_, {"take", "away"}) || starts(rest_, {"take", "off"}) ||
           starts(rest_, {"clean", "up"}) || starts(rest_, {"clean", "away"}) ||
           starts(rest_, {"paint", "out"}) || starts(rest_, {"edit", "out"}) ||
           starts(rest_, {"rub", "out"}) || starts(rest_, {"photoshop", "out"}) ||
           (rest_[0] == "take" &&
            (ends(rest_, {"out"}) || ends(rest_, {"away"}) || ends(rest_, {"off"})));
}

bool Parser::is_gray(const Words& words) {
    return ends(words, {"black", "and", "white"}) || ends(words, {"black", "&", "white"}) ||
           ends(words, {"b", "&", "w"}) || ends(words, {"b", "and", "w"}) || ends(words, {"bw"}) ||
           ends(words, {"grayscale"}) || ends(words, {"greyscale"}) ||
           ends(words, {"gray", "scale"}) || ends(words, {"grey", "scale"}) ||
           ends(words, {"monochrome"}) || ends(words, {"desaturated"}) ||
           ends(words, {"colorless"}) || ends(words, {"colourless"});
}

bool Parser::is_blurry(const Words& words) {
    return ends(words, {"out", "of", "focus"}) || ends(words, {"soft", "focus"}) ||
           (!words.empty() &&
            in(words.back(), {"blurry", "blurred", "blurrier", "unfocused", "defocused", "fuzzy",
                              "soft", "softer", "unsharp"}));
}

bool Parser::is_level(std::string_view verb) const {
    return in(verb, {"double", "halve", "increase", "raise", "boost", "lift", "decrease", "reduce",
                     "lower", "brighten", "darken", "lighten", "recover", "open"}) ||
           starts(rest_, {"turn", "up"}) || starts(rest_, {"turn", "down"});
}

bool Parser::has(Set set) const {
    return std::any_of(rest_.begin(), rest_.end(),
                       [&](const std::string& w) { return in(w, set); });
}

double Parser::by_adverb() const {
    if (has({"slightly", "little", "bit", "somewhat", "subtly"})) return 0.5;
    if (has({"much", "lot", "strongly", "far", "very"})) return 2;
    return 1;
}

std::optional<double> Parser::share(double usual, double most) const {
    if (found_.empty()) return std::min(usual * by_adverb(), most);
    if (found_[0].unit != Unit::percent) return std::nullopt;
    const double value = found_[0].value / 100;
    return value > 0 && value <= most ? std::optional(value) : std::nullopt;
}

Result<Operation> Parser::change() const {
    for (std::size_t i = rest_.size(); i-- > 1;) {
        if (!in(rest_[i], {"to", "into"})) continue;
        const Words tail = without_color_word(
            without(from(rest_, i + 1), {"a", "an", "the", "be", "something", "nice", "more", "of",
                                         "shade", "color", "colour"}));
        if (ends(tail, {"mosaic"})) return pixelate();
        const std::optional<NamedColor> color = color_at_end(tail);
        if (color && static_cast<std::size_t>(color->words) == tail.size())
            return Operation{Recolor{color->srgb, color->name}};
        return no("it changes colours, not things", Ability::recolor);
    }
    if (rest_[0] == "turn") return make(from(rest_, 1));
    return no("no colour is named", Ability::recolor);
}

Result<Operation> Parser::make(const Words& words) const {
    if (words.empty()) return no("", Ability::none);
    const std::string& last = words.back();
    const std::string_view before =
        words.size() > 1 ? std::string_view(words[words.size() - 2]) : std::string_view();
    if (in(last, {"disappear", "vanish", "invisible", "gone"}) || ends(words, {"go", "away"}))
        return Operation{Remove{}};
    if (is_blurry(words)) return blur();
    if (in(last, {"pixelated", "pixelised", "pixelized", "blocky", "mosaic"})) return pixelate();
    const bool less = before == "less";
    if (in(last, {"bright", "light"}) && before == "as")
        return Operation{Brighten{has({"half"}) ? -1.0 : 1.0}};
    if (in(last, {"brighter", "lighter", "bright", "light"})) return exposure(less ? -1 : 1);
    if (in(last, {"darker", "dimmer", "dark", "dim"})) return exposure(less ? 1 : -1);
    if (in(last, {"colorful", "colourful", "saturated", "vivid", "vibrant"})) {
        if (less && found_.empty()) return Operation{Desaturate{0.3}};
        return desaturation(less ? 1 : -1);
    }
    if (in(last, {"warmer", "warm"})) return temper(less ? -1 : 1);
    if (in(last, {"cooler", "colder", "cool", "cold"})) return temper(less ? 1 : -1);
    if (in(last, {"sharper", "crisper", "sharp", "crisp"}) && !less) return sharpen();
    if (in(last, {"noisy", "grainy"}) && less) return denoise();
    if (in(last, {"punchier", "contrastier"}) || ends(words, {"more", "contrast"}))
        return contrast(1);
    if (in(last, {"flatter"}) || ends(words, {"less", "contrast"})) return contrast(-1);
    if (!color_at_end(without_color_word(words)))
        return no("it cannot make new things", Ability::recolor);
    return recolor(words);
}

Result<Operation> Parser::apply() const {
    const Words what = without(from(rest_, 1), {"a", "an", "the", "some", "gaussian", "strong",
                                                "slight", "light", "heavy", "soft"});
    if (!what.empty() && (in(what[0], {"blur", "bokeh"}) || starts(what, {"lens", "blur"})))
        return blur();
    if (what.size() == 1 && what[0] == "contrast") return contrast(1);
    if (!what.empty() && in(what[0], {"sharpening", "sharpness"})) return sharpen();
    if (what.size() <= 2 && !what.empty() && in(what[0], {"warmth", "warm"})) return temper(1);
    if (!what.empty() && in(what[0], {"mosaic", "pixelation"})) return pixelate();
    return no("it adds nothing new", Ability::none);
}

} // namespace mw::inpaint
