#include "inpaint/words.h"

#include <gtest/gtest.h>

#include <cmath>

#include "inpaint/color_names.h"
#include "inpaint/prompt_text.h"

namespace mw::inpaint {
namespace {

// An operation as a short text to compare with: "recolor #006400", "brighten 0.49".
struct Short {
    std::string operator()(const Remove&) const { return "remove"; }
    std::string operator()(const Recolor& r) const { return "recolor " + hex_of(r.srgb); }
    std::string operator()(const Blur& b) const { return "blur " + number(b.sigma_px); }
    std::string operator()(const Pixelate& p) const { return "pixelate " + number(p.side_px); }
    std::string operator()(const Brighten& b) const { return "brighten " + number(b.stops); }
    std::string operator()(const Desaturate& d) const { return "desaturate " + number(d.amount); }
    std::string operator()(const Contrast& c) const { return "contrast " + number(c.amount); }
    std::string operator()(const Temper& t) const { return "temper " + number(t.mired); }
    std::string operator()(const TurnHue& h) const { return "hue " + number(h.degrees); }
    std::string operator()(const Tone& t) const {
        return "tone " + number(t.shadows) + " " + number(t.highlights);
    }
    std::string operator()(const Curve& c) const {
        std::string text = "curve";
        for (const CurvePoint& p : c.points)
            text += " " + number(std::round(255 * p.in)) + ">" + number(std::round(255 * p.out));
        return text;
    }
    std::string operator()(const Sharpen& s) const {
        return "sharpen " + number(s.amount) + " " + number(s.sigma_px);
    }
    std::string operator()(const Denoise& d) const { return "denoise " + number(d.strength); }
    std::string operator()(const LensBlur& b) const { return "lens " + number(b.radius_px); }
    std::string operator()(const FillColor& f) const { return "fill " + hex_of(f.srgb); }
    std::string operator()(const FillGradient& g) const {
        return "gradient " + hex_of(g.from) + " " + hex_of(g.to) + " " + number(g.degrees);
    }
    std::string operator()(const FillFlat&) const { return "flat"; }
    std::string operator()(const WriteText& w) const { return "write " + w.text; }
    std::string operator()(const Redact&) const { return "redact"; }
    std::string operator()(const Clone& c) const {
        return std::string(c.heal ? "heal" : "clone") + (c.offset ? " by " : " from ") +
               std::to_string(c.x) + " " + std::to_string(c.y);
    }
    static std::string number(double v) {
        char text[32];
        std::snprintf(text, sizeof text, "%.3g", v);
        return text;
    }
};

std::string parsed(std::string_view prompt) {
    const auto operations = parse_prompt(prompt);
    if (!operations) {
        EXPECT_EQ(operations.error().code, ErrorCode::engine);
        return "no";
    }
    std::string text;
    for (const Operation& operation : *operations)
        text += (text.empty() ? "" : "; ") + std::visit(Short{}, operation);
    return text;
}

struct Case {
    std::string_view prompt, expected;
};

class Prompts : public testing::TestWithParam<Case> {};

TEST_P(Prompts, AreUnderstood) {
    EXPECT_EQ(parsed(GetParam().prompt), GetParam().expected) << GetParam().prompt;
}

INSTANTIATE_TEST_SUITE_P(
    Remove, Prompts,
    testing::Values(Case{"remove", "remove"}, Case{"Remove the ball.", "remove"},
                    Case{"remove the red ball", "remove"}, Case{"ERASE IT!", "remove"},
                    Case{"please delete this", "remove"}, Case{"get rid of the sign", "remove"},
                    Case{"Could you take out the wires, please?", "remove"},
                    Case{"take the lamp out", "remove"}, Case{"clear the table", "remove"},
                    Case{"I'd like you to remove the man and the dog", "remove"},
                    Case{"make the wires disappear", "remove"}, Case{"make it go away", "remove"},
                    Case{"remove the black and white cat", "remove"},
                    Case{"remove the orange", "remove"}, Case{"paint out the rig", "remove"},
                    Case{"fill it with the background", "remove"},
                    Case{"clean up the wall", "remove"}, Case{"remove the 3 people", "remove"}));

INSTANTIATE_TEST_SUITE_P(
    Recolor, Prompts,
    testing::Values(
        Case{"make it dark green", "recolor #006400"},
        Case{"make the ball blue", "recolor #0000ff"},
        Case{"Make the red ball blue", "recolor #0000ff"},
        Case{"recolor to #1e5a2c", "recolor #1e5a2c"}, Case{"recolour it #ABC", "recolor #aabbcc"},
        Case{"change the red car to blue", "recolor #0000ff"},
        Case{"change the colour from red to teal", "recolor #008080"},
        Case{"turn the car into red", "recolor #ff0000"}, Case{"turn it purple", "recolor #800080"},
        Case{"paint it black", "recolor #000000"},
        Case{"paint the wall sky blue", "recolor #87ceeb"}, Case{"make it grey", "recolor #808080"},
        Case{"make it a dark grey", "recolor #a9a9a9"},
        Case{"give it a navy blue tint", "recolor #000080"},
        Case{"dye the dress burgundy please", "recolor #800020"},
        Case{"change the background to rgb(30, 90, 44)", "recolor #1e5a2c"},
        Case{"make the black and white cat orange", "recolor #ffa500"},
        Case{"convert the sofa to a nice teal colour", "recolor #008080"},
        Case{"make the light blue", "recolor #add8e6"}));

INSTANTIATE_TEST_SUITE_P(
    Adjust, Prompts,
    testing::Values(
        Case{"blur", "blur 0"}, Case{"blur 12px", "blur 12"}, Case{"blur it by 3.5 px", "blur 3.5"},
        Case{"blur 12", "blur 12"}, Case{"soften the skin", "blur 0"},
        Case{"put the background out of focus", "blur 0"}, Case{"make it blurry", "blur 0"},
        Case{"apply a gaussian blur of 8 pixels", "blur 8"}, Case{"blur the 3 people", "blur 0"},
        Case{"pixelate the face", "pixelate 0"}, Case{"mosaic", "pixelate 0"},
        Case{"pixelate by 16 px", "pixelate 16"}, Case{"turn it into a mosaic", "pixelate 0"},
        Case{"brighten", "brighten 0.5"}, Case{"brighten by 100%", "brighten 1"},
        Case{"brighten by 40 percent", "brighten 0.485"}, Case{"darken by 50%", "brighten -1"},
        Case{"darken it by 2 stops", "brighten -2"}, Case{"make it brighter", "brighten 0.5"},
        Case{"make it 1 stop darker", "brighten -1"},
        Case{"make it slightly brighter", "brighten 0.25"},
        Case{"increase the exposure by half a stop", "brighten 0.5"},
        Case{"reduce the brightness by 1 EV", "brighten -1"},
        Case{"double the brightness", "brighten 1"}, Case{"make it dark", "brighten -0.5"},
        Case{"desaturate", "desaturate 1"}, Case{"desaturate by 30 %", "desaturate 0.3"},
        Case{"make it black and white", "desaturate 1"},
        Case{"convert to greyscale", "desaturate 1"}, Case{"make it B&W", "desaturate 1"},
        Case{"remove the colour", "desaturate 1"},
        Case{"remove all color from the shirt", "desaturate 1"},
        Case{"increase the saturation by 20%", "desaturate -0.2"},
        Case{"make it more colourful", "desaturate -0.3"},
        Case{"make it less saturated", "desaturate 0.3"}));

INSTANTIATE_TEST_SUITE_P(
    Light, Prompts,
    testing::Values(
        Case{"increase the contrast by 20%", "contrast 0.2"},
        Case{"reduce contrast by 40 percent", "contrast -0.4"},
        Case{"add some contrast", "contrast 0.25"}, Case{"make it punchier", "contrast 0.25"},
        Case{"improve the contrast", "contrast 0.25"}, Case{"make it flatter", "contrast -0.25"},
        Case{"warm it up", "temper 30"}, Case{"cool by 20 mired", "temper -20"},
        Case{"make the skin warmer", "temper 30"}, Case{"make it slightly cooler", "temper -15"},
        Case{"increase the temperature by 40%", "temper 40"},
        Case{"turn the hue by 30 degrees", "hue 30"},
        Case{"shift the hue by -45 degrees", "hue -45"},
        Case{"lift the shadows by 20 %", "tone 0.2 0"}, Case{"brighten the shadows", "tone 0.3 0"},
        Case{"recover the highlights", "tone 0 -0.3"}, Case{"lower the highlights by half", "no"},
        Case{"darken the highlights by 50%", "tone 0 -0.5"},
        Case{"curve 64 to 80", "curve 0>0 64>80 255>255"},
        Case{"curves 0 to 10, 64 to 40, 192 to 220", "curve 0>10 64>40 192>220 255>255"}));

INSTANTIATE_TEST_SUITE_P(
    Detail, Prompts,
    testing::Values(Case{"sharpen it", "sharpen 1 0"}, Case{"sharpen by 80%", "sharpen 0.8 0"},
                    Case{"sharpen by 2 px", "sharpen 1 2"}, Case{"make it sharper", "sharpen 1 0"},
                    Case{"denoise", "denoise 1"}, Case{"reduce the noise by 50%", "denoise 0.5"},
                    Case{"remove the grain", "denoise 1"}, Case{"clean up the noise", "denoise 1"},
                    Case{"make it less noisy", "denoise 1"},
                    Case{"apply a lens blur of 12 px", "lens 12"}, Case{"add bokeh", "lens 0"},
                    Case{"lens blur", "lens 0"}));

INSTANTIATE_TEST_SUITE_P(
    Fill, Prompts,
    testing::Values(Case{"fill with navy", "fill #000080"},
                    Case{"fill it with a solid #1e5a2c", "fill #1e5a2c"},
                    Case{"flood the sign with dark green", "fill #006400"},
                    Case{"fill with a gradient from red to black", "gradient #ff0000 #000000 90"},
                    Case{"fill it with a gradient from sky blue to white across",
                         "gradient #87ceeb #ffffff 0"},
                    Case{"fill with a gradient from red", "no"}, Case{"fill with a flat", "flat"},
                    Case{"flatten the wall", "flat"},
                    Case{"fill with the surroundings", "remove"}));

INSTANTIATE_TEST_SUITE_P(
    Chains, Prompts,
    testing::Values(
        Case{"blur it, make it red", "blur 0; recolor #ff0000"},
        Case{"remove the sign, then sharpen by 50 %", "remove; sharpen 0.5 0"},
        Case{"desaturate by 30% and then warm it up", "desaturate 0.3; temper 30"},
        Case{"darken by 1 stop. blur by 3 px. pixelate", "brighten -1; blur 3; pixelate 0"},
        Case{"remove the man and the dog", "remove"},
        Case{"remove the paint and the tint", "remove"}, Case{"make it red then blue it", "no"},
        Case{"blur it, blur it, blur it, blur it, blur it, blur it, blur it, blur it, blur it",
             "no"}));

INSTANTIATE_TEST_SUITE_P(
    Redacting, Prompts,
    testing::Values(Case{"redact", "redact"}, Case{"please redact the number plate", "redact"},
                    Case{"censor his face", "redact"}, Case{"anonymise the passers-by", "redact"},
                    Case{"anonymize her", "redact"}, Case{"black out the name", "redact"},
                    Case{"blackout", "redact"}, Case{"blank it out", "redact"},
                    Case{"black out", "redact"}, Case{"black the whole name out", "redact"},
                    Case{"make the black car red", "recolor #ff0000"},
                    Case{"make the plate unreadable", "redact"},
                    Case{"make him unrecognizable", "redact"}));

INSTANTIATE_TEST_SUITE_P(
    Cloning, Prompts,
    testing::Values(Case{"clone from 120,80", "clone from 120 80"},
                    Case{"clone from 120, 80 px", "clone from 120 80"},
                    Case{"heal the scratch from 120 and 80", "heal from 120 80"},
                    Case{"heal by -60,0", "heal by -60 0"},
                    Case{"clone by 12 -30", "clone by 12 -30"}, Case{"heal the scratch", "remove"},
                    Case{"sharpen by 80 % at 2 px", "sharpen 0.8 2"},
                    Case{"sharpen by 80 % and 50 %", "no"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, Prompts,
    testing::Values(
        Case{"", "no"}, Case{"   \n\t", "no"}, Case{"?!…", "no"}, Case{"please", "no"},
        Case{"redact it, then blur it", "no"}, Case{"remove it and black out the name", "no"},
        Case{"pixelate to censor it", "no"}, Case{"redact by 40 %", "no"},
        Case{"make it anonymous by a blur of 12 px", "no"}, Case{"clone it", "no"},
        Case{"clone from 12", "no"}, Case{"heal from 12,30,40", "no"}, Case{"clone at 3,4", "no"},
        Case{"clone from 3,4 and blur it", "no"}, Case{"clone by 9999999,0", "no"},
        Case{"remove it and then blur the rest", "no"}, Case{"remove it and add a hat", "no"},
        Case{"do not remove the ball", "no"}, Case{"don't blur", "no"},
        Case{"don\xe2\x80\x99t blur", "no"}, Case{"replace the car with a truck", "no"},
        Case{"change the red car to a truck", "no"}, Case{"make the red ball bigger", "no"},
        Case{"make it red and white", "no"}, Case{"add a hat", "no"},
        Case{"entferne den Ball", "no"}, Case{"enlève le ballon", "no"},
        Case{"ボールを消して", "no"}, Case{"удали мяч", "no"}, Case{"blur by 40%", "no"},
        Case{"blur 9000 px", "no"}, Case{"blur by -3 px", "no"}, Case{"darken by 100%", "no"},
        Case{"brighten by 40", "no"}, Case{"brighten by 99999 stops", "no"},
        Case{"desaturate by 300%", "no"}, Case{"pixelate by 1 px", "no"},
        Case{"blur 3 px 5 px", "no"}, Case{"remove the blur", "no"}, Case{"undo", "no"},
        Case{"recolour the ball", "no"}, Case{"fill it with gold coins", "no"}, Case{"make", "no"},
        Case{"turn", "no"}));

TEST(Words, ARefusalNamesThePromptTheNearestAndTheList) {
    const auto result = parse_prompt("remvoe the ball");
    ASSERT_FALSE(result);
    const std::string& text = result.error().message;
    EXPECT_NE(text.find("remvoe the ball"), std::string::npos);
    EXPECT_NE(text.find("nearest it can do is \"remove it\""), std::string::npos) << text;
    // An example of each of the abilities, in a sentence of some hundred letters.
    for (const char* example : {"\"pixelate\"", "\"redact\"", "\"write 'OPEN' in white\""})
        EXPECT_NE(text.find(example), std::string::npos) << text;
    EXPECT_LT(text.size(), 600u);
    EXPECT_NE(parse_prompt("desturate a bit").error().message.find("is \"desaturate by 50 %\""),
              std::string::npos);
    EXPECT_NE(parse_prompt("contrsat please").error().message.find("is \"increase the contrast"),
              std::string::npos);
}

TEST(Words, ShadesOfAColorKeepItsHue) {
    const auto lightness = [](std::string_view prompt) {
        const auto c = std::get<Recolor>(parse_prompt(prompt)->front()).srgb;
        return image::linear_to_oklab({image::srgb_to_linear(c[0]), image::srgb_to_linear(c[1]),
                                       image::srgb_to_linear(c[2])})[0];
    };
    EXPECT_GT(lightness("make it light teal"), lightness("make it teal") + 0.1f);
    EXPECT_LT(lightness("make it dark teal"), lightness("make it teal") - 0.1f);
    EXPECT_LT(lightness("make it very dark teal"), lightness("make it dark teal") - 0.05f);
    EXPECT_EQ(std::get<Recolor>(parse_prompt("make it very pale teal")->front()).color_name,
              "very pale teal");
}

TEST(Words, AreDescribedForPeople) {
    EXPECT_EQ(describe(*parse_prompt("make it dark green")), "recolour to dark green (#006400)");
    EXPECT_EQ(describe(*parse_prompt("recolor to #1e5a2c")), "recolour to #1e5a2c");
    EXPECT_EQ(describe(*parse_prompt("blur 12px")), "blur by 12 px");
    EXPECT_EQ(describe(*parse_prompt("darken by 1 stop")), "darken by 1 stop");
    EXPECT_EQ(describe(*parse_prompt("remove it, then sharpen by 50 %")),
              "remove, filled from the surroundings, then sharpen by 50 %");
    EXPECT_EQ(describe(*parse_prompt("curve 64 to 80, 192 to 200")), "curve 64 to 80, 192 to 200");
    // Every example in the list is understood.
    for (const std::string& line : abilities())
        for (std::size_t at = line.find('"'); at != std::string::npos;
             at = line.find('"', at + 1)) {
            const std::size_t end = line.find('"', at + 1);
            EXPECT_TRUE(parse_prompt(line.substr(at + 1, end - at - 1))) << line;
            at = end;
        }
}

TEST(Words, WhatIsSaidOfOperationsIsUnderstoodAsThem) {
    const image::Float3 navy = color_at_end({"navy"})->srgb,
                        green{30 / 255.f, 90 / 255.f, 44 / 255.f};
    const std::vector<Operation> all{
        Remove{},
        Recolor{navy, "navy"},
        Recolor{green, "#1e5a2c"},
        Blur{},
        Blur{12.5},
        Pixelate{},
        Pixelate{16},
        Brighten{std::log2(1.4)},
        Brighten{-0.25},
        Brighten{1},
        Brighten{-3},
        Brighten{8},
        Desaturate{1},
        Desaturate{0.3},
        Desaturate{-0.45},
        Contrast{0.2},
        Contrast{-1},
        Contrast{4},
        Temper{30},
        Temper{-12.5},
        TurnHue{-30},
        TurnHue{0},
        TurnHue{0.001},
        Tone{0.2, 0},
        Tone{-1, 0},
        Tone{0, 0.35},
        Tone{0, -0.5},
        Curve{{{0, 0}, {64 / 255.f, 80 / 255.f}, {192 / 255.f, 200 / 255.f}, {1, 1}}},
        Curve{{{0, 10 / 255.f}, {1, 200 / 255.f}}},
        Curve{{{0, 0}, {1, 1}}},
        Sharpen{0.8, 0},
        Sharpen{1.5, 2.5},
        Denoise{1},
        Denoise{0.5},
        LensBlur{},
        LensBlur{8},
        FillColor{navy, "navy"},
        FillGradient{navy, green, "navy", "#1e5a2c", 90},
        FillGradient{green, navy, "#1e5a2c", "navy", 0},
        FillGradient{navy, navy, "navy", "navy", 180},
        FillGradient{navy, navy, "navy", "navy", 270},
        FillFlat{},
        Redact{},
        Clone{false, true, -60, 0},
        Clone{true, false, 120, 80}};
    for (const Operation& one : all) {
        const std::string said = prompt_of({one});
        const auto again = parse_prompt(said);
        ASSERT_TRUE(again) << said << ": " << again.error().message;
        EXPECT_TRUE(*again == Operations{one}) << said << " is " << parsed(said);
        const bool alone =
            std::holds_alternative<Redact>(one) || std::holds_alternative<Clone>(one);
        for (const Operation& two : all) {
            if (alone || std::holds_alternative<Redact>(two) || std::holds_alternative<Clone>(two))
                continue;
            const std::string both = prompt_of({one, two, one});
            const auto chain = parse_prompt(both);
            ASSERT_TRUE(chain) << both << ": " << chain.error().message;
            EXPECT_TRUE((*chain == Operations{one, two, one})) << both << " is " << parsed(both);
        }
    }
}

TEST(Words, WhatEveryExampleMeansIsSaidSoThatItMeansTheSame) {
    for (const std::string& line : abilities())
        for (std::size_t at = line.find('"'); at != std::string::npos;) {
            const std::size_t end = line.find('"', at + 1);
            const auto operations = parse_prompt(line.substr(at + 1, end - at - 1));
            ASSERT_TRUE(operations) << line;
            const auto again = parse_prompt(prompt_of(*operations));
            ASSERT_TRUE(again) << prompt_of(*operations);
            EXPECT_TRUE(*again == *operations) << prompt_of(*operations);
            at = line.find('"', end + 1);
        }
}

TEST(Words, HostileBytesOfAnyLengthAreOnlyRefused) {
    std::string all;
    for (int i = 0; i < 40'000; ++i)
        all += static_cast<char>(i * 7919 >> 3);
    EXPECT_EQ(parsed(all), "no");
    EXPECT_EQ(parsed(std::string(40'000, '\xff')), "no");
    EXPECT_EQ(parsed(std::string(40'000, '9')), "no");
    EXPECT_EQ(parsed(std::string(40'000, '#')), "no");
    for (const char* quote : {"\"", "'", "\u00ab", "\u201c", "write \""}) {
        std::string quotes;
        while (quotes.size() < 8'000)
            quotes += quote;
        EXPECT_EQ(parsed(quotes), "no");
    }
    std::string chain;
    while (chain.size() < 40'000)
        chain += "and then ";
    EXPECT_EQ(parsed("frobnicate " + chain + "x"), "no");
    EXPECT_EQ(parsed("remove " + std::string(40'000, 'a')), "remove");
    const auto refused = parse_prompt("foo \x1b[31m\xe2\x80\xae\xc0\xaf bar" + all);
    ASSERT_FALSE(refused);
    EXPECT_LT(refused.error().message.size(), 1000u);
    for (const char c : refused.error().message)
        EXPECT_GE(static_cast<unsigned char>(c), 0x20);
}

TEST(Words, QuotedTextIsValidAndShort) {
    EXPECT_EQ(quoted("abc"), "abc");
    EXPECT_EQ(quoted("a\nb\x01"), "a b?");
    EXPECT_EQ(quoted("\xc3\xa9\xc3"), "\xc3\xa9?");
    EXPECT_EQ(quoted("abcdef", 3), "abc…");
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

} // namespace
} // namespace mw::inpaint
