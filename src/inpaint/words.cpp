#include "inpaint/words.h"

#include <fmt/format.h>

#include "inpaint/color_names.h"

namespace mw::inpaint {
namespace {

struct Describer {
    std::string operator()(const Remove&) const { return "remove, filled from the surroundings"; }
    std::string operator()(const Recolor& r) const {
        const std::string hex = hex_of(r.srgb);
        return r.color_name.empty() || r.color_name == hex
                   ? fmt::format("recolour to {}", hex)
                   : fmt::format("recolour to {} ({})", r.color_name, hex);
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
};

} // namespace

std::string describe(const Operation& operation) {
    return std::visit(Describer{}, operation);
}

std::vector<std::string> abilities() {
    return {
        "remove a thing: \"remove the ball\"",
        "recolour: \"make it dark green\" or \"change the car to #1e5a2c\"",
        "blur: \"blur\" or \"blur by 12 px\"",
        "pixelate: \"pixelate\" or \"pixelate by 16 px\"",
        "brighten or darken: \"brighten by 40 %\" or \"darken by 1 stop\"",
        "change the saturation: \"desaturate by 50 %\" or \"make it black and white\"",
    };
}

} // namespace mw::inpaint
