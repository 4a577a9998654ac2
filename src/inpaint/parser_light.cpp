// Operations on light and colours.
#include <cmath>

#include "inpaint/parser.h"

namespace mw::inpaint {

Result<Operation> Parser::exposure(int sign) const {
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

Result<Operation> Parser::desaturation(int sign) const {
    double amount = sign > 0 ? 1.0 : 0.3 * by_adverb();
    if (!found_.empty()) {
        if (found_[0].unit != Unit::percent) return no("say how much in %", Ability::desaturate);
        amount = found_[0].value / 100;
    }
    if (!(amount > 0 && amount <= (sign > 0 ? 1 : 4)))
        return no(
            sign > 0 ? "colour can be reduced by 1 to 100 %" : "colour can be raised by 1 to 400 %",
            Ability::desaturate);
    return Operation{Desaturate{sign * amount}};
}

Result<Operation> Parser::contrast(int sign) const {
    const auto amount = share(0.25, sign < 0 ? 1 : 4);
    if (!amount)
        return no(sign < 0 ? "contrast can be reduced by 1 to 100 %"
                           : "contrast can be raised by 1 to 400 %",
                  Ability::contrast);
    return Operation{Contrast{sign * *amount}};
}

Result<Operation> Parser::temper(int sign) const {
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

Result<Operation> Parser::hue() const {
    if (found_.size() != 1 || found_[0].unit != Unit::degrees ||
        !(std::abs(found_[0].value) <= 360))
        return no("say by how many degrees, up to 360", Ability::hue);
    return Operation{TurnHue{found_[0].value}};
}

Result<Operation> Parser::tone() const {
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

Result<Operation> Parser::curve() const {
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

Result<Operation> Parser::level() const {
    const std::string& verb = rest_[0];
    int sign =
        in(verb, {"decrease", "reduce", "lower", "halve"}) || (verb == "turn" && rest_[1] == "down")
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

} // namespace mw::inpaint
