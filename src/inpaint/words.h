// What a prompt asks of the built-in engine: a small documented grammar, English.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "image/color.h"
#include "inpaint/adjust.h"

namespace mw::inpaint {

struct Remove {
    bool operator==(const Remove&) const = default;
};
struct Recolor {
    image::Float3 srgb; // 0..1 encoded
    std::string color_name;
    bool operator==(const Recolor&) const = default;
};
struct Blur {
    double sigma_px = 0; // 0: from the size of the masked region
    bool operator==(const Blur&) const = default;
};
struct Pixelate {
    int side_px = 0; // 0: from the size of the masked region
    bool operator==(const Pixelate&) const = default;
};
struct Brighten {
    double stops = 0.5; // negative darkens
    bool operator==(const Brighten&) const = default;
};
struct Desaturate {
    double amount = 1; // negative saturates
    bool operator==(const Desaturate&) const = default;
};
struct Contrast {
    double amount = 0.25; // the slope becomes 1 + amount
    bool operator==(const Contrast&) const = default;
};
struct Temper {
    double mired = 30; // > 0 warmer
    bool operator==(const Temper&) const = default;
};
struct TurnHue {
    double degrees = 0;
    bool operator==(const TurnHue&) const = default;
};
struct Tone {
    double shadows = 0, highlights = 0; // -1 .. 1
    bool operator==(const Tone&) const = default;
};
struct Curve {
    std::vector<CurvePoint> points; // black and white included
    bool operator==(const Curve&) const = default;
};
struct Sharpen {
    double amount = 1, sigma_px = 0; // 0: 1 px of the picture
    bool operator==(const Sharpen&) const = default;
};
struct Denoise {
    double strength = 1; // times the noise as measured
    bool operator==(const Denoise&) const = default;
};
struct LensBlur {
    double radius_px = 0; // 0: from the size of the masked region
    bool operator==(const LensBlur&) const = default;
};
struct FillColor {
    image::Float3 srgb; // 0..1 encoded
    std::string color_name;
    bool operator==(const FillColor&) const = default;
};
struct FillGradient {
    image::Float3 from, to; // 0..1 encoded
    std::string from_name, to_name;
    double degrees = 90; // 0 to the right, 90 down
    bool operator==(const FillGradient&) const = default;
};
struct FillFlat { // the surroundings' colours and noise
    bool operator==(const FillFlat&) const = default;
};
// Nothing of what is covered stays: a smooth continuation of what is not.
struct Redact {
    bool operator==(const Redact&) const = default;
};
// The picture of elsewhere.
struct Clone {
    bool heal = false; // its structure with the colours that are here
    // What is covered at p goes by the picture at p + (x, y); else (x, y) is what comes to the
    // middle of the mask's bounds. Whole pixels.
    bool offset = false;
    int x = 0, y = 0;
    bool operator==(const Clone&) const = default;
};
enum class TextAlign { left, center, right };
struct WriteText {
    std::string text, family; // family empty: the built-in font
    bool bold = false, italic = false;
    double size_px = 0;                // of the em, 8 .. 4000; 0: as large as the region holds
    std::optional<image::Float3> srgb; // 0..1 encoded; absent: from the picture
    std::string color_name;
    TextAlign align = TextAlign::center;
    std::optional<double> degrees; // clockwise, -90 .. 90; absent: as the region lies
    bool operator==(const WriteText&) const = default;
};
using Operation = std::variant<Remove, Recolor, Blur, Pixelate, Brighten, Desaturate, Contrast,
                               Temper, TurnHue, Tone, Curve, Sharpen, Denoise, LensBlur, FillColor,
                               FillGradient, FillFlat, Redact, Clone, WriteText>;

// Operations, done one after the other: "… and …", "… then …", commas and full stops part them
// where a verb follows. Case, articles, "please" and punctuation do not matter; the thing named is
// not looked for, the mask says where. THING is any words, or none.
//
//   remove     remove | erase | delete | clear | eliminate | get rid of | take out | take away |
//              clean up | wipe | retouch | heal | inpaint | fill in … THING
//              make THING disappear | vanish | go away | invisible
//   recolour   recolour | colour | paint | dye | tint | colorize | make THING [to] COLOUR
//              change | turn | convert | switch … THING to | into COLOUR     (the last "to" counts)
//              turn | give THING [a] COLOUR [colour | tint]
//   blur       blur | defocus | soften | smooth … THING [[by] N [px]]
//              put | make THING out of focus; with "lens" or "bokeh": a lens's disc of N px radius
//   pixelate   pixelate | mosaic … THING [[by] N [px]]
//   brighten   brighten | lighten | darken | dim … THING [by N % | N stops]
//              increase | raise | boost | reduce | lower … brightness | exposure [by …]
//              make THING brighter | lighter | darker
//   saturate   desaturate | decolorize … THING [by N %]; remove the colour;
//              make | turn THING black and white | greyscale; saturate THING [by N %];
//              increase | reduce saturation [by N %]; make THING more | less colourful
//   contrast   increase | reduce | add … contrast [by N %]; make THING punchier | flatter
//   warm       warm | cool … THING [up | down] [by N % | N mired]; make THING warmer | cooler; 100
//   %
//              is 100 mired
//   hue        shift | rotate | turn … hue by N degrees
//   tone       lift | raise | brighten | lower | darken | recover … shadows | highlights [by N %]
//   curve      curve N to N, N to N …: from 0 .. 255 to 0 .. 255, inputs rising
//   sharpen    sharpen … THING [by N %] [at N px]; make THING sharper | crisper
//   denoise    denoise … THING [by N %]; reduce | remove the noise | grain; make THING less noisy
//   fill       fill | flood THING with COLOUR; with a gradient from COLOUR to COLOUR [across | down
//   |
//              up]; with a flat; flatten THING
//   text       write | letter | typeset | put | set [the text] "TEXT" [in FONT] [bold] [italic]
//              [COLOUR] [size N | N px] [left | centre | right] [at N degrees] [on THING]; TEXT
//              (and FONT, where its name is a colour) between quotes
//   redact     redact | censor | anonymise | black out | blank out THING; make THING unreadable |
//              unrecognisable. Alone: nothing else in the prompt.
//   clone      clone | copy | heal … from X,Y | by DX,DY: the picture at X,Y to the middle of what
//              is masked, or that of so many pixels further. Alone.
//
// COLOUR: see color_names.h. N: a number or a word from half to ten; px within 0.1 .. 500 (blur), 2
// .. 1000 (pixelate) and 0.2 .. 20 (sharpen), stops within 8. A prompt that speaks of
// redacting and asks for anything else is refused: a blur or mosaic can be undone. Errors: engine,
// for an empty prompt, anything else, more than 8 operations, two colours or numbers in one, "do
// not …", or a number out of range: one sentence with what was asked, the nearest that can be done,
// and the list. Any bytes, any length.
using Operations = std::vector<Operation>;
Result<Operations> parse_prompt(std::string_view prompt);

// Whether what is covered goes, so that the engine needs something round it.
bool removes(const Operations& operations);

// Whether nothing of what is covered may stay, and whether the engine draws for exactly the mask.
bool redacts(const Operations& operations);
const Clone* clone_of(const Operations& operations); // null: none

// What will be done, for people: "recolour to dark green (#006400), then blur by 3 px".
std::string describe(const Operations& operations);

// A prompt that parse_prompt understands as these very operations, whatever the numbers (6 decimals
// of them): "recolour to dark green, then blur by 3 px".
std::string prompt_of(const Operations& operations);

// One line for each thing the engine can do, with an example.
std::vector<std::string> abilities();

} // namespace mw::inpaint
