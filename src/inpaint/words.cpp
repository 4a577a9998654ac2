#include "inpaint/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "inpaint/color_names.h"
#include "inpaint/prompt_text.h"

namespace mw::inpaint {
namespace {

struct Describer {
    std::string operator()(const Remove&) const { return "remove, filled from the surroundings"; }
    std::string operator()(const Recolor& r) const {
        return fmt::format("recolour to {}", named(r.color_name, r.srgb));
    }
    std::string operator()(const Blur& b) const {
        return b.sigma_px > 0 ? fmt::format("blur by {:.3g} px", b.sigma_px)
                              : "blur, as wide as the region asks for";
    }
    std::string operator()(const Pixelate& p) const {
        return p.side_px > 0 ? fmt::format("pixelate in cells of {} px", p.side_px)
                             : "pixelate, as coarse as the region asks for";
    }
    std::string operator()(const Brighten& b) const {
        const double stops = b.stops < 0 ? -b.stops : b.stops;
        return fmt::format("{} by {:.2g} stop{}", b.stops < 0 ? "darken" : "brighten", stops,
                           stops > 1 ? "s" : "");
    }
    std::string operator()(const Desaturate& d) const {
        if (d.amount >= 1) return "take all colour out";
        return fmt::format("{} by {:.0f} %", d.amount < 0 ? "saturate" : "desaturate",
                           100 * (d.amount < 0 ? -d.amount : d.amount));
    }
    std::string operator()(const Contrast& c) const {
        return fmt::format("{} the contrast by {:.0f} %", c.amount < 0 ? "reduce" : "raise",
                           100 * std::abs(c.amount));
    }
    std::string operator()(const Temper& t) const {
        return fmt::format("{} by {:.0f} mired", t.mired < 0 ? "cool" : "warm", std::abs(t.mired));
    }
    std::string operator()(const TurnHue& h) const {
        return fmt::format("turn the hue by {:.3g} degrees", h.degrees);
    }
    std::string operator()(const Tone& t) const {
        const bool dark = t.shadows != 0;
        const double by = dark ? t.shadows : t.highlights;
        return fmt::format("{} the {} by {:.0f} %", by < 0 ? "lower" : "lift",
                           dark ? "shadows" : "highlights", 100 * std::abs(by));
    }
    std::string operator()(const Curve& c) const {
        std::string text = "curve ";
        for (std::size_t i = 1; i + 1 < c.points.size(); ++i)
            text += fmt::format("{}{:.0f} to {:.0f}", i > 1 ? ", " : "", 255 * c.points[i].in,
                                255 * c.points[i].out);
        return text;
    }
    std::string operator()(const Sharpen& s) const {
        return s.sigma_px > 0
                   ? fmt::format("sharpen by {:.0f} %, {:.3g} px", 100 * s.amount, s.sigma_px)
                   : fmt::format("sharpen by {:.0f} %", 100 * s.amount);
    }
    std::string operator()(const Denoise& d) const {
        return fmt::format("take out noise, {:.0f} % of what was measured", 100 * d.strength);
    }
    std::string operator()(const LensBlur& b) const {
        return b.radius_px > 0 ? fmt::format("blur as a lens does, discs of {:.3g} px", b.radius_px)
                               : "blur as a lens does, as wide as the region asks for";
    }
    std::string operator()(const FillColor& f) const {
        return fmt::format("fill with {}", named(f.color_name, f.srgb));
    }
    std::string operator()(const FillGradient& g) const {
        return fmt::format("fill with a gradient from {} to {}", named(g.from_name, g.from),
                           named(g.to_name, g.to));
    }
    std::string operator()(const FillFlat&) const {
        return "fill with the colours around, as noisy as they are";
    }
    std::string operator()(const WriteText& t) const {
        std::string text = fmt::format("write \"{}\"", inpaint::quoted(t.text));
        if (!t.family.empty()) text += " in " + inpaint::quoted(t.family);
        if (t.bold) text += ", bold";
        if (t.italic) text += ", italic";
        if (t.srgb) text += ", " + named(t.color_name, *t.srgb);
        if (t.size_px > 0) text += fmt::format(", {:.3g} px", t.size_px);
        if (t.align != TextAlign::center)
            text += t.align == TextAlign::left ? ", to the left" : ", to the right";
        if (t.degrees) text += fmt::format(", at {:.3g} degrees", *t.degrees);
        return text;
    }
    std::string operator()(const Redact&) const {
        return "redact: nothing of what was there stays, what is around is carried across";
    }
    std::string operator()(const Clone& c) const {
        return fmt::format("{} {} {},{}", c.heal ? "heal" : "clone", c.offset ? "by" : "from", c.x,
                           c.y);
    }
    static std::string named(const std::string& name, image::Float3 srgb) {
        const std::string hex = hex_of(srgb);
        return name.empty() || name == hex ? hex : fmt::format("{} ({})", name, hex);
    }
};

} // namespace

bool removes(const Operations& operations) {
    return std::any_of(operations.begin(), operations.end(),
                       [](const Operation& o) { return std::holds_alternative<Remove>(o); });
}

bool redacts(const Operations& operations) {
    return operations.size() == 1 && std::holds_alternative<Redact>(operations.front());
}

const Clone* clone_of(const Operations& operations) {
    return operations.size() == 1 ? std::get_if<Clone>(&operations.front()) : nullptr;
}

std::string describe(const Operations& operations) {
    std::string text;
    for (const Operation& operation : operations)
        text += (text.empty() ? "" : ", then ") + std::visit(Describer{}, operation);
    return text;
}

std::vector<std::string> abilities() {
    return {
        "remove a thing: \"remove the ball\"",
        "redact, so that nothing of it is left: \"redact\"",
        "recolour: \"make it dark green\" or \"change the car to #1e5a2c\"",
        "blur: \"blur\" or \"blur by 12 px\"",
        "pixelate: \"pixelate\" or \"pixelate by 16 px\"",
        "brighten or darken: \"brighten by 40 %\" or \"darken by 1 stop\"",
        "change the saturation: \"desaturate by 50 %\" or \"make it black and white\"",
        "change the light: \"increase the contrast by 20 %\", \"lift the shadows\", \"curve 64 to "
        "80\"",
        "change the colours: \"warm it up\", \"cool by 20 mired\", \"turn the hue by 30 degrees\"",
        "sharpen or denoise: \"sharpen by 80 %\" or \"denoise\"",
        "fill: \"fill with navy\", \"fill with a gradient from red to black\", \"fill with a "
        "flat\"",
        "set a text: \"write 'OPEN' in white\"",
        "clone or heal from elsewhere: \"clone from 820,400\", \"heal by -60,0\"",
        "several, one after the other: \"remove the sign, then sharpen by 50 %\"",
    };
}

} // namespace mw::inpaint
