// Strokes, whole-mask commands, masks from files.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "codec/codec.h"
#include "mask/mask_image.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

TEST(MaskActions, StrokeIsOneStepOfUndo) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.apply(BeginStroke{{10, 10, 1, 0}, false});
    const auto revision = driver.view().mask_revision;
    for (int i = 1; i < 20; ++i)
        driver.apply(ExtendStroke{{10.0 + i, 10, 1, i * 0.01}});
    EXPECT_GT(driver.view().mask_revision, revision) << "the stroke is seen while it is painted";
    EXPECT_GT(driver.view().mask->at(25, 10), 0);
    EXPECT_TRUE(driver.view().document->mask.empty()) << "it is the document's when it ends";
    driver.apply(EndStroke{});
    EXPECT_EQ(driver.view().undo_name, "Brush stroke");
    driver.apply(Undo{});
    EXPECT_TRUE(driver.view().mask->empty());
    EXPECT_EQ(driver.view().redo_name, "Brush stroke");
}

TEST(MaskActions, AbortedStrokeNeverWas) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(40, 40);
    const mask::Mask before = *driver.view().mask;
    driver.apply(BeginStroke{{10, 10, 1, 0}, false});
    driver.apply(ExtendStroke{{30, 10, 1, 0}});
    driver.apply(AbortStroke{});
    EXPECT_EQ(*driver.view().mask, before);
    driver.apply(EndStroke{});
    driver.apply(ExtendStroke{{30, 10, 1, 0}});
    EXPECT_EQ(*driver.view().mask, before);
    driver.apply(Undo{});
    EXPECT_TRUE(driver.view().mask->empty());
}

// Undo, redo and whole-mask commands wait until the pen is up; Run ends the stroke first.
TEST(MaskActions, WhileThePenIsDown) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(40, 40);
    driver.apply(BeginStroke{{10, 10, 1, 0}, false});
    for (const Action& action :
         Actions{Undo{}, Redo{}, ClearMask{}, FillMask{}, InvertMask{},
                 RefineMask{{RefineKind::grow, 3}}, TryRefine{{RefineKind::feather, 3}},
                 Select{worker::AlphaShape{}, CombineMode::replace}, BeginStroke{{1, 1, 1, 0}}})
        driver.apply(action);
    EXPECT_GT(driver.view().mask->at(40, 40), 0);
    EXPECT_GT(driver.view().mask->at(10, 10), 0);
    EXPECT_EQ(driver.view().mask->at(60, 5), 0);
    driver.ask();
    EXPECT_EQ(driver.view().undo_name, "Brush stroke");
    ASSERT_TRUE(driver.until_idle());
    EXPECT_GT(driver.view().document->tree.at(1).mask->at(10, 10), 0);
}

TEST(MaskActions, EraserTakesAway) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(20, 20, 10);
    driver.apply(SetTool{Tool::eraser});
    driver.paint(20, 20, 4);
    EXPECT_EQ(driver.view().mask->at(20, 20), 0);
    EXPECT_GT(driver.view().mask->at(27, 20), 0);
    driver.apply(SetTool{Tool::brush});
    driver.apply(BeginStroke{{27, 20, 1, 0}, true}); // the pen's other end
    driver.apply(EndStroke{});
    EXPECT_EQ(driver.view().mask->at(27, 20), 0);
}

TEST(MaskActions, WholeMaskCommands) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.apply(FillMask{});
    EXPECT_EQ(driver.view().mask->support_area(), 64 * 48);
    driver.apply(InvertMask{});
    EXPECT_TRUE(driver.view().mask->empty());
    driver.paint(30, 20, 5);
    const auto area = driver.view().mask->support_area();
    driver.apply(RefineMask{{RefineKind::grow, 4}});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_GT(driver.view().mask->support_area(), area);
    driver.apply(RefineMask{{RefineKind::shrink, 4}});
    driver.apply(RefineMask{{RefineKind::feather, 3}});
    ASSERT_TRUE(driver.until_idle());
    driver.apply(ClearMask{});
    EXPECT_TRUE(driver.view().mask->empty());
    driver.apply(ClearMask{});
    for (const char* name : {"Clear mask", "Feather mask", "Shrink mask", "Grow mask",
                             "Brush stroke", "Invert mask", "Select all"}) {
        EXPECT_EQ(driver.view().undo_name, name);
        driver.apply(Undo{});
    }
    EXPECT_EQ(driver.view().undo_name, "") << "a command that changed nothing is no step";
}

