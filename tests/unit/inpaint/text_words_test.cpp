// The words that set a text.
#include <gtest/gtest.h>

#include "inpaint/color_names.h"
#include "inpaint/words.h"

namespace mw::inpaint {
namespace {

WriteText one(std::string_view prompt) {
    const auto operations = parse_prompt(prompt);
    EXPECT_TRUE(operations) << prompt << ": " << operations.error().message;
    if (!operations || operations->size() != 1) return {};
    const auto* write = std::get_if<WriteText>(&operations->front());
    EXPECT_NE(write, nullptr) << prompt;
    return write ? *write : WriteText{};
}

std::string refused(std::string_view prompt) {
    const auto operations = parse_prompt(prompt);
    EXPECT_FALSE(operations) << prompt;
    return operations ? std::string() : operations.error().message;
}

TEST(TextWords, ThePlainOrder) {
    for (const char* prompt :
         {"write \"OPEN\"", "Write 'OPEN'.", "please put the text \"OPEN\" there",
          "set the words \u201cOPEN\u201d on the sign", "letter it with \"OPEN\"",
          "write the word \u00abOPEN\u00bb", "add a text that says \"OPEN\"",
          "make it say \"OPEN\"", "write \u201eOPEN\u201c over the door"}) {
        const WriteText w = one(prompt);
        EXPECT_EQ(w.text, "OPEN") << prompt;
        EXPECT_EQ(w.family, "") << prompt;
        EXPECT_FALSE(w.bold || w.italic || w.srgb || w.degrees || w.size_px > 0) << prompt;
        EXPECT_EQ(w.align, TextAlign::center);
    }
}

TEST(TextWords, StyleInAnyOrder) {
    for (const char* prompt :
         {"write \"OPEN\" in Inter bold, white", "write 'OPEN' in bold white Inter",
          "write \"OPEN\" in white, in Inter, bold", "write in white \"OPEN\" in Inter Bold",
          "write the bold white text \"OPEN\" in font Inter",
          "write \"OPEN\" using Inter, bold and white"}) {
        const WriteText w = one(prompt);
        EXPECT_EQ(w.text, "OPEN") << prompt;
        EXPECT_EQ(w.family, "inter") << prompt;
        EXPECT_TRUE(w.bold) << prompt;
        ASSERT_TRUE(w.srgb) << prompt;
        EXPECT_EQ(hex_of(*w.srgb), "#ffffff") << prompt;
    }
    const WriteText w = one(
        "write \"caf\u00e9\" in DejaVu Serif italic, dark red, size 48 px, left, at -8 degrees");
    EXPECT_EQ(w.text, "caf\u00e9");
    EXPECT_EQ(w.family, "dejavu serif");
    EXPECT_TRUE(w.italic);
    EXPECT_FALSE(w.bold);
    EXPECT_EQ(w.color_name, "dark red");
    EXPECT_EQ(w.size_px, 48);
    EXPECT_EQ(w.align, TextAlign::left);
    ASSERT_TRUE(w.degrees);
    EXPECT_EQ(*w.degrees, -8);
    EXPECT_EQ(one("write \"A\" at 60px").size_px, 60);
    EXPECT_EQ(one("write \"A\" size 60").size_px, 60);
    EXPECT_EQ(one("write \"A\", right aligned").align, TextAlign::right);
    EXPECT_EQ(one("write \"A\" in #1e5a2c").color_name, "#1e5a2c");
    // A font whose name has a colour in it stands between quotes.
    const WriteText black = one("write \"A\" in \"Arial Black\"");
    EXPECT_EQ(black.family, "Arial Black");
    EXPECT_FALSE(black.srgb);
}

TEST(TextWords, WhatIsQuotedIsTheArtistsOwn) {
    EXPECT_EQ(one("write \"DO NOT ENTER, blur 12px and remove it.\"").text,
              "DO NOT ENTER, blur 12px and remove it.");
    EXPECT_EQ(one("write \"redact\"").text, "redact");
    EXPECT_EQ(one("write 'Don't stop'").text, "Don't stop");
    EXPECT_EQ(one("write \"two\nlines\"").text, "two\nlines");
    EXPECT_EQ(one("write \"\u05e9\u05dc\u05d5\u05dd\"").text, "\u05e9\u05dc\u05d5\u05dd");
    EXPECT_EQ(one("write \"\u041f\u0440\u0438\u0432\u0435\u0442\" in white").text,
              "\u041f\u0440\u0438\u0432\u0435\u0442");
}

TEST(TextWords, AfterOtherThings) {
    const auto both = parse_prompt("fill with a flat, then write \"SOLD\" in red");
    ASSERT_TRUE(both) << both.error().message;
    ASSERT_EQ(both->size(), 2u);
    EXPECT_TRUE(std::holds_alternative<FillFlat>((*both)[0]));
    EXPECT_EQ(std::get<WriteText>((*both)[1]).text, "SOLD");
    const auto put =
        parse_prompt("remove the old sign and put the text \"NEW\" there, then blur by 2 px");
    ASSERT_TRUE(put) << put.error().message;
    ASSERT_EQ(put->size(), 3u);
    EXPECT_EQ(std::get<WriteText>((*put)[1]).text, "NEW");
    // Quotes round other things are no text.
    const auto other = parse_prompt("remove the \"ball\"");
    ASSERT_TRUE(other);
    EXPECT_TRUE(std::holds_alternative<Remove>(other->front()));
}

TEST(TextWords, WhatIsRefused) {
    EXPECT_NE(refused("write OPEN in white").find("between quotes"), std::string::npos);
    EXPECT_NE(refused("write \"\"").find("nothing between the quotes"), std::string::npos);
    EXPECT_NE(refused("write \"  \"").find("nothing between the quotes"), std::string::npos);
    EXPECT_NE(refused("write \"A\" in red and in blue").find("one colour"), std::string::npos);
    EXPECT_NE(refused("write \"A\" in Inter, in Georgia").find("one font"), std::string::npos);
    EXPECT_NE(refused("write \"A\" \"B\"").find("one text"), std::string::npos);
    EXPECT_NE(refused("write \"A\" at 3 px").find("8 to 4000"), std::string::npos);
    EXPECT_NE(refused("write \"A\" 20 px, 30 px").find("two sizes"), std::string::npos);
    EXPECT_NE(refused("write \"A\" at 200 degrees").find("90 degrees"), std::string::npos);
    EXPECT_NE(refused("write \"A\" 12 % larger").find("size"), std::string::npos);
    EXPECT_NE(refused("replace the text with \"OPEN\"").find("fill with a flat"),
              std::string::npos);
    EXPECT_NE(refused("write \"A").find("between quotes"), std::string::npos);
    // What stands for a text cannot be typed.
    EXPECT_NE(refused("write \ue000a").find("between quotes"), std::string::npos);
    EXPECT_NE(refused("write the text \ue000z").size(), 0u);
}

TEST(TextWords, AreDescribed) {
    const auto w = parse_prompt("write \"OPEN\" in Inter bold, white, size 48, left, at 5 degrees");
    ASSERT_TRUE(w);
    EXPECT_EQ(describe(*w),
              "write \"OPEN\" in inter, bold, white (#ffffff), 48 px, to the left, at 5 degrees");
    EXPECT_EQ(describe(*parse_prompt("write 'Hi'")), "write \"Hi\"");
}

} // namespace
} // namespace mw::inpaint
