// Legal files: opened right, or told clearly that the format is not supported.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cmath>
#include <cstring>
#include <set>

#include "corpus.h"

namespace mw::codec::io {
namespace {

namespace fs = std::filesystem;

// What this version says no to; everything else in formats/ must open.
bool unsupported(const fs::path& file) {
    static const std::set<std::string> kNames = {"bits12.jpg",  "lab_8bit_4x4.psd", "dice.jxl",
                                                 "hopper.avif", "hopper.heif",      "hopper.qoi",
                                                 "text.svg",    "pal4rle.bmp",      "cmyk_16.tif"};
    return kNames.contains(file.filename());
}

TEST(Good, EveryFormatOpensOrIsNamed) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    int opened = 0, named = 0;
    Worst worst;
    for (const fs::path& file : files_below("formats")) {
        if (file.extension() == ".icc") continue;
        SCOPED_TRACE(file.string());
        const Outcome o = open_file(file);
        worst.add(o.usage, file);
        if (unsupported(file)) {
            ASSERT_FALSE(o.picture);
            EXPECT_EQ(o.picture.error().code, ErrorCode::unsupported) << o.picture.error().message;
            expect_good_message(o.picture.error(), file);
            ++named;
            continue;
        }
        ASSERT_TRUE(o.picture) << o.picture.error().message;
        EXPECT_FALSE(o.picture->pixels.empty());
        const std::string name = file.filename();
        for (const char* word :
             {"apng", "animated", "mpo_", "cmyk", "layers", "rgb_32", "rec709_yc"})
            if (name.find(word) != std::string::npos) {
                EXPECT_FALSE(o.picture->warnings.empty());
            }
        if (name.starts_with("icc_")) {
            EXPECT_FALSE(o.picture->metadata.icc.empty());
        }
        if (name.find("16") != std::string::npos && file.extension() == ".png") {
            EXPECT_EQ(o.picture->pixels.format().type, image::SampleType::u16);
        }
        ++opened;
    }
    fmt::print("formats: {} opened, {} named as not supported; {}\n", opened, named, worst.text());
}

TEST(Good, EveryPhotoAndMaskOpens) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    int opened = 0;
    Worst worst;
    for (const char* folder : {"photos", "masks"})
        for (const fs::path& file : files_below(folder)) {
            SCOPED_TRACE(file.string());
            const Outcome o = open_file(file);
            ASSERT_TRUE(o.picture) << o.picture.error().message;
            EXPECT_TRUE(o.picture->warnings.empty()) << o.picture->warnings[0];
            worst.add(o.usage, file);
            ++opened;
        }
    fmt::print("photos and masks: {} opened; {}\n", opened, worst.text());
}

double mean_difference(const image::Image& a, const image::Image& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.byte_count(); ++i)
        sum += std::abs(std::to_integer<int>(a.bytes()[i]) - std::to_integer<int>(b.bytes()[i]));
    return sum / static_cast<double>(a.byte_count());
}

TEST(Good, TurnedPhotosLookAlike) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    const auto first = decode_file(corpus() / "formats/jpeg/exif_landscape_1.jpg");
    ASSERT_TRUE(first);
    for (const int n : {3, 5, 6, 8}) {
        const auto other =
            decode_file(corpus() / fmt::format("formats/jpeg/exif_landscape_{}.jpg", n));
        ASSERT_TRUE(other);
        ASSERT_EQ(other->pixels.size(), first->pixels.size()) << n;
        EXPECT_LT(mean_difference(first->pixels, other->pixels), 4)
            << n; // encoded anew, so not equal
    }
}

TEST(Good, ContentSurvivesOurOwnWriters) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    for (const char* name :
         {"formats/png/rgba_cutout_pepper.png", "formats/png/icc_prophoto16_dahlia.png",
          "formats/png/basn4a16.png", "formats/jpeg/gps_exif_tahoe.jpg"}) {
        const auto picture = decode_file(corpus() / name);
        ASSERT_TRUE(picture);
        const auto back = decode(
            encode(picture->pixels.view(), picture->metadata, FileFormat::png).value(), name);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_TRUE(identical(back->pixels.view(), picture->pixels.view())) << name;
        EXPECT_EQ(back->metadata.icc, picture->metadata.icc) << name;
        EXPECT_EQ(back->metadata.exif, picture->metadata.exif) << name;
    }
}

// Bits, not values: there are NaNs among them.
TEST(Good, TiffAndOpenExrComeBackBitForBit) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    int compared = 0;
    for (const char* folder : {"formats/tiff", "formats/exr"})
        for (const fs::path& file : files_below(folder)) {
            SCOPED_TRACE(file.string());
            if (unsupported(file)) continue;
            const auto picture = decode_file(file);
            ASSERT_TRUE(picture) << picture.error().message;
            const auto written = encode(picture->pixels.view(), picture->metadata, picture->format);
            ASSERT_TRUE(written) << written.error().message;
            const auto back = decode(*written, file.string());
            ASSERT_TRUE(back) << back.error().message;
            ASSERT_EQ(back->pixels.size(), picture->pixels.size());
            ASSERT_EQ(back->pixels.format(), picture->pixels.format());
            EXPECT_EQ(std::memcmp(back->pixels.bytes().data(), picture->pixels.bytes().data(),
                                  picture->pixels.byte_count()),
                      0);
            EXPECT_EQ(back->metadata.exif, picture->metadata.exif);
            EXPECT_EQ(back->metadata.dots_per_inch.has_value(),
                      picture->metadata.dots_per_inch.has_value());
            EXPECT_EQ(back->color != nullptr, picture->color != nullptr);
            if (back->color && picture->color) {
                EXPECT_EQ(*back->color, *picture->color);
            }
            ++compared;
        }
    fmt::print("TIFF and OpenEXR: {} written again, equal in every bit\n", compared);
}

} // namespace
} // namespace mw::codec::io
