// Operations as a prompt: the grammar of words.h the other way round.
#include <fmt/format.h>

#include <cmath>

#include "inpaint/color_names.h"
#include "inpaint/prompt_text.h"
#include "inpaint/words.h"

namespace mw::inpaint {
namespace {

// Digits as a person writes them, and as the grammar reads them: no exponent.
std::string digits(double value) {
    std::string text = fmt::format("{:.6f}", value);
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string color_of(const std::string& name, image::Float3 srgb) {
    const auto words = words_of(name);
    if (!name.empty())
        if (const auto named = color_at_end(words);
            named && static_cast<std::size_t>(named->words) == words.size() && named->srgb == srgb)
            return name;
    return hex_of(srgb);
}

// Between quotes that the text does not close itself (quoted_text.h).
std::string in_quotes(std::string text) {
    const auto has = [&](std::string_view mark) { return text.find(mark) != text.npos; };
    if (!has("\"") && !has("”")) return "\"" + text + "\"";
    if (has("»")) std::erase_if(text, [](char c) { return c == '"'; });
    return has("»") ? "\"" + text + "\"" : "«" + text + "»";
}

struct Sayer {
    static std::string px(std::string what, double value) {
        return value > 0 ? fmt::format("{} by {} px", what, digits(value)) : what;
    }
    static std::string percent(std::string_view what, double share) {
        return fmt::format("{} by {} %", what, digits(100 * share));
    }

    std::string operator()(const Remove&) const { return "remove"; }
    std::string operator()(const Recolor& r) const {
        return "recolour to " + color_of(r.color_name, r.srgb);
    }
    std::string operator()(const Blur& b) const { return px("blur", b.sigma_px); }
    std::string operator()(const Pixelate& p) const { return px("pixelate", p.side_px); }
    std::string operator()(const Brighten& b) const {
        const std::string_view what = b.stops < 0 ? "darken" : "brighten";
        // What was said in % is said so again.
        const double share = b.stops < 0 ? 1 - std::exp2(b.stops) : std::exp2(b.stops) - 1;
        const double whole = std::round(100 * share);
        if (std::abs(100 * share - whole) < 1e-9 && whole != 0 && whole != 100)
            return percent(what, whole / 100);
        const double stops = std::abs(b.stops);
        return fmt::format("{} by {} stop{}", what, digits(stops), stops == 1 ? "" : "s");
    }
    std::string operator()(const Desaturate& d) const {
        if (d.amount == 1) return "desaturate";
        return percent(d.amount < 0 ? "saturate" : "desaturate", std::abs(d.amount));
    }
    std::string operator()(const Contrast& c) const {
        return percent(c.amount < 0 ? "reduce the contrast" : "increase the contrast",
                       std::abs(c.amount));
    }
    std::string operator()(const Temper& t) const {
        return fmt::format("{} by {} mired", t.mired < 0 ? "cool" : "warm",
                           digits(std::abs(t.mired)));
    }
    std::string operator()(const TurnHue& h) const {
        return fmt::format("turn the hue by {} degrees", digits(h.degrees));
    }
    std::string operator()(const Tone& t) const {
        const double by = t.shadows != 0 ? t.shadows : t.highlights;
        return percent(fmt::format("{} the {}", by < 0 ? "lower" : "lift",
                                   t.shadows != 0 ? "shadows" : "highlights"),
                       std::abs(by));
    }
    std::string operator()(const Curve& c) const {
        std::string text;
        const auto add = [&](const CurvePoint& p) {
            text += fmt::format("{}{} to {}", text.empty() ? "curve " : ", ", digits(255.0 * p.in),
                                digits(255.0 * p.out));
        };
        for (const CurvePoint& p : c.points)
            if (p != CurvePoint{0, 0} && p != CurvePoint{1, 1}) add(p);
        if (text.empty()) add({1, 1});
        return text;
    }
    std::string operator()(const Sharpen& s) const {
        const std::string text = percent("sharpen", s.amount);
        return s.sigma_px > 0 ? fmt::format("{} at {} px", text, digits(s.sigma_px)) : text;
    }
    std::string operator()(const Denoise& d) const { return percent("denoise", d.strength); }
    std::string operator()(const LensBlur& b) const { return px("blur with bokeh", b.radius_px); }
    std::string operator()(const FillColor& f) const {
        return "fill with " + color_of(f.color_name, f.srgb);
    }
    std::string operator()(const FillGradient& g) const {
        return fmt::format("fill with a gradient from {} to {}{}", color_of(g.from_name, g.from),
                           color_of(g.to_name, g.to),
                           g.degrees == 0     ? " across"
                           : g.degrees == 180 ? " left"
                           : g.degrees == 270 ? " up"
                                              : "");
    }
    std::string operator()(const FillFlat&) const { return "fill with a flat"; }
    std::string operator()(const Redact&) const { return "redact"; }
    std::string operator()(const Clone& c) const {
        return fmt::format("{} {} {},{}", c.heal ? "heal" : "clone", c.offset ? "by" : "from", c.x,
                           c.y);
    }
    std::string operator()(const WriteText& t) const {
        std::string text = "write " + in_quotes(t.text);
        if (!t.family.empty()) text += " in " + in_quotes(t.family);
        if (t.bold) text += ", bold";
        if (t.italic) text += ", italic";
        if (t.srgb) text += ", " + color_of(t.color_name, *t.srgb);
        if (t.size_px > 0) text += fmt::format(", {} px", digits(t.size_px));
        if (t.align != TextAlign::center) text += t.align == TextAlign::left ? ", left" : ", right";
        if (t.degrees) text += fmt::format(", at {} degrees", digits(*t.degrees));
        return text;
    }
};

} // namespace

std::string prompt_of(const Operations& operations) {
    std::string text;
    for (const Operation& operation : operations)
        text += (text.empty() ? "" : ", then ") + std::visit(Sayer{}, operation);
    return text;
}

} // namespace mw::inpaint
