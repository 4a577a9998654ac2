#include "provider/builtin_steps.h"

#include <algorithm>
#include <cmath>

#include "inpaint/color_names.h"
#include "inpaint/prompt_text.h"

namespace mw::provider {
namespace {

using edit::PromptParameter;
using edit::PromptStep;
using Kind = PromptParameter::Kind;

PromptParameter number(std::string name, double value, double low, double high, std::string unit) {
    PromptParameter p;
    p.name = std::move(name);
    p.value = value;
    p.low = low;
    p.high = high;
    p.unit = std::move(unit);
    return p;
}
PromptParameter whole(std::string name, double value, double low, double high, std::string unit) {
    PromptParameter p = number(std::move(name), value, low, high, std::move(unit));
    p.kind = Kind::whole_number;
    return p;
}
// 0 stands for: not said.
PromptParameter or_open(PromptParameter p, std::string automatic) {
    p.open = p.value == 0;
    p.automatic = std::move(automatic);
    return p;
}
PromptParameter choice(std::string name, std::vector<std::string> choices, int chosen) {
    PromptParameter p =
        number(std::move(name), chosen, 0, static_cast<double>(choices.size()) - 1, {});
    p.kind = Kind::choice;
    p.choices = std::move(choices);
    return p;
}
// A colour's name travels as the unit, and is said again while it is that colour.
PromptParameter color(std::string name, image::Float3 srgb, const std::string& called) {
    PromptParameter p = number(std::move(name), 0, 0, 0, called);
    p.kind = Kind::color;
    p.color = srgb;
    return p;
}

PromptParameter words(std::string name, std::string text) {
    PromptParameter p = number(std::move(name), 0, 0, 0, {});
    p.kind = Kind::text;
    p.words = std::move(text);
    return p;
}

double percent(double share) {
    return std::round(share * 1e8) / 1e6;
}

struct ToStep {
    using Parameters = std::vector<PromptParameter>;
    std::string name;

    Parameters operator()(const inpaint::Remove&) { return say("Remove"); }
    Parameters operator()(const inpaint::Recolor& o) {
        return say("Recolour", {color("to", o.srgb, o.color_name)});
    }
    Parameters operator()(const inpaint::Blur& o) {
        return say("Blur",
                   {or_open(number("by", o.sigma_px, 0.1, 500, "px"), "as the region asks")});
    }
    Parameters operator()(const inpaint::Pixelate& o) {
        return say("Pixelate",
                   {or_open(whole("cells of", o.side_px, 2, 1000, "px"), "as the region asks")});
    }
    Parameters operator()(const inpaint::Brighten& o) {
        return say("Light", {number("by", o.stops, -8, 8, "stops")});
    }
    Parameters operator()(const inpaint::Desaturate& o) {
        return say("Saturation", {number("by", -percent(o.amount), -100, 400, "%")});
    }
    Parameters operator()(const inpaint::Contrast& o) {
        return say("Contrast", {number("by", percent(o.amount), -100, 400, "%")});
    }
    Parameters operator()(const inpaint::Temper& o) {
        return say("Warmth", {number("by", o.mired, -120, 120, "mired")});
    }
    Parameters operator()(const inpaint::TurnHue& o) {
        return say("Hue", {number("by", o.degrees, -360, 360, "degrees")});
    }
    Parameters operator()(const inpaint::Tone& o) {
        const bool dark = o.shadows != 0;
        return say("Tone",
                   {choice("of", {"shadows", "highlights"}, dark ? 0 : 1),
                    number("by", percent(dark ? o.shadows : o.highlights), -100, 100, "%")});
    }
    Parameters operator()(const inpaint::Curve& o) {
        Parameters all;
        for (const inpaint::CurvePoint& p : o.points) {
            if (p == inpaint::CurvePoint{0, 0} || p == inpaint::CurvePoint{1, 1}) continue;
            all.push_back(number("from", std::round(255e4 * p.in) / 1e4, 0, 255, {}));
            all.push_back(number("to", std::round(255e4 * p.out) / 1e4, 0, 255, {}));
        }
        return say("Curve", std::move(all));
    }
    Parameters operator()(const inpaint::Sharpen& o) {
        return say("Sharpen", {number("by", percent(o.amount), 1, 500, "%"),
                               or_open(number("at", o.sigma_px, 0.2, 20, "px"), "1 px")});
    }
    Parameters operator()(const inpaint::Denoise& o) {
        return say("Denoise", {number("by", percent(o.strength), 1, 400, "%")});
    }
    Parameters operator()(const inpaint::LensBlur& o) {
        return say("Lens blur",
                   {or_open(number("by", o.radius_px, 0.1, 500, "px"), "as the region asks")});
    }
    Parameters operator()(const inpaint::FillColor& o) {
        return say("Fill", {color("with", o.srgb, o.color_name)});
    }
    Parameters operator()(const inpaint::FillGradient& o) {
        const int to = o.degrees == 0 ? 1 : o.degrees == 270 ? 2 : o.degrees == 180 ? 3 : 0;
        return say("Gradient", {color("from", o.from, o.from_name), color("to", o.to, o.to_name),
                                choice("runs", {"down", "across", "up", "left"}, to)});
    }
    Parameters operator()(const inpaint::FillFlat&) { return say("Fill with a flat"); }
    Parameters operator()(const inpaint::Redact&) { return say("Redact"); }
    Parameters operator()(const inpaint::Clone& o) {
        constexpr double kMost = 1e6;
        return say(o.heal ? "Heal" : "Clone",
                   {choice("as", {"clone", "heal"}, o.heal ? 1 : 0),
                    choice("source", {"at", "away by"}, o.offset ? 1 : 0),
                    whole("x", o.x, -kMost, kMost, "px"), whole("y", o.y, -kMost, kMost, "px")});
    }
    Parameters operator()(const inpaint::WriteText& o) {
        PromptParameter turn = number("turned by", o.degrees.value_or(0), -90, 90, "degrees");
        turn.open = !o.degrees;
        turn.automatic = "as the region lies";
        Parameters all{words("text", o.text),
                       words("font", o.family),
                       choice("weight", {"regular", "bold"}, o.bold ? 1 : 0),
                       choice("style", {"upright", "italic"}, o.italic ? 1 : 0),
                       or_open(number("size", o.size_px, 8, 4000, "px"), "as large as it fits"),
                       choice("stands", {"left", "centre", "right"}, static_cast<int>(o.align)),
                       std::move(turn)};
        if (o.srgb) all.push_back(color("colour", *o.srgb, o.color_name));
        return say("Text", std::move(all));
    }

