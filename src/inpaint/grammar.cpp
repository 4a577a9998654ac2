// The grammar of words.h: fillers away, what cannot be is refused, the operations parted, then the
// first words of each decide.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "inpaint/color_names.h"
#include "inpaint/prompt_text.h"
#include "inpaint/refusal.h"
#include "inpaint/words.h"

namespace mw::inpaint {
namespace {

using Words = std::vector<std::string>;
using Set = std::initializer_list<std::string_view>;

template <class Range = Set>
bool in(std::string_view word, const Range& set) {
    return std::find(set.begin(), set.end(), word) != set.end();
}
bool starts(const Words& words, Set phrase) {
    return words.size() >= phrase.size() && std::equal(phrase.begin(), phrase.end(), words.begin());
}
bool ends(const Words& words, Set phrase) {
    return words.size() >= phrase.size() &&
           std::equal(phrase.begin(), phrase.end(),
                      words.end() - static_cast<std::ptrdiff_t>(phrase.size()));
}
Words from(const Words& words, std::size_t index) {
    return {words.begin() + static_cast<std::ptrdiff_t>(std::min(index, words.size())),
            words.end()};
}
Words slice(const Words& words, std::size_t begin, std::size_t end) {
    return {words.begin() + static_cast<std::ptrdiff_t>(begin),
            words.begin() + static_cast<std::ptrdiff_t>(end)};
}
template <class Range = Set>
Words without(const Words& words, const Range& set) {
    Words out;
    std::copy_if(words.begin(), words.end(), std::back_inserter(out),
                 [&](const std::string& w) { return !in(w, set); });
    return out;
}

constexpr auto kArticles = std::to_array<std::string_view>(
    {"the", "a", "an", "all", "its", "this", "that", "these", "those", "my", "any", "of"});
constexpr auto kPronouns =
    std::to_array<std::string_view>({"it", "them", "him", "her", "everything", "the", "this",
                                     "that", "these", "those", "a", "an", "its", "his"});
// Verbs that open an operation and are no common nouns.
constexpr auto kVerbs = std::to_array<std::string_view>(
    {"remove",  "erase",   "delete",     "eliminate", "recolor", "recolour", "pixelate", "brighten",
     "lighten", "darken",  "desaturate", "saturate",  "make",    "turn",     "change",   "convert",
     "replace", "add",     "sharpen",    "soften",    "inpaint", "repaint",  "increase", "decrease",
     "reduce",  "defocus", "decolorize", "get",       "redact",  "censor",   "denoise",  "flatten",
     "lower",   "raise",   "boost",      "rotate",    "shift",   "halve"});
constexpr auto kNounVerbs = std::to_array<std::string_view>(
    {"blur", "color", "colour", "paint", "tint", "clear", "fill", "dye", "dim", "clean", "wipe",
     "light", "heal", "give", "warm", "cool", "lift", "recover", "flood"});

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

// The prompt's operations apart: "… and then blur it".
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
        if (in(words[next], kVerbs) ||
            (in(words[next], kNounVerbs) &&
             (last ? clear
                   : in(words[next + 1], kPronouns) || in(words[next + 1], {"by", "with"}) ||
                         (clear && number(words[next + 1]).has_value())))) {
            if (i > begin) parts.push_back(slice(words, begin, i));
            begin = next;
        }
        i = next - 1;
    }
    parts.push_back(from(words, begin));
    return parts;
}

enum class Unit { none, px, percent, stops, degrees, mired };
struct Amount {
    double value = 0;
    Unit unit = Unit::none;
    std::size_t begin = 0, end = 0; // words it takes, "by" included
};

Unit unit_of(std::string_view word) {
    if (in(word, {"px", "pixel", "pixels"})) return Unit::px;
    if (in(word, {"%", "percent", "pct"})) return Unit::percent;
    if (in(word, {"stop", "stops", "ev"})) return Unit::stops;
    if (in(word, {"degree", "degrees", "deg", "\u00b0"})) return Unit::degrees;
    if (in(word, {"mired", "mireds"})) return Unit::mired;
    return Unit::none;
}

// Every number that has a unit, or stands where an amount stands ("blur 12", "by 12", "it 12").
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

class Parser {
  public:
    Parser(std::string_view prompt, Words words) : prompt_(prompt), words_(std::move(words)) {}