// Numbers that are none, or far out, change nothing or are brought into range.
TEST(MaskActions, AbsurdNumbers) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20, 5);
    const mask::Mask before = *driver.view().mask;
    const double nan = std::nan(""), far = std::numeric_limits<double>::infinity();
    for (const double amount : {nan, -3.0, -far, 0.0})
        for (const auto kind :
             {RefineKind::grow, RefineKind::shrink, RefineKind::feather, RefineKind::smooth,
              RefineKind::border, RefineKind::contrast, RefineKind::remove_islands})
            driver.apply(RefineMask{{kind, amount}, true});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, before);
    mask::Brush brush;
    brush.radius_px = nan;
    brush.hardness = -far;
    brush.opacity = far;
    driver.apply(SetBrush{brush});
    EXPECT_EQ(driver.view().brush.radius_px, mask::Brush().radius_px);
    EXPECT_EQ(driver.view().brush.hardness, 0);
    EXPECT_EQ(driver.view().brush.opacity, 1);
    driver.apply(BeginStroke{{nan, far, 1, 0}, false});
    driver.apply(ExtendStroke{{-1e30, 1e30, 1, 0}});
    driver.apply(EndStroke{});
    driver.apply(RefineMask{{RefineKind::grow, far}});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().mask->support_area(), 64 * 48);
    CompareState compare;
    compare.wipe_position = nan;
    compare.wipe_angle_degrees = far;
    driver.apply(SetCompare{compare});
    EXPECT_EQ(driver.view().compare.wipe_position, 0.5);
    EXPECT_EQ(driver.view().compare.wipe_angle_degrees, 0);
}

TEST(MaskActions, SaveAndLoadRoundTrip) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20, 9);
    const mask::Mask painted = *driver.view().mask;
    const auto path = driver.folder / "mask.png";
    driver.apply(SaveMask{path});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("Saved the mask"));
    driver.apply(ClearMask{});
    driver.apply(LoadMask{path});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, painted);
    EXPECT_EQ(driver.view().undo_name, "Load mask");
    driver.apply(SaveMask{path});
    EXPECT_FALSE(driver.session().busy()) << "asks before it overwrites";
    ASSERT_TRUE(driver.last_button());
    EXPECT_TRUE(std::get<SaveMask>(*driver.last_button()).overwrite);
    driver.apply(SaveMask{driver.folder / "mask.jpg"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("ending .png"));
    EXPECT_FALSE(std::filesystem::exists(driver.folder / "mask.jpg"));
}

TEST(MaskActions, MaskOfAnotherSizeIsRefused) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    const mask::Mask painted = *driver.view().mask;
    const auto path = driver.folder / "small.png";
    ASSERT_TRUE(codec::save(path, image::Image({63, 48}, image::kGray8).view(), {}));
    driver.apply(LoadMask{path});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("63 x 48"));
    EXPECT_TRUE(driver.has_notice("64 x 48"));
    EXPECT_EQ(*driver.view().mask, painted);
    driver.apply(LoadMask{driver.folder / "none.png"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("none.png"));
    EXPECT_EQ(*driver.view().mask, painted);
}

// Of another depth: 16 bits and alpha are read for what they say.
TEST(MaskActions, MasksOfOtherDepths) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    image::Image deep({64, 48}, image::PixelFormat{1, image::SampleType::u16});
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x)
            deep.span().pixel<std::uint16_t>(x, y)[0] = static_cast<std::uint16_t>(x * 1040);
    ASSERT_TRUE(codec::save(driver.folder / "deep.png", deep.view(), {}));
    driver.apply(LoadMask{driver.folder / "deep.png"});
    ASSERT_TRUE(driver.until_idle());
    for (int x = 0; x < 64; ++x)
        EXPECT_NEAR(driver.view().mask->at(x, 7), x * 1040 / 257.0, 1) << x;
    image::Image alpha({64, 48}, image::kRgba8);
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x)
            alpha.span().pixel<std::uint8_t>(x, y)[3] = x < 20 ? 0 : 255;
    ASSERT_TRUE(codec::save(driver.folder / "alpha.png", alpha.view(), {}));
    driver.apply(LoadMask{driver.folder / "alpha.png"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().mask->support_area(), 20 * 48) << "alpha 0 is what is edited";
    EXPECT_TRUE(driver.has_notice("alpha"));
}

// The mask loads while the picture is replaced: it belongs to a picture that is gone.
TEST(MaskActions, MaskForAClosedPictureIsDropped) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({64, 48}));
    const auto path = driver.folder / "full.png";
    image::Image full({64, 48}, image::kGray8);
    std::memset(full.bytes().data(), 255, full.byte_count());
    ASSERT_TRUE(codec::save(path, full.view(), {}));
    driver.apply(LoadMask{path});
    driver.apply(CloseDocument{});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(driver.open({64, 48}, "next.png"));
    EXPECT_TRUE(driver.view().mask->empty());
}

} // namespace
} // namespace mw::session