  private:
    Parameters say(std::string what, Parameters parameters = {}) {
        name = std::move(what);
        return parameters;
    }
};

// Reads a step's parameters in their order, each within its range.
class Reader {
  public:
    explicit Reader(const PromptStep& step) : step_(step) {}
    bool complete() const { return complete_; }

    double number(double low, double high, double least = 0) {
        const PromptParameter* p = next();
        if (!p || !std::isfinite(p->value)) return low;
        const double v = std::clamp(p->value, low, high);
        return std::abs(v) < least ? (v < 0 ? -least : least) : v;
    }
    double number_or_open(double low, double high) {
        const PromptParameter* p = at_ < step_.parameters.size() ? &step_.parameters[at_] : nullptr;
        if (p && p->open) {
            ++at_;
            return 0;
        }
        return number(low, high);
    }
    std::optional<double> number_if_said(double low, double high) {
        if (at_ < step_.parameters.size() && step_.parameters[at_].open) {
            ++at_;
            return std::nullopt;
        }
        return number(low, high);
    }
    std::string words() {
        const PromptParameter* p = next();
        return p ? p->words : std::string();
    }
    bool at_end() const { return at_ == step_.parameters.size(); }
    int whole(double low, double high) { return static_cast<int>(std::lround(number(low, high))); }
    image::Float3 color(std::string& name) {
        const PromptParameter* p = next();
        name.clear();
        if (!p) return {};
        image::Float3 srgb = p->color;
        for (float& v : srgb)
            v = std::isfinite(v) ? std::round(std::clamp(v, 0.0f, 1.0f) * 255) / 255 : 0;
        name = inpaint::hex_of(srgb);
        const auto words = inpaint::words_of(p->unit);
        const auto named = inpaint::color_at_end(words);
        if (!named || static_cast<std::size_t>(named->words) != words.size() ||
            inpaint::hex_of(named->srgb) != name)
            return srgb;
        name = named->name;
        return named->srgb;
    }

  private:
    const PromptParameter* next() {
        if (at_ < step_.parameters.size()) return &step_.parameters[at_++];
        complete_ = false;
        return nullptr;
    }

    const PromptStep& step_;
    std::size_t at_ = 0;
    bool complete_ = true;
};

struct FromStep {
    Reader& read;

