// Exports that take the meaning of their numbers along.
#include <gtest/gtest.h>

#include <cmath>

#include "codec/codec.h"
#include "image/convert.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using image::SampleType;
using test::SessionDriver;

// What is seen of a file, as floats.
image::Image seen(const std::filesystem::path& path, double exposure = 0) {
    const auto picture = codec::decode_file(path);
    EXPECT_TRUE(picture) << path;
    if (!picture) return {};
    return image::DisplayTransform(picture->color, exposure).to_display(picture->pixels.view());
}

double worst(const image::Image& a, const image::Image& b, bool clipped = false) {
    double most = 0;
    EXPECT_EQ(a.size(), b.size());
    for (int y = 0; y < a.height(); ++y)
        for (int i = 0; i < a.width() * a.format().channels; ++i) {
            float v = a.view().row<float>(y)[i];
            if (clipped) v = std::clamp(v, 0.0f, 1.0f);
            most = std::max(most, double(std::abs(v - b.view().row<float>(y)[i])));
        }
    return most;
}

void edit_and_export(SessionDriver& driver, const std::filesystem::path& out) {
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    driver.apply(Export{driver.folder / out});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(std::filesystem::exists(driver.folder / out)) << out;
}

void open_scene(SessionDriver& driver, float factor) {
    const auto path = driver.folder / "scene.exr";
    image::Image light = image::convert(test::ramp_picture({64, 48}).view(), {3, SampleType::f32});
    for (int y = 0; y < 48; ++y)
        for (int i = 0; i < 3 * 64; ++i)
            light.span().row<float>(y)[i] *= factor;
    ASSERT_TRUE(codec::save(path, light.view(), {}));
    driver.apply(OpenFile{path});
    ASSERT_TRUE(driver.until_idle());
}

TEST(ExportColor, SceneLinearToAPictureIsWhatIsSeen) {
    for (const char* name : {"out.png", "out.webp"}) {
        SessionDriver driver;
        open_scene(driver, 6);
        driver.apply(SetExposure{-1.5});
        edit_and_export(driver, name);
        EXPECT_TRUE(driver.has_notice("exposure of -1.5")) << name;
        EXPECT_FALSE(driver.has_notice("keep the original and report"));
        const auto file = codec::decode_file(driver.folder / name);
        ASSERT_TRUE(file);
        EXPECT_FALSE(file->color);
        const bool png = std::string_view(name) == "out.png";
        EXPECT_EQ(file->pixels.format().type, png ? SampleType::u16 : SampleType::u8);
        const image::Image canvas = driver.view().display.to_display(driver.view().shown->view());
        EXPECT_LT(worst(canvas, seen(driver.folder / name), true), png ? 1e-5 : 0.0021);
    }
}

TEST(ExportColor, SceneLinearToOpenExrAndTiffKeepsTheLight) {
    for (const char* name : {"out.exr", "out.tif"}) {
        SessionDriver driver;
        open_scene(driver, 6);
        driver.apply(SetExposure{2});
        edit_and_export(driver, name);
        EXPECT_TRUE(driver.has_notice("0 samples outside")) << name;
        const auto file = codec::decode_file(driver.folder / name);
        ASSERT_TRUE(file);
        EXPECT_TRUE(image::identical(file->pixels.view(), driver.view().shown->view())) << name;
        ASSERT_TRUE(file->color) << name;
        EXPECT_LT(worst(image::DisplayTransform(driver.view().document->color)
                            .to_display(driver.view().shown->view()),
                        seen(driver.folder / name)),
                  0.002) // a profile has 16 bits behind the point
            << name;
    }
}

// A linear PNG, said by gAMA alone, as a file of every kind.
TEST(ExportColor, ALinearPictureLooksTheSameInEveryFormat) {
    for (const char* name : {"out.png", "out.tif"}) {
        SessionDriver driver;
        image::ColorSpace linear;
        linear.name = "Rec. 709, linear";
        codec::Metadata metadata;
        metadata.icc = codec::profile_of(linear, 3);
        const auto path = driver.folder / "linear.png";
        ASSERT_TRUE(
            codec::save(path, test::ramp_picture({64, 48}, {3, SampleType::u16}).view(), metadata));
        driver.apply(OpenFile{path});
        ASSERT_TRUE(driver.until_idle());
        ASSERT_TRUE(driver.view().document->color);
        edit_and_export(driver, name);
        EXPECT_TRUE(driver.has_notice("0 samples outside")) << name;
        const image::Image canvas = driver.view().display.to_display(driver.view().shown->view());
        EXPECT_LT(worst(canvas, seen(driver.folder / name)), 1e-6) << name;
        EXPECT_EQ(codec::decode_file(driver.folder / name)->metadata.icc, metadata.icc);
    }
}

} // namespace
} // namespace mw::session
