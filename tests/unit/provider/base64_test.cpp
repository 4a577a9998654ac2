#include "provider/base64.h"

#include <gtest/gtest.h>

#include <random>

namespace mw::provider {
namespace {

std::optional<Bytes> decoded(std::string_view text) {
    Bytes out;
    if (!decode_base64(text, out)) return {};
    return out;
}

TEST(Base64, ComesBackWhateverTheLengthAndTheSplit) {
    std::mt19937 random(5);
    for (std::size_t size = 0; size < 400; ++size) {
        Bytes bytes(size);
        for (auto& b : bytes)
            b = static_cast<std::byte>(random());
        const std::string text = encode_base64(bytes);
        ASSERT_EQ(decoded(text), bytes) << size;
        Base64Decoder decoder;
        Bytes pieces;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t n = random() % 90;
            ASSERT_TRUE(decoder.feed(std::string_view(text).substr(at, n), pieces));
            at += n;
        }
        EXPECT_TRUE(decoder.finish());
        ASSERT_EQ(pieces, bytes) << size;
    }
}

TEST(Base64, EveryCharacterThatDoesNotBelongIsFoundWhereItIs) {
    const std::string good = encode_base64(Bytes(150, std::byte{0x5a}));
    for (std::size_t at = 0; at < good.size(); ++at)
        for (int c = 0; c < 256; ++c) {
            const char bad = static_cast<char>(c);
            const bool alphabet = (bad >= 'A' && bad <= 'Z') || (bad >= 'a' && bad <= 'z') ||
                                  (bad >= '0' && bad <= '9') || bad == '+' || bad == '/';
            if (alphabet || at % 7 != static_cast<std::size_t>(c) % 7) continue;
            std::string text = good;
            text[at] = bad;
            Bytes out;
            Base64Decoder decoder;
            const bool ok = decoder.feed(text, out) && decoder.finish();
            if (bad == '=' && at + 1 == good.size()) continue; // shorter, and may be sound
            ASSERT_FALSE(ok) << at << " " << c;
        }
}

TEST(Base64, PaddingIsStrict) {
    EXPECT_TRUE(decoded(""));
    EXPECT_TRUE(decoded("QQ=="));
    EXPECT_TRUE(decoded("QUI="));
    for (const char* bad : {"Q", "QQ", "QQ=", "QUJ", "=", "====", "Q===", "QR==", "QUJ=",
                            "QQ==QQ==", "QQ==Q", "QUI=Q", "QU\nI=", "QU-_"})
        EXPECT_FALSE(decoded(bad)) << bad;
}

} // namespace
} // namespace mw::provider
