// Pictures in a colour space of their own on the desk.
#include "desk.h"
#include "ui/canvas_panel.h"
#include "ui/thumbnails.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Colors : public Desk {
  protected:
    void open_scene(bool linear = true) {
        open_picture();
        image::ColorSpace space;
        space.name = "scene-linear, test";
        space.scene_linear = linear;
        document->color = std::make_shared<const image::ColorSpace>(space);
        view.display = image::DisplayTransform(document->color);
        settle();
    }
};

TEST_F(Colors, TheCanvasIsGivenTheDisplay) {
    open_scene();
    show(add_iteration());
    view.compare.mode = CompareMode::side_by_side;
    settle();
    const auto frame_now = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_EQ(frame_now.panes.size(), 2u);
    for (const render::Pane& pane : frame_now.panes)
        EXPECT_TRUE(pane.layer.view == view.display);
    view.compare.mode = CompareMode::wipe;
    const auto wipe = canvas_frame(view, shell.canvas, {1440, 900});
    ASSERT_TRUE(wipe.panes[0].wipe_layer);
    EXPECT_TRUE(wipe.panes[0].wipe_layer->view == view.display);
}

TEST_F(Colors, ExposureByKeysAndSlider) {
    open_scene();
    press(ImGuiKey_Period, ImGuiMod_Shift);
    EXPECT_EQ(last<SetExposure>().stops, 0.5);
    press(ImGuiKey_Comma, ImGuiMod_Shift);
    EXPECT_EQ(last<SetExposure>().stops, 0); // the desk applies what is asked
    press(ImGuiKey_Comma, ImGuiMod_Shift);
    EXPECT_EQ(last<SetExposure>().stops, -0.5);
    settle();
    click("view.exposure_reset");
    settle();
    EXPECT_EQ(last<SetExposure>().stops, 0);
    EXPECT_EQ(count<ShowIteration>(), 0);
    EXPECT_GT(widget("view.exposure").width, 60);
}

TEST_F(Colors, OtherPicturesHaveNoExposure) {
    open_scene(false);
    press(ImGuiKey_Period, ImGuiMod_Shift);
    EXPECT_EQ(count<SetExposure>(), 0);
    EXPECT_FALSE(look_state.widgets.contains("view.exposure"));
}

TEST_F(Colors, ThumbnailsShowWhatTheCanvasShows) {
    open_scene();
    const project::IterationId id = document->tree.add([&] {
        project::Iteration it;
        it.parent = 0;
        composite::Patch patch{document->mask.bounds(), nullptr};
        image::Image grey(patch.rect.size(), image::kRgb8);
        std::ranges::fill(grey.bytes(), std::byte{60});
        patch.pixels = std::make_shared<const image::Image>(std::move(grey));
        it.patch = std::move(patch);
        it.mask = document->mask;
        return it;
    }());
    const image::Image plain = thumbnail_image(document->tree, id, 64, {});
    const image::Image shown = thumbnail_image(document->tree, id, 64, view.display);
    EXPECT_EQ(plain.format(), image::kRgba8);
    EXPECT_EQ(shown.format(), image::kRgba8);
    std::int64_t a = 0, b = 0;
    for (const std::byte v : plain.bytes())
        a += std::to_integer<int>(v);
    for (const std::byte v : shown.bytes())
        b += std::to_integer<int>(v);
    EXPECT_GT(b, a); // linear light is encoded
}

} // namespace
} // namespace mw::ui::test
