#include "base/hash.h"

#include <gtest/gtest.h>

namespace mw {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// FIPS 180-4 examples.
TEST(Hash, known_vectors) {
    EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex(bytes_of("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(bytes_of(std::string(1000000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, streams_in_any_portions) {
    const std::string text(5000, 'q');
    for (const std::size_t step : {1u, 63u, 64u, 65u, 4999u}) {
        Sha256 hash;
        for (std::size_t i = 0; i < text.size(); i += step)
            hash.update(bytes_of(std::string_view(text).substr(i, step)));
        EXPECT_EQ(hash.finish_hex(), sha256_hex(bytes_of(text)));
    }
    Sha256 one;
    one.update(bytes_of("ab"));
    Sha256 moved = std::move(one);
    moved.update(bytes_of("c"));
    EXPECT_EQ(moved.finish_hex(), sha256_hex(bytes_of("abc")));
}

} // namespace
} // namespace mw
