#include "image/image.h"

#include <gtest/gtest.h>

#include "image/convert.h"

namespace mw::image {
namespace {

Image numbered(Size size, PixelFormat format) {
    Image image(size, format);
    std::uint32_t n = 1;
    for (std::byte& b : image.bytes())
        b = static_cast<std::byte>((n = n * 1664525u + 1013904223u) >> 24);
    return image;
}

TEST(Image, is_zeroed_and_sized) {
    const Image image({7, 5}, {3, SampleType::u16});
    EXPECT_EQ(image.byte_count(), 7u * 5 * 3 * 2);
    for (const std::byte b : image.bytes())
        EXPECT_EQ(b, std::byte{0});
    EXPECT_TRUE(Image().empty());
    EXPECT_TRUE(Image({0, 5}, kRgb8).empty());
    EXPECT_EQ(Image({0, 5}, kRgb8).byte_count(), 0u);
}

TEST(Image, moves_leave_an_empty_picture) {
    Image a({4, 4}, kRgb8);
    const Image b = std::move(a);
    EXPECT_EQ(b.size(), (Size{4, 4}));
    EXPECT_TRUE(a.empty());
    EXPECT_EQ(a.bytes().size(), 0u);
    Image c({2, 2}, kRgb8), d({3, 3}, kRgb8);
    c = std::move(d);
    EXPECT_EQ(c.size(), (Size{3, 3}));
    EXPECT_TRUE(d.empty());
}

TEST(Image, takes_over_pixels_and_releases_them_once) {
    int released = 0;
    auto* pixels = new std::byte[12];
    {
        Image a({2, 2}, kRgb8, pixels, [&](std::byte* p) {
            ++released;
            delete[] p;
        });
        Image b = std::move(a);
        EXPECT_EQ(released, 0);
        b = Image({1, 1}, kRgb8);
        EXPECT_EQ(released, 1);
    }
    EXPECT_EQ(released, 1);
}

TEST(Image, a_picture_beyond_memory_is_an_error) {
    const auto huge = Image::try_create({1 << 30, 1 << 30}, kRgbaF);
    ASSERT_FALSE(huge);
    EXPECT_EQ(huge.error().code, ErrorCode::too_large);
    EXPECT_TRUE(Image::try_create({10, 10}, kRgbaF));
}

TEST(Image, views_clone_and_compare) {
    const Image a = numbered({9, 6}, kRgba8);
    Image b = clone(a.view());
    EXPECT_TRUE(identical(a.view(), b.view()));
    const Rect r{2, 1, 4, 3};
    const Image part = clone(a.view().sub(r));
    EXPECT_TRUE(identical(part.view(), a.view().sub(r)));
    EXPECT_EQ(*part.view().pixel<std::uint8_t>(0, 0), *a.view().pixel<std::uint8_t>(2, 1));
    b.span().pixel<std::uint8_t>(8, 5)[3] ^= 1;
    EXPECT_FALSE(identical(a.view(), b.view()));
    EXPECT_FALSE(identical(a.view(), part.view()));
    EXPECT_FALSE(identical(Image({2, 2}, kRgb8).view(), Image({2, 2}, kRgba8).view()));
}

TEST(Image, extract_reflects_at_the_edges) {
    const Image a = numbered({5, 4}, {3, SampleType::u16});
    const auto mirror = [](int i, int n) {
        while (i < 0 || i >= n)
            i = i < 0 ? -1 - i : 2 * n - 1 - i;
        return i;
    };
    for (const Rect& r : {Rect{0, 0, 5, 4}, Rect{-3, -2, 11, 9}, Rect{-40, -33, 90, 70},
                          Rect{20, 30, 7, 7}, Rect{2, 1, 2, 2}, Rect{-60, 1, 3, 2}}) {
        const Image out = extract_reflected(a.view(), r);
        ASSERT_EQ(out.size(), r.size());
        for (int y = 0; y < r.height; ++y)
            for (int x = 0; x < r.width; ++x)
                for (int c = 0; c < 3; ++c)
                    ASSERT_EQ(
                        out.view().pixel<std::uint16_t>(x, y)[c],
                        a.view().pixel<std::uint16_t>(mirror(r.x + x, 5), mirror(r.y + y, 4))[c]);
    }
    const Image one = numbered({1, 1}, kGray8);
    const Image around = extract_reflected(one.view(), {-7, -7, 15, 15});
    for (const std::byte b : around.bytes())
        EXPECT_EQ(b, one.bytes()[0]);
}

TEST(Convert, eight_bits_come_back_from_anywhere) {
    Image ramp({256, 1}, kGray8);
    for (int i = 0; i < 256; ++i)
        ramp.span().row<std::uint8_t>(0)[i] = static_cast<std::uint8_t>(i);
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32})
        for (const int channels : {1, 2, 3, 4}) {
            const Image there = convert(ramp.view(), {channels, type});
            EXPECT_TRUE(identical(convert(there.view(), kGray8).view(), ramp.view()))
                << channels << " " << static_cast<int>(type);
        }
}

TEST(Convert, sixteen_bits_come_back_from_float_and_round_to_eight) {
    Image ramp({65536, 1}, {1, SampleType::u16});
    for (int i = 0; i < 65536; ++i)
        ramp.span().row<std::uint16_t>(0)[i] = static_cast<std::uint16_t>(i);
    EXPECT_TRUE(identical(convert(convert(ramp.view(), kGrayF).view(), {1, SampleType::u16}).view(),
                          ramp.view()));
    const Image eight = convert(ramp.view(), kGray8);
    for (int i = 0; i < 65536; ++i)
        ASSERT_EQ(eight.view().row<std::uint8_t>(0)[i], static_cast<int>(i / 257.0 + 0.5));
}

TEST(Convert, float_is_clamped) {
    Image f({5, 1}, kGrayF);
    float* row = f.span().row<float>(0);
    row[0] = -1;
    row[1] = 2;
    row[2] = std::numeric_limits<float>::quiet_NaN();
    row[3] = std::numeric_limits<float>::infinity();
    row[4] = 0.5f;
    const Image u = convert(f.view(), kGray8);
    const std::uint8_t* got = u.view().row<std::uint8_t>(0);
    EXPECT_EQ(got[0], 0);
    EXPECT_EQ(got[1], 255);
    EXPECT_EQ(got[2], 0);
    EXPECT_EQ(got[3], 255);
    EXPECT_EQ(got[4], 128);
}

TEST(Convert, channels_widen_and_narrow) {
    Image rgba({1, 1}, kRgba8);
    auto* p = rgba.span().row<std::uint8_t>(0);
    p[0] = 255;
    p[3] = 40;
    EXPECT_EQ(*convert(rgba.view(), kGray8).view().row<std::uint8_t>(0), 54); // 0.2126 * 255
    EXPECT_EQ(convert(rgba.view(), {2, SampleType::u8}).view().row<std::uint8_t>(0)[1], 40);
    EXPECT_EQ(convert(rgba.view(), kRgb8).view().row<std::uint8_t>(0)[0], 255);
    const Image grey = convert(rgba.view(), kGray8);
    const Image back = convert(grey.view(), kRgba8);
    const auto* q = back.view().row<std::uint8_t>(0);
    EXPECT_EQ(q[0], 54);
    EXPECT_EQ(q[2], 54);
    EXPECT_EQ(q[3], 255);
}

} // namespace
} // namespace mw::image
