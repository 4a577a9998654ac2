#include "compare/text_check.h"

#include <gtest/gtest.h>

#include "codec/codec.h"
#include "compare/text_reader.h"
#include "unit/compare/kit.h"

namespace mw::compare {
namespace {

using image::Image;
using Texts = std::vector<std::string>;

TEST(TextCheck, FindsWhatAPromptQuotes) {
    EXPECT_EQ(quoted_texts("fix the title to \"OPEN\""), Texts{"OPEN"});
    EXPECT_EQ(quoted_texts("fix the title to “OPEN NOW”, please"), Texts{"OPEN NOW"});
    EXPECT_EQ(quoted_texts("mach „Heute offen“ daraus"), Texts{"Heute offen"});
    EXPECT_EQ(quoted_texts("écris «Ouvert» ici"), Texts{"Ouvert"});
    EXPECT_EQ(quoted_texts("don't touch the dog's ears"), Texts{});
    EXPECT_EQ(quoted_texts("write 'Joe's bar' in the dog's bowl"), Texts{"Joe's bar"});
    EXPECT_EQ(quoted_texts("‘it’s’ over ‘there’"), (Texts{"it’s", "there"}));
    EXPECT_EQ(quoted_texts("a \"\" and an \"open end"), Texts{});
    EXPECT_EQ(wanted_texts("replace \"SALE\" with \"OPEN\""), Texts{"OPEN"});
    EXPECT_EQ(wanted_texts("change “1 EUR” to “2 EUR”"), Texts{"2 EUR"});
    EXPECT_EQ(wanted_texts("the words \"A\" and \"B\" in red"), (Texts{"A", "B"}));
    EXPECT_EQ(wanted_texts("new title: \"X\" instead of \"Y\""), Texts{"X"});
}

TEST(TextCheck, ComparesWholeWords) {
    EXPECT_EQ(words_of("  OPEN \t NOW \n\n - \n x"), "OPEN NOW\nx");
    EXPECT_TRUE(holds_text("WE ARE\nOPEN NOW!", "open now") == false);
    EXPECT_TRUE(holds_text("WE ARE\nOPEN NOW!", "OPEN NOW"));
    EXPECT_TRUE(holds_text("“OPEN”", "OPEN"));
    EXPECT_TRUE(holds_text("OPEN\nNOW", "OPEN NOW"));
    EXPECT_FALSE(holds_text("OPENING", "OPEN"));
    EXPECT_FALSE(holds_text("BEGIN", "IN"));
    EXPECT_TRUE(holds_text("EIN IN", "IN"));
    EXPECT_FALSE(holds_text("", "OPEN"));
    EXPECT_FALSE(holds_text("OPEN", "?!"));
}

// The word at 40 px, black on light grey, by a five-by-seven face of our own.
Image sign(std::string_view word) {
    const auto glyph = [](char c) -> std::array<const char*, 7> {
        switch (c) {
            case 'O':
                return {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "};
            case 'P':
                return {"#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "};
            case 'E':
                return {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"};
            case 'N':
                return {"#   #", "##  #", "# # #", "# # #", "#  ##", "#   #", "#   #"};
            case 'L':
                return {"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"};
            case 'T':
                return {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "};
            default:
                return {"#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}; // H
        }
    };
    constexpr int kDot = 6;
    Image out = plain({40 + 7 * kDot * int(word.size()), 42 + 80}, image::kRgb8, 225);
    for (std::size_t i = 0; i < word.size(); ++i)
        for (int y = 0; y < 7; ++y)
            for (int x = 0; x < 5; ++x)
                if (glyph(word[i])[std::size_t(y)][x] == '#')
                    for (int c = 0; c < 3; ++c)
                        fill_rect(out, {20 + (7 * int(i) + x) * kDot, 40 + y * kDot, kDot, kDot}, c,
                                  20);
    return out;
}

TEST(TextCheck, ReadsAsAskedOrNot) {
    const Image before = sign("HOTEL"), after = sign("OPEN!"); // the last as an H
    if (!text_reader_installed()) {
        const auto none = check_text(before.view(), before.view(), before.rect(), "to \"OPEN\"");
        ASSERT_FALSE(none);
        EXPECT_EQ(none.error().code, ErrorCode::unsupported);
        EXPECT_NE(none.error().message.find("tesseract-ocr"), std::string::npos);
        GTEST_SKIP() << "no text reader is installed: words in pictures are not read here";
    }
    const auto read = read_text(before.view(), {}, before.rect(), "HOTEL");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, "HOTEL");
    const auto same = check_text(before.view(), before.view(), before.rect(), "write “HOTEL” here");
    ASSERT_EQ(same->size(), 1u);
    EXPECT_TRUE(same->at(0).as_asked && same->at(0).was_there);
    const auto wrong = check_text(before.view(), after.view(), before.rect(), "to \"OPEN\"");
    ASSERT_TRUE(wrong);
    ASSERT_EQ(wrong->size(), 1u);
    EXPECT_FALSE(wrong->at(0).as_asked) << wrong->at(0).after;
    EXPECT_NE(wrong->at(0).sentence.find("HOTEL"), std::string::npos) << wrong->at(0).sentence;
    const Image blank = plain(before.size(), image::kRgb8, 225);
    const auto gone = check_text(before.view(), blank.view(), before.rect(), "keep \"HOTEL\"");
    EXPECT_FALSE(gone->at(0).as_asked);
    EXPECT_EQ(gone->at(0).after, "");
    EXPECT_TRUE(check_text(before.view(), after.view(), before.rect(), "remove it")->empty());
    EXPECT_FALSE(read_text(before.view(), {}, {-9, -9, 3, 3}));
}

} // namespace
} // namespace mw::compare
