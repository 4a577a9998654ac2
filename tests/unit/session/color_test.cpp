// Pictures in a colour space of their own.
#include <gtest/gtest.h>

#include <cmath>

#include "codec/codec.h"
#include "image/convert.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

// A scene-linear file.
void open_scene(SessionDriver& driver) {
    const auto path = driver.folder / "scene.exr";
    const image::Image light = image::convert(test::ramp_picture({64, 48}).view(), image::kRgbF);
    ASSERT_TRUE(codec::save(path, light.view(), {}));
    driver.apply(OpenFile{path});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(driver.view().document);
}

TEST(Color, ExposureOfASceneLinearPicture) {
    SessionDriver driver;
    open_scene(driver);
    ASSERT_FALSE(driver.view().display.is_identity());
    EXPECT_TRUE(driver.view().document->color->scene_linear);
    driver.apply(SetExposure{1.5});
    EXPECT_EQ(driver.view().display.exposure_stops(), 1.5);
    driver.apply(SetExposure{77});
    EXPECT_EQ(driver.view().display.exposure_stops(), 20);
    driver.apply(SetExposure{std::nan("")});
    EXPECT_EQ(driver.view().display.exposure_stops(), 0);
    EXPECT_TRUE(driver.view().undo_name.empty());
    driver.apply(SetExposure{3});
    ASSERT_TRUE(driver.open({32, 32})); // another picture begins anew
    EXPECT_TRUE(driver.view().display.is_identity());
    driver.apply(SetExposure{3}); // and sRGB has none
    EXPECT_TRUE(driver.view().display.is_identity());
}

TEST(Color, ARequestIsMadeAtTheExposureThatIsSeen) {
    SessionDriver driver;
    open_scene(driver);
    driver.apply(SetExposure{-2});
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.iterations(), 2u);
    EXPECT_EQ(driver.view().document->tree.at(1).view.exposure_stops(), -2);
}

} // namespace
} // namespace mw::session
