#include "mask/mask_image.h"

#include "art.h"

namespace mw::mask {
namespace {

using image::Image;
using image::PixelFormat;
using image::SampleType;

TEST(MaskImage, grey_is_coverage) {
    Image grey({200, 130}, image::kGray8);
    for (int y = 0; y < 130; ++y)
        for (int x = 0; x < 200; ++x)
            *grey.span().pixel<std::uint8_t>(x, y) = static_cast<std::uint8_t>(x + y);
    const MaskReading reading = from_image(grey.view());
    EXPECT_EQ(reading.note, "grey");
    expect_near(
        reading.mask, [](int x, int y) { return double((x + y) % 256); }, 0);
}

TEST(MaskImage, sixteen_bit_and_float_round) {
    Image deep({3, 1}, {1, SampleType::u16});
    deep.span().row<std::uint16_t>(0)[1] = 128;
    deep.span().row<std::uint16_t>(0)[2] = 65535;
    MaskReading reading = from_image(deep.view());
    EXPECT_EQ(reading.note, "grey, 16-bit rounded to 8");
    EXPECT_EQ(reading.mask.at(1, 0), 0);
    EXPECT_EQ(reading.mask.at(2, 0), 255);
    Image real({2, 1}, image::kGrayF);
    real.span().row<float>(0)[0] = 0.5f;
    real.span().row<float>(0)[1] = 7;
    reading = from_image(real.view());
    EXPECT_EQ(reading.mask.at(0, 0), 128);
    EXPECT_EQ(reading.mask.at(1, 0), 255);
}

TEST(MaskImage, tinted_rgb_is_read_by_luma) {
    Image rgb({2, 1}, image::kRgb8);
    rgb.span().row<std::uint8_t>(0)[0] = rgb.span().row<std::uint8_t>(0)[1] = 255;
    const MaskReading reading = from_image(rgb.view());
    EXPECT_EQ(reading.note, "luma of RGB");
    EXPECT_NEAR(reading.mask.at(0, 0), 237, 1);
    EXPECT_EQ(reading.mask.at(1, 0), 0);
}

TEST(MaskImage, transparent_holes_of_a_flat_picture_are_coverage) {
    Image api({2, 2}, image::kRgba8);
    for (int i = 0; i < 4; ++i)
        api.span().row<std::uint8_t>(i / 2)[(i % 2) * 4 + 3] = static_cast<std::uint8_t>(i * 85);
    MaskReading reading = from_image(api.view());
    EXPECT_EQ(reading.note, "alpha, 0 = edit");
    EXPECT_EQ(reading.mask.at(0, 0), 255);
    EXPECT_EQ(reading.mask.at(1, 0), 170);
    EXPECT_EQ(reading.mask.at(1, 1), 0);
    // A picture in the colours: they decide.
    api.span().row<std::uint8_t>(0)[0] = api.span().row<std::uint8_t>(0)[1] =
        api.span().row<std::uint8_t>(0)[2] = 255;
    reading = from_image(api.view());
    EXPECT_EQ(reading.note, "luma of RGB, alpha ignored");
    EXPECT_EQ(reading.mask.at(0, 0), 255);
    EXPECT_EQ(reading.mask.at(1, 0), 0);
    // Opaque: luma.
    Image opaque({1, 1}, image::kRgba8);
    opaque.span().row<std::uint8_t>(0)[3] = 255;
    EXPECT_EQ(from_image(opaque.view()).note, "luma of RGB");
    EXPECT_TRUE(from_image(Image().view()).mask.empty());
}

} // namespace
} // namespace mw::mask
