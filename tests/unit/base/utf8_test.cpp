#include "base/utf8.h"

#include <gtest/gtest.h>

namespace mw {
namespace {

TEST(Utf8, CharactersOfEveryLength) {
    const std::string_view text = "a\u00e9\u20ac\U0001f600";
    std::size_t at = 0;
    for (const char32_t code : {U'a', U'\u00e9', U'\u20ac', U'\U0001f600'}) {
        const auto c = utf8_at(text, at);
        ASSERT_TRUE(c);
        EXPECT_EQ(c->code, code);
        at += c->bytes;
    }
    EXPECT_EQ(at, text.size());
}

TEST(Utf8, WhatIsNone) {
    for (const std::string_view bytes :
         {"\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xe2\x82", "\xed\xa0\x80",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3\x28"})
        EXPECT_FALSE(utf8_at(bytes, 0)) << testing::PrintToString(bytes);
}

} // namespace
} // namespace mw
