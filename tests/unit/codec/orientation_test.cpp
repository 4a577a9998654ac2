// EXIF: the orientation is applied, and nothing in it can hurt.
#include "codec/exif.h"
#include "support.h"

namespace mw::codec::test {
namespace {

// 3 x 2, one letter a pixel, and how it must look upright.
struct Case {
    int orientation;
    std::vector<std::string> upright;
};
const Case kCases[] = {
    {1, {"abc", "def"}},     {2, {"cba", "fed"}},     {3, {"fed", "cba"}},
    {4, {"def", "abc"}},     {5, {"ad", "be", "cf"}}, {6, {"da", "eb", "fc"}},
    {7, {"fc", "eb", "da"}}, {8, {"cf", "be", "ad"}},
};

image::Image letters() {
    image::Image picture({3, 2}, image::kGray8);
    std::memcpy(picture.bytes().data(), "abcdef", 6);
    return picture;
}

std::vector<std::string> rows_of(const image::Image& picture) {
    std::vector<std::string> rows;
    for (int y = 0; y < picture.height(); ++y)
        rows.emplace_back(reinterpret_cast<const char*>(picture.view().row_bytes(y)),
                          static_cast<std::size_t>(picture.width()));
    return rows;
}

TEST(Orientation, AllEightFromPng) {
    for (const bool big : {false, true})
        for (const Case& c : kCases) {
            Metadata metadata;
            metadata.exif = exif_with_orientation(c.orientation, big);
            const auto back = open(encode(letters().view(), metadata, FileFormat::png).value());
            ASSERT_TRUE(back) << back.error().message;
            EXPECT_EQ(rows_of(back->pixels), c.upright) << c.orientation;
            EXPECT_EQ(back->metadata.exif, exif_with_orientation(1, big)) << c.orientation;
        }
}

TEST(Orientation, FromWebpAndJpeg) {
    image::Image picture({64, 32}, image::kRgb8); // left half white
    for (int y = 0; y < 32; ++y)
        std::memset(picture.span().row_bytes(y), 255, 32 * 3);
    Metadata metadata;
    metadata.exif = exif_with_orientation(6);
    for (const auto format : {FileFormat::jpeg, FileFormat::webp}) {
        const auto back = open(encode(picture.view(), metadata, format).value());
        ASSERT_TRUE(back);
        ASSERT_EQ(back->pixels.size(), (Size{32, 64}));
        EXPECT_GT(back->pixels.view().pixel<std::uint8_t>(16, 4)[0], 250);
        EXPECT_LT(back->pixels.view().pixel<std::uint8_t>(16, 60)[0], 5);
        EXPECT_EQ(exif_orientation(back->metadata.exif), 1);
    }
}

TEST(Orientation, EveryPixelSizeTurns) {
    for (const auto type : {image::SampleType::u8, image::SampleType::u16})
        for (int channels = 1; channels <= 4; ++channels) {
            const auto picture = pattern({70, 41}, {channels, type});
            Metadata metadata;
            metadata.exif = exif_with_orientation(6);
            const auto back = open(encode(picture.view(), metadata, FileFormat::png).value());
            ASSERT_TRUE(back);
            const auto bytes = static_cast<std::size_t>(picture.format().bytes());
            for (int y = 0; y < 41; ++y)
                for (int x = 0; x < 70; ++x)
                    ASSERT_EQ(std::memcmp(
                                  picture.view().row_bytes(y) + static_cast<std::size_t>(x) * bytes,
                                  back->pixels.view().row_bytes(x) +
                                      static_cast<std::size_t>(40 - y) * bytes,
                                  bytes),
                              0);
        }
}

TEST(Exif, NonsenseIsOrientationOne) {
    for (const int value : {0, 9, 99, 255})
        EXPECT_EQ(exif_orientation(exif_with_orientation(value)), 1);
    EXPECT_EQ(exif_orientation({}), 1);
    EXPECT_EQ(exif_orientation(bytes_of("II*")), 1);
    EXPECT_EQ(exif_orientation(bytes_of("JFIF and more")), 1);
    // Every cut, and every byte set to 255: offsets and counts that lie.
    for (const bool big : {false, true}) {
        const Bytes good = exif_with_orientation(6, big);
        ASSERT_EQ(exif_orientation(good), 6);
        for (std::size_t i = 0; i < good.size(); ++i) {
            exif_orientation(std::span(good).first(i));
            Bytes bad = good;
            bad[i] = std::byte{255};
            const int o = exif_orientation(bad);
            EXPECT_TRUE(o >= 1 && o <= 8);
            reset_exif_orientation(bad);
            EXPECT_EQ(bad.size(), good.size());
        }
    }
}

TEST(Exif, ADirectoryThatPointsAtItselfEnds) {
    Bytes loop = bytes_of(std::string_view("II*\0\10\0\0\0\0\0\10\0\0\0", 14));
    EXPECT_EQ(exif_orientation(loop), 1);
    // 65,535 entries claimed, few there.
    Bytes many = exif_with_orientation(3);
    many[8] = many[9] = std::byte{255};
    EXPECT_EQ(exif_orientation(many), 3);
}

} // namespace
} // namespace mw::codec::test