    void operator()(inpaint::Remove&) const {}
    void operator()(inpaint::Recolor& o) const { o.srgb = read.color(o.color_name); }
    void operator()(inpaint::Blur& o) const { o.sigma_px = read.number_or_open(0.1, 500); }
    void operator()(inpaint::Pixelate& o) const {
        o.side_px = static_cast<int>(std::lround(read.number_or_open(2, 1000)));
    }
    void operator()(inpaint::Brighten& o) const { o.stops = read.number(-8, 8, 0.01); }
    void operator()(inpaint::Desaturate& o) const { o.amount = -read.number(-100, 400, 1) / 100; }
    void operator()(inpaint::Contrast& o) const { o.amount = read.number(-100, 400, 1) / 100; }
    void operator()(inpaint::Temper& o) const { o.mired = read.number(-120, 120, 1); }
    void operator()(inpaint::TurnHue& o) const { o.degrees = read.number(-360, 360); }
    void operator()(inpaint::Tone& o) const {
        const bool dark = read.whole(0, 1) == 0;
        (dark ? o.shadows : o.highlights) = read.number(-100, 100, 1) / 100;
    }
    void operator()(inpaint::Curve&) const {} // curve_of
    void operator()(inpaint::Sharpen& o) const {
        o.amount = read.number(1, 500) / 100;
        o.sigma_px = read.number_or_open(0.2, 20);
    }
    void operator()(inpaint::Denoise& o) const { o.strength = read.number(1, 400) / 100; }
    void operator()(inpaint::LensBlur& o) const { o.radius_px = read.number_or_open(0.1, 500); }
    void operator()(inpaint::FillColor& o) const { o.srgb = read.color(o.color_name); }
    void operator()(inpaint::FillGradient& o) const {
        constexpr double kDegrees[] = {90, 0, 270, 180};
        o.from = read.color(o.from_name);
        o.to = read.color(o.to_name);
        o.degrees = kDegrees[read.whole(0, 3)];
    }
    void operator()(inpaint::FillFlat&) const {}
    void operator()(inpaint::Redact&) const {}
    void operator()(inpaint::Clone& o) const {
        o.heal = read.whole(0, 1) == 1;
        o.offset = read.whole(0, 1) == 1;
        o.x = read.whole(-1e6, 1e6);
        o.y = read.whole(-1e6, 1e6);
    }
    void operator()(inpaint::WriteText& o) const {
        o.text = read.words();
        o.family = read.words();
        o.bold = read.whole(0, 1) == 1;
        o.italic = read.whole(0, 1) == 1;
        o.size_px = read.number_or_open(8, 4000);
        o.align = static_cast<inpaint::TextAlign>(read.whole(0, 2));
        o.degrees = read.number_if_said(-90, 90);
        if (read.complete() && !read.at_end()) o.srgb = read.color(o.color_name);
    }
};

// Points of any order; of equal inputs the first stands.
inpaint::Curve curve_of(const PromptStep& step) {
    Reader read(step);
    inpaint::Curve curve;
    for (std::size_t i = 0; i + 1 < step.parameters.size(); i += 2) {
        const auto in = static_cast<float>(read.number(0, 255) / 255);
        const auto out = static_cast<float>(read.number(0, 255) / 255);
        curve.points.push_back({in, out});
    }
    const auto by_input = [](const auto& a, const auto& b) { return a.in < b.in; };
    std::ranges::stable_sort(curve.points, by_input);
    const auto same = std::ranges::unique(
        curve.points, [](const auto& a, const auto& b) { return a.in == b.in; });
    curve.points.erase(same.begin(), same.end());
    if (curve.points.empty() || curve.points.front().in > 0)
        curve.points.insert(curve.points.begin(), {0, 0});
    if (curve.points.back().in < 1) curve.points.push_back({1, 1});
    return curve;
}

template <std::size_t I = 0>
bool make(int kind, inpaint::Operation& out) {
    if constexpr (I < std::variant_size_v<inpaint::Operation>) {
        if (kind != static_cast<int>(I)) return make<I + 1>(kind, out);
        out.emplace<I>();
        return true;
    } else {
        return false;
    }
}

} // namespace

std::vector<PromptStep> steps_of(const inpaint::Operations& operations) {
    std::vector<PromptStep> steps;
    for (const inpaint::Operation& operation : operations) {
        ToStep to;
        PromptStep step;
        step.kind = static_cast<int>(operation.index());
        step.parameters = std::visit(to, operation);
        step.name = std::move(to.name);
        steps.push_back(std::move(step));
    }
    return steps;
}

inpaint::Operations operations_of(const std::vector<PromptStep>& steps) {
    inpaint::Operations operations;
    for (const PromptStep& step : steps) {
        inpaint::Operation operation;
        if (!make(step.kind, operation)) continue;
        Reader read(step);
        std::visit(FromStep{read}, operation);
        if (auto* curve = std::get_if<inpaint::Curve>(&operation)) *curve = curve_of(step);
        if (read.complete()) operations.push_back(std::move(operation));
    }
    return operations;
}

} // namespace mw::provider
