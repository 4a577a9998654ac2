// Every profile of the corpus, alone and inside its picture, against Little CMS itself.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "codec/icc.h"
#include "corpus.h"
#include "image/color.h"
#include "support/lcms_reference.h"

namespace mw::codec::io {
namespace {

namespace fs = std::filesystem;

int channels_of(const Bytes& icc) {
    return std::memcmp(icc.data() + 16, "GRAY", 4) == 0 ? 1 : 3;
}

// A profile taken for sRGB may be off by half a level; others by what tables cost.
void expect_close(const Bytes& icc, const image::ColorSpaceRef& color, const std::string& name) {
    const auto d = mw::test::difference_from_lcms(icc, color, channels_of(icc));
    fmt::print("{:40} {:28} worst {:.2g}, mean {:.2g}\n", name, color ? color->name : "(sRGB)",
               d.worst, d.mean);
    const bool grid = color && color->kind == image::ColorSpace::Kind::grid;
    EXPECT_LT(d.worst, grid ? 0.02 : color ? 0.001 : 0.004) << name;
    EXPECT_LT(d.mean, grid ? 5e-4 : color ? 2e-5 : 0.0008) << name;
}

TEST(Color, EveryProfileIsReadAsTheLibraryReadsIt) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    for (const fs::path& file : files_below("formats/icc")) {
        const auto icc = read_file(file);
        ASSERT_TRUE(icc);
        const IccReading reading = read_icc(*icc, channels_of(*icc));
        if (file.filename() == "invalid-illuminant.icc") {
            EXPECT_NE(reading.warning.find("damaged"), std::string::npos);
            continue;
        }
        EXPECT_EQ(reading.warning, "");
        const bool srgb = file.filename() == "sRGB-v4.icc" || file.filename() == "sGrey-v4.icc";
        EXPECT_EQ(!reading.color, srgb) << file;
        expect_close(*icc, reading.color, file.filename());
    }
}

TEST(Color, EveryPictureWithAProfileIsShownAsTheLibraryShowsIt) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    int managed = 0;
    for (const char* folder : {"formats", "photos"})
        for (const fs::path& file : files_below(folder)) {
            if (file.extension() == ".icc") continue;
            const Outcome o = open_file(file);
            if (!o.picture || o.picture->metadata.icc.empty()) continue;
            expect_close(o.picture->metadata.icc, o.picture->color, file.filename());
            managed += o.picture->color != nullptr;
        }
    fmt::print("{} pictures in a colour space of their own\n", managed);
    EXPECT_GE(managed, 9);
}

image::Float3 shown_at(const Picture& picture, double x, double y) {
    const Point at{static_cast<int>(x * picture.pixels.width()),
                   static_cast<int>(y * picture.pixels.height())};
    const image::Image one = image::DisplayTransform(picture.color)
                                 .to_display(picture.pixels.view().sub({at.x, at.y, 1, 1}));
    const float* p = one.view().row<float>(0);
    return {p[0], p[1], p[2]};
}

TEST(Color, TheRotatedDahliaIsPink) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    const Outcome o = open_file(corpus() / "formats/png/icc_channels_rotated_dahlia.png");
    ASSERT_TRUE(o.picture);
    double red = 0, green = 0, blue = 0;
    for (double y = 0.3; y < 0.7; y += 0.05)
        for (double x = 0.3; x < 0.7; x += 0.05) {
            const image::Float3 c = shown_at(*o.picture, x, y);
            red += c[0];
            green += c[1];
            blue += c[2];
        }
    EXPECT_GT(red, 1.2 * green);
    EXPECT_GT(red, blue);
}

} // namespace
} // namespace mw::codec::io
