#include "provider/builtin_steps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "provider/builtin_backend.h"

namespace mw::provider {
namespace {

constexpr const char* kPrompts[] = {
    "remove the ball",
    "recolour to dark green",
    "change it to #1e5a2c",
    "blur",
    "blur by 12.5 px",
    "pixelate",
    "pixelate by 16 px",
    "brighten by 40 %",
    "darken by 1 stop",
    "desaturate",
    "desaturate by 30 %",
    "make it more colourful",
    "increase the contrast by 20 %",
    "make it flatter",
    "warm it up",
    "cool by 12.5 mired",
    "turn the hue by -30 degrees",
    "lift the shadows by 20 %",
    "recover the highlights",
    "curve 64 to 80, 192 to 200",
    "curve 0 to 10, 255 to 240",
    "sharpen by 80 %",
    "sharpen by 2 px",
    "denoise",
    "lens blur by 8 px",
    "bokeh",
    "fill with navy",
    "fill with a gradient from red to black across",
    "fill with a flat",
    "redact",
    "clone by -60,0",
    "heal from 120,80",
    "write \"OPEN\"",
    "write \"not 'now', 20 %\" in \"DejaVu Serif\", bold, italic, dark green, 48 px, left",
    "write «say \"no\"» at -8 degrees, right",
    "fill with a flat, then write \"two\nlines\" upright in white",
    "remove the sign, then sharpen by 50 % and make it dark green, then warm it up"};

TEST(BuiltinSteps, OfEveryPromptGiveItsOperationsAgain) {
    const auto engine = make_builtin_backend();
    for (const char* prompt : kPrompts) {
        const auto operations = inpaint::parse_prompt(prompt);
        ASSERT_TRUE(operations) << prompt;
        const auto steps = steps_of(*operations);
        ASSERT_EQ(steps.size(), operations->size());
        const std::string said = engine->prompt_of(steps);
        EXPECT_TRUE(engine->check(said, {})) << said;
        EXPECT_EQ(inpaint::describe(*inpaint::parse_prompt(said)), inpaint::describe(*operations))
            << prompt << " became " << said;
        // From there on nothing moves any more.
        EXPECT_TRUE(engine->understood(said) ==
                    engine->understood(engine->prompt_of(engine->understood(said))))
            << said;
    }
}

TEST(BuiltinSteps, AnyValueOfAnyParameterIsSomethingThatCanBeSaid) {
    const auto engine = make_builtin_backend();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const char* prompt : kPrompts) {
        const auto steps = engine->understood(prompt);
        for (std::size_t s = 0; s < steps.size(); ++s)
            for (std::size_t p = 0; p < steps[s].parameters.size(); ++p) {
                const edit::PromptParameter& was = steps[s].parameters[p];
                for (const double v :
                     {was.low, was.high, 0.0, (was.low + was.high) / 3, -1e9, 1e9, nan}) {
                    auto changed = steps;
                    auto& now = changed[s].parameters[p];
                    now.value = v;
                    now.open = false;
                    now.color = {static_cast<float>(v), 0.3f, 2.0f};
                    const std::string said = engine->prompt_of(changed);
                    ASSERT_TRUE(engine->check(said, {})) << prompt << " " << v << ": " << said;
                    EXPECT_EQ(engine->understood(said).size(), steps.size()) << said;
                }
            }
    }
}

TEST(BuiltinSteps, OneChangeLeavesTheRestAsItWasSaid) {
    const auto engine = make_builtin_backend();
    auto steps = engine->understood("make it dark green, then blur by 3 px and sharpen by 50 %");
    ASSERT_EQ(steps.size(), 3u);
    steps[1].parameters[0].value = 8;
    EXPECT_EQ(engine->prompt_of(steps),
              "recolour to dark green, then blur by 8 px, then sharpen by 50 %");
    steps[1].parameters[0].open = true;
    EXPECT_EQ(engine->prompt_of(steps), "recolour to dark green, then blur, then sharpen by 50 %");
    steps[0].parameters[0].color = {1, 0, 0};
    steps.pop_back();
    EXPECT_EQ(engine->prompt_of(steps), "recolour to #ff0000, then blur");
    steps[0].kind = 1000;
    steps[1].parameters.clear();
    EXPECT_EQ(engine->prompt_of(steps), "");
    EXPECT_TRUE(engine->understood("add a hat").empty());
}

} // namespace
} // namespace mw::provider
