// What a prompt asks of the built-in engine: a small documented grammar, English.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "image/color.h"

namespace mw::inpaint {

struct Remove {};
struct Recolor {
    image::Float3 srgb; // 0..1 encoded
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
    double amount = 1; // negative saturates
};
using Operation = std::variant<Remove, Recolor, Blur, Pixelate, Brighten, Desaturate>;

// One operation for each prompt. Case, articles, "please" and punctuation do not matter; the thing
// named is not looked for, the mask says where. THING is any words, or none.
//
//   remove     remove | erase | delete | clear | eliminate | get rid of | take out | take away |
//              clean up | wipe | retouch | heal | inpaint | fill in … THING
//              make THING disappear | vanish | go away | invisible
//   recolour   recolour | colour | paint | dye | tint | colorize | make THING [to] COLOUR
//              change | turn | convert | switch … THING to | into COLOUR     (the last "to" counts)
//              turn | give THING [a] COLOUR [colour | tint]
//   blur       blur | defocus | soften | smooth … THING [[by] N [px]]; put | make THING out of
//   focus pixelate   pixelate | mosaic … THING [[by] N [px]] brighten   brighten | lighten | darken
//   | dim … THING [by N % | N stops]
//              increase | raise | boost | reduce | lower … brightness | exposure [by …]
//              make THING brighter | lighter | darker
//   saturate   desaturate | decolorize … THING [by N %]; remove the colour;
//              make | turn THING black and white | greyscale; saturate THING [by N %];
//              increase | reduce saturation [by N %]; make THING more | less colourful
//
// COLOUR: see color_names.h. N: a number or a word from half to ten; px within 0.1 .. 500 (blur)
// and 2 .. 1000 (pixelate), stops within 8. "redact" and "censor" are refused, since a blur or
// mosaic can be undone. Errors: engine, for an empty prompt, anything else, two operations ("and
// then …"), two colours, "do not …", or a number out of range: one sentence with what was asked,
// the nearest that can be done, and the list. Any bytes, any length.
Result<Operation> parse_prompt(std::string_view prompt);

// What will be done, for people: "recolour to dark green (#006400)".
std::string describe(const Operation& operation);

// One line for each thing the engine can do, with an example.
std::vector<std::string> abilities();

} // namespace mw::inpaint