    Result<Operation> parse() {
        if (!words_.empty() && in(words_.front(), {"curve", "curves"})) return curve();
        found_ = amounts(words_);
        if (found_.size() > 1) return no("two numbers contradict each other", Ability::none);
        rest_ = words_;
        if (found_.size() == 1)
            rest_.erase(rest_.begin() + static_cast<std::ptrdiff_t>(found_[0].begin),
                        rest_.begin() + static_cast<std::ptrdiff_t>(found_[0].end));
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
        if (in(verb, {"pixelate", "pixellate", "pixelize", "pixelise", "mosaic"}))
            return pixelate();
        if (in(verb, {"brighten", "lighten", "illuminate"}) || starts(rest_, {"light", "up"}))
            return exposure(1);
        if (in(verb, {"darken", "dim"})) return exposure(-1);
        if (in(verb, {"desaturate", "decolor", "decolour", "decolorize", "decolourize",
                      "decolorise", "decolourise"}))
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

  private:
    Result<Operation> no(std::string_view reason, Ability nearest) const {
        return tl::unexpected(refusal(prompt_, words_, reason, nearest));
    }

    bool is_remove() const {
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

    Result<Operation> remove() const {
        const Words thing = without(from(rest_, 1), kArticles);
        if (!thing.empty() &&
            in(thing[0], {"color", "colour", "colors", "colours", "saturation"}) &&
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

    static bool is_gray(const Words& words) {
        return ends(words, {"black", "and", "white"}) || ends(words, {"black", "&", "white"}) ||
               ends(words, {"b", "&", "w"}) || ends(words, {"b", "and", "w"}) ||
               ends(words, {"bw"}) || ends(words, {"grayscale"}) || ends(words, {"greyscale"}) ||
               ends(words, {"gray", "scale"}) || ends(words, {"grey", "scale"}) ||
               ends(words, {"monochrome"}) || ends(words, {"desaturated"}) ||
               ends(words, {"colorless"}) || ends(words, {"colourless"});
    }
    static bool is_blurry(const Words& words) {
        return ends(words, {"out", "of", "focus"}) || ends(words, {"soft", "focus"}) ||
               (!words.empty() &&
                in(words.back(), {"blurry", "blurred", "blurrier", "unfocused", "defocused",
                                  "fuzzy", "soft", "softer", "unsharp"}));
    }

    Result<Operation> blur() const {
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

    Result<Operation> pixelate() const {
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

    bool has(Set set) const {
        return std::any_of(rest_.begin(), rest_.end(),
                           [&](const std::string& w) { return in(w, set); });
    }
    double by_adverb() const {
        if (has({"slightly", "little", "bit", "somewhat", "subtly"})) return 0.5;
        if (has({"much", "lot", "strongly", "far", "very"})) return 2;
        return 1;
    }

    Result<Operation> exposure(int sign) const {
        double stops = 0.5 * by_adverb();
        if (!found_.empty()) {
            const Amount& a = found_[0];
            if (a.unit == Unit::stops)
                stops = a.value;
            else if (a.unit != Unit::percent)
                return no("say how much in % or stops", Ability::brighten);
            else if (sign < 0 && a.value >= 100)
                return no("it can darken by less than 100 %", Ability::brighten);
            else
                stops = sign * std::log2(1 + sign * a.value / 100);
        }
        if (!(stops > 0 && stops <= 8))
            return no("light can change by up to 8 stops", Ability::brighten);
        return Operation{Brighten{sign * stops}};
    }

    Result<Operation> desaturation(int sign) const {
        double amount = sign > 0 ? 1.0 : 0.3 * by_adverb();
        if (!found_.empty()) {
            if (found_[0].unit != Unit::percent)
                return no("say how much in %", Ability::desaturate);
            amount = found_[0].value / 100;
        }
        if (!(amount > 0 && amount <= (sign > 0 ? 1 : 4)))
            return no(sign > 0 ? "colour can be reduced by 1 to 100 %"
                               : "colour can be raised by 1 to 400 %",
                      Ability::desaturate);
        return Operation{Desaturate{sign * amount}};
    }

    bool is_level(std::string_view verb) const {
        return in(verb, {"double", "halve", "increase", "raise", "boost", "lift", "decrease",
                         "reduce", "lower", "brighten", "darken", "lighten", "recover", "open"}) ||
               starts(rest_, {"turn", "up"}) || starts(rest_, {"turn", "down"});
    }

    // A share, where one is given: within 0 .. `most`, else nothing.
    std::optional<double> share(double usual, double most) const {
        if (found_.empty()) return std::min(usual * by_adverb(), most);
        if (found_[0].unit != Unit::percent) return std::nullopt;
        const double value = found_[0].value / 100;
        return value > 0 && value <= most ? std::optional(value) : std::nullopt;
    }

    Result<Operation> contrast(int sign) const {
        const auto amount = share(0.25, sign < 0 ? 1 : 4);
        if (!amount)
            return no(sign < 0 ? "contrast can be reduced by 1 to 100 %"
                               : "contrast can be raised by 1 to 400 %",
                      Ability::contrast);
        return Operation{Contrast{sign * *amount}};
    }

    Result<Operation> temper(int sign) const {
        double mired = 30 * by_adverb();
        if (!found_.empty()) {
            if (found_[0].unit != Unit::mired && found_[0].unit != Unit::percent)
                return no("say how much in % or mired", Ability::temper);
            mired = found_[0].value;
        }
        if (!(mired > 0 && mired <= 120))
            return no("the light can be moved by 1 to 120 mired", Ability::temper);
        return Operation{Temper{sign * mired}};
    }

    Result<Operation> hue() const {
        if (found_.size() != 1 || found_[0].unit != Unit::degrees ||
            !(std::abs(found_[0].value) <= 360))
            return no("say by how many degrees, up to 360", Ability::hue);
        return Operation{TurnHue{found_[0].value}};
    }

    // "lift the shadows by 20 %"
    Result<Operation> tone() const {
        const std::string& verb = rest_[0];
        const bool dark = has({"shadows", "shadow"});
        if (dark && has({"highlights", "highlight"}))
            return no("shadows and highlights are two steps", Ability::tone);
        const bool down = in(verb, {"decrease", "reduce", "lower", "darken"}) ||
                          (verb == "turn" && rest_[1] == "down") || (verb == "recover" && !dark);
        const auto amount = share(0.3, 1);
        if (!amount) return no("say how much, 1 to 100 %", Ability::tone);
        const double by = down ? -*amount : *amount;
        return Operation{dark ? Tone{by, 0} : Tone{0, by}};
    }

    // "curve 64 to 80, 192 to 200"
    Result<Operation> curve() const {
        const Words words = without(words_, {",", "and", "from", "points", "at", "with", "a"});
        Curve result;
        result.points.push_back({0, 0});
        for (std::size_t i = 1; i < words.size(); i += 3) {
            const bool whole = i + 2 < words.size() && words[i + 1] == "to";
            const auto in = whole ? number(words[i]) : std::nullopt;
            const auto out = whole ? number(words[i + 2]) : std::nullopt;
            if (!in || !out || !(*in >= 0 && *in <= 255 && *out >= 0 && *out <= 255))
                return no("a curve is pairs of numbers from 0 to 255", Ability::curve);
            const CurvePoint point{static_cast<float>(*in / 255), static_cast<float>(*out / 255)};
            if (point.in == 0 && result.points.size() == 1) {
                result.points.front() = point;
                continue;
            }
            if (point.in <= result.points.back().in)
                return no("the curve's inputs have to rise", Ability::curve);
            result.points.push_back(point);
        }
        if (words.size() < 2) return no("a curve needs a point", Ability::curve);
        if (result.points.back().in < 1) result.points.push_back({1, 1});
        if (result.points.size() > 32) return no("a curve has 30 points at most", Ability::curve);
        return Operation{std::move(result)};
    }

    Result<Operation> sharpen() const {
        Sharpen result;
        result.amount = by_adverb();
        if (!found_.empty()) {
            const double value = found_[0].value;
            if (found_[0].unit == Unit::percent && value > 0 && value <= 500)
                result.amount = value / 100;
            else if (found_[0].unit == Unit::px && value >= 0.2 && value <= 20)
                result.sigma_px = value;
            else
                return no("it sharpens by 1 to 500 %, or at 0.2 to 20 px", Ability::sharpen);
        }
        return Operation{result};
    }

    Result<Operation> denoise() const {
        const auto strength = share(1, 4);
        if (!strength) return no("noise is taken out by 1 to 400 %", Ability::denoise);
        return Operation{Denoise{*strength}};
    }

    // "fill it with a gradient from red to black, downwards"
    Result<Operation> fill() const {
        auto with = std::find(rest_.begin(), rest_.end(), "with");
        if (with == rest_.end()) return no("say what to fill it with", Ability::fill);
        Words what = without(Words(with + 1, rest_.end()), kArticles);
        if (what.empty()) return no("say what to fill it with", Ability::fill);
        if (in(what[0], {"gradient", "blend", "ramp"})) {
            FillGradient result;
            if (in(what.back(), {"across", "right", "rightwards", "horizontally"}))
                result.degrees = 0;
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
        if (const auto color = whole_color(what))
            return Operation{FillColor{color->srgb, color->name}};
        return remove();
    }

    // The colour that all of the words spell.
    static std::optional<NamedColor> whole_color(const Words& words) {
        const Words color =
            without_color_word(without(words, {"solid", "plain", "pure", "colour", "color"}));
        const auto found = color_at_end(color);
        if (!found || static_cast<std::size_t>(found->words) != color.size()) return std::nullopt;
        return found;
    }

    // "increase the brightness by 20 %"
    Result<Operation> level() const {
        const std::string& verb = rest_[0];
        int sign = in(verb, {"decrease", "reduce", "lower", "halve"}) ||
                           (verb == "turn" && rest_[1] == "down")
                       ? -1
                       : 1;
        if (has({"brightness", "exposure", "light", "lightness", "luminance", "luminosity",
                 "darkness"})) {
            if (has({"darkness"})) sign = -sign;
            if (in(verb, {"double", "halve"})) return Operation{Brighten{double(sign)}};
            return exposure(sign);
        }
        if (has({"contrast", "punch"})) return contrast(sign);
        if (has({"temperature", "warmth"})) return temper(sign);
        if (has({"sharpness", "crispness"}) && sign > 0) return sharpen();
        if (has({"noise", "grain"}) && sign < 0) return denoise();
        if (has({"saturation", "color", "colour", "colors", "colours", "vibrance", "chroma"})) {
            if (verb == "double") return Operation{Desaturate{-1}};
            if (verb == "halve") return Operation{Desaturate{0.5}};
            if (sign < 0 && found_.empty()) return Operation{Desaturate{0.3 * by_adverb()}};
            return desaturation(-sign);
        }
        return no("", Ability::none);
    }

    static Words without_color_word(Words words) {
        while (!words.empty() && in(words.back(), {"color", "colour", "colored", "coloured", "tint",
                                                   "hue", "shade", "tone", "paint"}))
            words.pop_back();
        return words;
    }

    Result<Operation> recolor(const Words& all) const {
        const Words words = without_color_word(all);
        const std::optional<NamedColor> color = color_at_end(words);
        if (!color) return no("it knows no such colour", Ability::recolor);
        const std::size_t before = words.size() - static_cast<std::size_t>(color->words);
        if (before >= 2 && in(words[before - 1], {"and", "or", "&", ","}) &&
            color_at_end({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(before - 1)}))
            return no("it can use one colour at a time", Ability::recolor);
        return Operation{Recolor{color->srgb, color->name}};
    }

    // "change the red car to blue"; "turn it blue"
    Result<Operation> change() const {
        for (std::size_t i = rest_.size(); i-- > 1;) {
            if (!in(rest_[i], {"to", "into"})) continue;
            const Words tail = without_color_word(
                without(from(rest_, i + 1), {"a", "an", "the", "be", "something", "nice", "more",
                                             "of", "shade", "color", "colour"}));
            if (ends(tail, {"mosaic"})) return pixelate();
            const std::optional<NamedColor> color = color_at_end(tail);
            if (color && static_cast<std::size_t>(color->words) == tail.size())
                return Operation{Recolor{color->srgb, color->name}};
            return no("it changes colours, not things", Ability::recolor);
        }
        if (rest_[0] == "turn") return make(from(rest_, 1));
        return no("no colour is named", Ability::recolor);
    }

    Result<Operation> make(const Words& words) const {
        if (words.empty()) return no("", Ability::none);
        const std::string& last = words.back();
        const std::string_view before =
            words.size() > 1 ? std::string_view(words[words.size() - 2]) : std::string_view();
        if (in(last, {"disappear", "vanish", "invisible", "gone"}) || ends(words, {"go", "away"}))
            return Operation{Remove{}};
        if (is_blurry(words)) return blur();
        if (in(last, {"pixelated", "pixelised", "pixelized", "blocky", "mosaic"}))
            return pixelate();
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

    // "apply a gaussian blur of 12 px"
    Result<Operation> apply() const {
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

    std::string_view prompt_;
    Words words_, rest_; // rest_: without the amount
    std::vector<Amount> found_;
};

} // namespace

Result<Operations> parse_prompt(std::string_view prompt) {
    constexpr std::size_t kMost = 8;
    Words words = words_of(prompt);
    strip(words);
    if (words.empty()) return tl::unexpected(refusal(prompt, words, "it is empty", Ability::none));
    if (std::any_of(words.begin(), words.end(), [](const std::string& w) {
            return in(w, {"not", "never"});
        }))
        return tl::unexpected(
            refusal(prompt, words, "say what to do, not what to leave", Ability::none));
    if (std::any_of(words.begin(), words.end(), [](const std::string& w) {
            return in(w, {"redact", "censor", "anonymize", "anonymise"});
        }))
        return tl::unexpected(refusal(
            prompt, words, "a blur or mosaic can be undone, so it does not pass one off as this",
            Ability::remove));
    const std::vector<Words> parts = parted(words);
    if (parts.size() > kMost)
        return tl::unexpected(refusal(
            prompt, words, "it does eight things at most, one after the other", Ability::none));
    Operations operations;
    for (Words part : parts) {
        strip(part);
        if (parts.size() > 1 && !part.empty() &&
            in(part.back(), {"rest", "else", "others", "surroundings"}))
            return tl::unexpected(
                refusal(prompt, words, "it changes only what is masked", Ability::none));
        auto operation = Parser(prompt, std::move(part)).parse();
        if (!operation) return tl::unexpected(operation.error());
        operations.push_back(std::move(*operation));
    }
    return operations;
}

} // namespace mw::inpaint
