// Operations that take away, blur, sharpen or fill.
#include <algorithm>
#include <cmath>

#include "inpaint/parser.h"

namespace mw::inpaint {

Result<Operation> Parser::remove() const {
    const Words thing = without(from(rest_, 1), kArticles);
    if (!thing.empty() && in(thing[0], {"color", "colour", "colors", "colours", "saturation"}) &&
        (thing.size() == 1 || in(thing[1], {"from", "in"})))
        return desaturation(1);
    if (!thing.empty() && in(thing.back(), {"blur", "blurriness", "noise", "grain", "haze"}) &&
        thing.size() <= 2)
        return no("it cannot take an effect away", Ability::none);
    if (rest_[0] == "fill") {
        const auto with = std::find(rest_.begin(), rest_.end(), "with");
        if (with != rest_.end() && std::none_of(with, rest_.end(), [](const std::string& w) {
                return in(w, {"surroundings", "surrounding", "background", "neighborhood",
                              "neighbourhood", "around", "content"});
            }))
            return no("it fills from the surroundings only", Ability::recolor);
    }
    if (!found_.empty() && found_[0].unit == Unit::percent)
        return no("a thing is removed as a whole", Ability::remove);
    return Operation{Remove{}};
}

Result<Operation> Parser::blur() const {
    const bool lens = has({"lens", "bokeh"});
    Blur result;
    if (!found_.empty()) {
        if (found_[0].unit == Unit::percent || found_[0].unit == Unit::stops)
            return no("a blur is given in pixels", Ability::blur);
        result.sigma_px = found_[0].value;
        if (!(result.sigma_px >= 0.1 && result.sigma_px <= 500))
            return no("a blur can be 0.1 to 500 px wide", Ability::blur);
    }
    if (lens) return Operation{LensBlur{result.sigma_px}};
    return Operation{result};
}

Result<Operation> Parser::pixelate() const {
    Pixelate result;
    if (!found_.empty()) {
        if (found_[0].unit == Unit::percent || found_[0].unit == Unit::stops)
            return no("the cells are given in pixels", Ability::pixelate);
        if (!(found_[0].value >= 2 && found_[0].value <= 1000))
            return no("the cells can be 2 to 1000 px wide", Ability::pixelate);
        result.side_px = static_cast<int>(std::lround(found_[0].value));
    }
    return Operation{result};
}

Result<Operation> Parser::sharpen() const {
    Sharpen result;
    result.amount = by_adverb();
    for (const Amount& amount : found_) {
        const double value = amount.value;
        if (amount.unit == Unit::percent && value > 0 && value <= 500)
            result.amount = value / 100;
        else if (amount.unit == Unit::px && value >= 0.2 && value <= 20)
            result.sigma_px = value;
        else
            return no("it sharpens by 1 to 500 %, or at 0.2 to 20 px", Ability::sharpen);
    }
    return Operation{result};
}

Result<Operation> Parser::denoise() const {
    const auto strength = share(1, 4);
    if (!strength) return no("noise is taken out by 1 to 400 %", Ability::denoise);
    return Operation{Denoise{*strength}};
}

Result<Operation> Parser::fill() const {
    auto with = std::find(rest_.begin(), rest_.end(), "with");
    if (with == rest_.end()) return no("say what to fill it with", Ability::fill);
    Words what = without(Words(with + 1, rest_.end()), kArticles);
    if (what.empty()) return no("say what to fill it with", Ability::fill);
    if (in(what[0], {"gradient", "blend", "ramp"})) {
        FillGradient result;
        if (in(what.back(), {"across", "right", "rightwards", "horizontally"})) result.degrees = 0;
        if (in(what.back(), {"up", "upwards"})) result.degrees = 270;
        if (in(what.back(), {"left", "leftwards"})) result.degrees = 180;
        what = without(what, {"across", "right", "rightwards", "horizontally", "up", "upwards",
                              "left", "leftwards", "down", "downwards", "vertically", ","});
        const auto to = std::find(what.begin(), what.end(), "to");
        if (what.size() < 2 || what[1] != "from" || to == what.end())
            return no("a gradient runs from a colour to a colour", Ability::fill);
        const auto a = whole_color(Words(what.begin() + 2, to));
        const auto b = whole_color(Words(to + 1, what.end()));
        if (!a || !b) return no("a gradient runs from a colour to a colour", Ability::fill);
        result.from = a->srgb;
        result.to = b->srgb;
        result.from_name = a->name;
        result.to_name = b->name;
        return Operation{result};
    }
    if (in(what.back(), {"flat", "smooth", "matching"}) || starts(what, {"flat", "colour"}) ||
        starts(what, {"flat", "color"}))
        return Operation{FillFlat{}};
    if (const auto color = whole_color(what)) return Operation{FillColor{color->srgb, color->name}};
    return remove();
}

std::optional<NamedColor> Parser::whole_color(const Words& words) {
    const Words color =
        without_color_word(without(words, {"solid", "plain", "pure", "colour", "color"}));
    const auto found = color_at_end(color);
    if (!found || static_cast<std::size_t>(found->words) != color.size()) return std::nullopt;
    return found;
}

Words Parser::without_color_word(Words words) {
    while (!words.empty() && in(words.back(), {"color", "colour", "colored", "coloured", "tint",
                                               "hue", "shade", "tone", "paint"}))
        words.pop_back();
    return words;
}

Result<Operation> Parser::recolor(const Words& all) const {
    const Words words = without_color_word(all);
    const std::optional<NamedColor> color = color_at_end(words);
    if (!color) return no("it knows no such colour", Ability::recolor);
    const std::size_t before = words.size() - static_cast<std::size_t>(color->words);
    if (before >= 2 && in(words[before - 1], {"and", "or", "&", ","}) &&
        color_at_end({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(before - 1)}))
        return no("it can use one colour at a time", Ability::recolor);
    return Operation{Recolor{color->srgb, color->name}};
}

bool Parser::is_redact() const {
    if (words_.empty() || !amounts(words_).empty()) return false;
    return in(words_.front(),
              {"redact", "censor", "anonymise", "anonymize", "blackout", "obliterate"}) ||
           (in(words_.front(), {"black", "blank", "make"}) && speaks_of_redacting(words_));
}

bool Parser::is_clone() const {
    return !words_.empty() && in(words_.front(), {"clone", "copy", "heal", "stamp"}) &&
           std::any_of(words_.begin() + 1, words_.end(),
                       [](const std::string& w) { return number(w).has_value(); });
}

Result<Operation> Parser::clone() const {
    constexpr double kMost = 1'000'000;
    const auto at = std::find_if(words_.begin(), words_.end(),
                                 [](const std::string& w) { return number(w).has_value(); });
    const auto place = static_cast<std::size_t>(at - words_.begin());
    Words numbers = without(Words(at, words_.end()), {"px", "pixel", "pixels", "and", ","});
    const auto x = number(numbers[0]);
    const auto y = numbers.size() > 1 ? number(numbers[1]) : std::nullopt;
    Clone result;
    result.heal = words_.front() == "heal";
    result.offset = in(words_[place - 1], {"by", "offset"});
    if (numbers.size() != 2 || !x || !y || (!result.offset && words_[place - 1] != "from"))
        return no("say from where, \"from X,Y\", or how far away, \"by X,Y\", in pixels",
                  Ability::clone);
    if (!(std::abs(*x) <= kMost && std::abs(*y) <= kMost))
        return no("no picture is that large", Ability::clone);
    result.x = static_cast<int>(std::lround(*x));
    result.y = static_cast<int>(std::lround(*y));
    return Operation{result};
}

} // namespace mw::inpaint
