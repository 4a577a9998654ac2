#include "codec/encode_mask_png.h"

#include <gtest/gtest.h>

#include <spng.h>

#include <cmath>
#include <random>

#include "codec/codec.h"

namespace mw::codec {
namespace {

void expect_round_trip(const image::Image& picture, const char* what) {
    const Bytes file = encode_mask_png(picture.view());
    const auto decoded = decode(file, "mask.png");
    ASSERT_TRUE(decoded) << what << ": " << decoded.error().message;
    ASSERT_EQ(decoded->pixels.size(), picture.size()) << what;
    ASSERT_EQ(decoded->pixels.format(), image::kGray8) << what;
    for (int y = 0; y < picture.size().height; ++y)
        for (int x = 0; x < picture.size().width; ++x)
            ASSERT_EQ(*decoded->pixels.view().pixel<std::uint8_t>(x, y),
                      *picture.view().pixel<std::uint8_t>(x, y))
                << what << " " << x << "," << y;
    // A decoder that is not ours.
    spng_ctx* reader = spng_ctx_new(0);
    spng_set_png_buffer(reader, file.data(), file.size());
    std::vector<std::byte> theirs(picture.byte_count());
    EXPECT_EQ(spng_decode_image(reader, theirs.data(), theirs.size(), SPNG_FMT_RAW, 0), 0) << what;
    EXPECT_TRUE(std::ranges::equal(theirs, picture.bytes())) << what;
    spng_ctx_free(reader);
}

image::Image filled(Size size, std::uint8_t value) {
    image::Image picture(size, image::kGray8);
    for (std::byte& b : picture.bytes())
        b = static_cast<std::byte>(value);
    return picture;
}

TEST(EncodeMaskPng, flat_pictures_of_any_size) {
    for (const Size size : {Size{1, 1}, Size{1, 9}, Size{257, 1}, Size{258, 3}, Size{259, 2},
                            Size{261, 5}, Size{700, 401}})
        for (const int value : {0, 255, 7})
            expect_round_trip(filled(size, static_cast<std::uint8_t>(value)), "flat");
}

TEST(EncodeMaskPng, runs_of_every_length_and_every_value) {
    std::mt19937 random(5);
    for (int trial = 0; trial < 12; ++trial) {
        image::Image picture({601, 90}, image::kGray8);
        std::uint8_t value = 0;
        int left = 0;
        for (std::byte& b : picture.bytes()) {
            if (left-- == 0) {
                left = static_cast<int>(random() % (trial % 3 ? 600u : 8u));
                value = static_cast<std::uint8_t>(trial % 2 ? random() : (random() & 1) * 255);
            }
            b = static_cast<std::byte>(value);
        }
        expect_round_trip(picture, "runs");
    }
    // Every length of a repetition, 1 .. 530, one after another.
    image::Image ladder({1000, 142}, image::kGray8);
    auto bytes = ladder.bytes();
    std::size_t at = 0;
    for (int n = 1; n <= 530; ++n)
        for (int i = 0; i < n && at < bytes.size(); ++i)
            bytes[at++] = static_cast<std::byte>(n % 2 ? 255 : n % 251);
    expect_round_trip(ladder, "ladder");
}

TEST(EncodeMaskPng, noise_survives) {
    std::mt19937 random(9);
    image::Image picture({333, 77}, image::kGray8);
    for (std::byte& b : picture.bytes())
        b = static_cast<std::byte>(random());
    expect_round_trip(picture, "noise");
    EXPECT_LT(encode_mask_png(picture.view()).size(), picture.byte_count() * 3 / 2);
}

// Soft slopes in every direction: differences between rows are small numbers and long runs of them.
TEST(EncodeMaskPng, soft_masks_are_small) {
    image::Image picture({1000, 3000}, image::kGray8);
    for (int y = 0; y < 3000; ++y)
        for (int x = 0; x < 1000; ++x) {
            const double d = std::hypot(x - 480.0, 0.4 * (y - 1400.0)) - 300;
            *picture.span().pixel<std::uint8_t>(x, y) =
                static_cast<std::uint8_t>(255 / (1 + std::exp(d / 30)));
        }
    expect_round_trip(picture, "soft");
    EXPECT_LT(encode_mask_png(picture.view()).size(), picture.byte_count() / 10);
    // And none of it where a row has nothing in common with the one above.
    for (int y = 0; y < 3000; ++y)
        std::fill_n(picture.span().row<std::uint8_t>(y), 1000,
                    static_cast<std::uint8_t>(y * 37 + y / 7));
    expect_round_trip(picture, "rows");
    EXPECT_LT(encode_mask_png(picture.view()).size(), 40000u);
}

TEST(EncodeMaskPng, an_empty_mask_is_small) {
    EXPECT_LT(encode_mask_png(filled({4096, 4096}, 0).view()).size(), 20000u);
}

} // namespace
} // namespace mw::codec
