// What is written comes back as it was.
#include "support.h"

namespace mw::codec::test {
namespace {

using image::SampleType;

TEST(RoundTrip, PngKeepsEverySampleInEveryFormat) {
    for (const SampleType type : {SampleType::u8, SampleType::u16})
        for (int channels = 1; channels <= 4; ++channels)
            for (const int level : {0, 1, 6}) {
                const auto picture = pattern({37, 23}, {channels, type});
                EncodeOptions options;
                options.png_compression = level;
                const auto file = encode(picture.view(), {}, FileFormat::png, options);
                ASSERT_TRUE(file) << file.error().message;
                const auto back = open(*file);
                ASSERT_TRUE(back) << back.error().message;
                EXPECT_TRUE(identical(back->pixels.view(), picture.view())) << channels;
                EXPECT_EQ(back->format, FileFormat::png);
                EXPECT_EQ(back->source_bits, type == SampleType::u8 ? 8 : 16);
                EXPECT_TRUE(back->warnings.empty());
            }
}

TEST(RoundTrip, PngOfAPartOfALargerPicture) {
    const auto picture = pattern({40, 30}, image::kRgb8);
    const auto part = picture.view().sub({5, 7, 21, 11});
    const auto back = open(encode(part, {}, FileFormat::png).value());
    ASSERT_TRUE(back);
    EXPECT_TRUE(identical(back->pixels.view(), part));
}

TEST(RoundTrip, LosslessWebpKeepsColourUnderAlphaZero) {
    for (const int channels : {3, 4}) {
        auto picture = pattern({50, 31}, {channels, SampleType::u8});
        if (channels == 4) picture.span().pixel<std::uint8_t>(3, 3)[3] = 0;
        const auto back = open(encode(picture.view(), {}, FileFormat::webp).value());
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_TRUE(identical(back->pixels.view(), picture.view()));
        EXPECT_EQ(back->format, FileFormat::webp);
    }
}

TEST(RoundTrip, WebpOfGreyIsRgb) {
    const auto picture = pattern({9, 9}, image::kGray8);
    const auto back = open(encode(picture.view(), {}, FileFormat::webp).value());
    ASSERT_TRUE(back);
    ASSERT_EQ(back->pixels.format(), image::kRgb8);
    for (int c = 0; c < 3; ++c)
        EXPECT_EQ(back->pixels.view().pixel<std::uint8_t>(4, 5)[c],
                  picture.view().pixel<std::uint8_t>(4, 5)[0]);
}

TEST(RoundTrip, JpegIsNearAndKeepsChannels) {
    for (const auto format : {image::kGray8, image::kRgb8}) {
        image::Image picture({64, 48}, format);
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 64 * format.channels; ++x)
                picture.span().row<std::uint8_t>(y)[x] =
                    static_cast<std::uint8_t>(x / format.channels * 2 + y);
        const auto back = open(encode(picture.view(), {}, FileFormat::jpeg).value());
        ASSERT_TRUE(back) << back.error().message;
        ASSERT_EQ(back->pixels.format(), format);
        int worst = 0;
        for (std::size_t i = 0; i < picture.byte_count(); ++i)
            worst = std::max(worst, std::abs(std::to_integer<int>(picture.bytes()[i]) -
                                             std::to_integer<int>(back->pixels.bytes()[i])));
        EXPECT_LE(worst, 6);
    }
}

TEST(RoundTrip, MetadataTravelsInEveryFormat) {
    Metadata metadata;
    metadata.icc = profile("RGB ");
    metadata.icc.resize(200'000, std::byte{7}); // several JPEG segments
    metadata.exif = exif_with_orientation(1);
    metadata.xmp = bytes_of("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
    metadata.dots_per_inch = 300;
    const auto picture = pattern({16, 16}, image::kRgb8);
    for (const auto format : {FileFormat::png, FileFormat::jpeg, FileFormat::webp}) {
        const auto file = encode(picture.view(), metadata, format);
        ASSERT_TRUE(file) << file.error().message;
        const auto back = open(*file);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->metadata.icc, metadata.icc) << name_of(format);
        EXPECT_EQ(back->metadata.exif, metadata.exif) << name_of(format);
        EXPECT_EQ(back->metadata.xmp, metadata.xmp) << name_of(format);
        if (format == FileFormat::webp) continue; // has no place for it
        ASSERT_TRUE(back->metadata.dots_per_inch);
        EXPECT_NEAR(*back->metadata.dots_per_inch, 300, 0.02);
    }
}

TEST(RoundTrip, AProfileOfTheWrongKindIsNotWritten) {
    Metadata metadata;
    metadata.icc = profile("GRAY");
    const auto rgb = pattern({4, 4}, image::kRgb8), grey = pattern({4, 4}, image::kGray8);
    EXPECT_TRUE(open(encode(rgb.view(), metadata, FileFormat::png).value())->metadata.icc.empty());
    EXPECT_EQ(open(encode(grey.view(), metadata, FileFormat::png).value())->metadata.icc,
              metadata.icc);
}

TEST(Encode, SaysWhatAFormatCannotHold) {
    const auto deep = pattern({4, 4}, {3, SampleType::u16}), alpha = pattern({4, 4}, image::kRgba8),
               real = pattern({4, 4}, image::kRgbF);
    for (const auto& [picture, format] :
         {std::pair(&deep, FileFormat::jpeg), std::pair(&alpha, FileFormat::jpeg),
          std::pair(&deep, FileFormat::webp), std::pair(&real, FileFormat::png)}) {
        const auto file = encode(picture->view(), {}, format);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().code, ErrorCode::unsupported);
        EXPECT_NE(file.error().message.find("PNG"), std::string::npos) << file.error().message;
        if (picture == &real) {
            EXPECT_NE(file.error().message.find("TIFF or OpenEXR"), std::string::npos);
        }
    }
    EXPECT_EQ(encode(deep.view(), {}, FileFormat::tga).error().code, ErrorCode::unsupported);
    EXPECT_EQ(encode({}, {}, FileFormat::png).error().code, ErrorCode::invalid_argument);
    const auto wide = pattern({16384, 1}, image::kGray8);
    EXPECT_EQ(encode(wide.view(), {}, FileFormat::webp).error().code, ErrorCode::unsupported);
}

TEST(Encode, FormatByName) {
    EXPECT_EQ(format_for_path("a/b.PNG"), FileFormat::png);
    EXPECT_EQ(format_for_path("b.jpeg"), FileFormat::jpeg);
    EXPECT_EQ(format_for_path("b.Jpg"), FileFormat::jpeg);
    EXPECT_EQ(format_for_path("b.webp"), FileFormat::webp);
    EXPECT_EQ(format_for_path("b.tiff"), FileFormat::tiff);
    EXPECT_EQ(format_for_path("b.TIF"), FileFormat::tiff);
    EXPECT_EQ(format_for_path("b.exr"), FileFormat::exr);
    EXPECT_EQ(format_for_path("b.psd"), FileFormat::unknown);
    EXPECT_EQ(format_for_path("png"), FileFormat::unknown);
    EXPECT_TRUE(is_lossless(FileFormat::png));
    EXPECT_TRUE(is_lossless(FileFormat::tiff));
    EXPECT_TRUE(is_lossless(FileFormat::exr));
    EXPECT_FALSE(is_lossless(FileFormat::jpeg));
    EXPECT_FALSE(is_lossless(FileFormat::webp, {.webp_lossless = false}));
}

TEST(Save, WritesAndReadsBackAFile) {
    const Scratch folder;
    const auto picture = pattern({12, 8}, image::kRgba8);
    ASSERT_TRUE(save(folder / "a.png", picture.view(), {}));
    const auto back = decode_file(folder / "a.png");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(identical(back->pixels.view(), picture.view()));
}

TEST(Save, RefusesWithTheNameAndTheWayOut) {
    const Scratch folder;
    const auto picture = pattern({12, 8}, image::kRgba8);
    const auto unnamed = save(folder / "a.xyz", picture.view(), {});
    EXPECT_EQ(unnamed.error().code, ErrorCode::unsupported);
    EXPECT_NE(unnamed.error().message.find("a.xyz"), std::string::npos);
    EXPECT_EQ(save(folder / "none/a.png", picture.view(), {}).error().code, ErrorCode::not_found);
    EXPECT_EQ(save(folder / "a.jpg", picture.view(), {}).error().code, ErrorCode::unsupported);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.jpg"));
    EXPECT_EQ(decode_file(folder / "nothing.png").error().code, ErrorCode::not_found);
}

} // namespace
} // namespace mw::codec::test
