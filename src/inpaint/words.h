// What a prompt asks of the built-in engine: a small documented grammar, English.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "image/color.h"

namespace mw::inpaint {

struct Remove {};
struct Recolor {
    image::Float3 srgb;
    std::string color_name;
};
struct Blur {
    double sigma_px = 0; // 0: from the size of the masked region
};
struct Pixelate {
    int side_px = 0; // 0: from the size of the masked region
};
struct Brighten {
    double stops = 0.5; // negative darkens
};
struct Desaturate {
    double amount = 1;
};
using Operation = std::variant<Remove, Recolor, Blur, Pixelate, Brighten, Desaturate>;

// "remove the ball", "make it dark green", "blur 12px", "brighten by 40%", "remove it and then …"
// is not understood: one operation for now. Case, punctuation and articles do not matter; the thing
// named is not looked for, the mask says where. Errors: engine, with the list of what can be done
// and the nearest of it.
Result<Operation> parse_prompt(std::string_view prompt);

// What will be done, for people: "recolour to #1e5a2c".
std::string describe(const Operation& operation);

// One line for each thing the engine can do, with an example.
std::vector<std::string> abilities();

} // namespace mw::inpaint
