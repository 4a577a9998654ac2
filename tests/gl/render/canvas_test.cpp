#include "render/canvas.h"

#include <cmath>

#include "gl_fixture.h"
#include "image/convert.h"

namespace mw::render::test {
namespace {

class Canvas : public GlTest {};

using Rgb = std::array<double, 3>;

TEST_F(Canvas, DrawsOnlyInItsPanes) {
    const Target target({300, 200});
    target.bind();
    glClearColor(0, 0, 1, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    CanvasFrame frame =
        one_pane({300, 200}, share(filled({64, 64}, {255, 0, 0, 255})), 1, {32, 32});
    frame.panes[0].area = {10, 20, 100, 90};
    frame.panes.push_back(frame.panes[0]);
    frame.panes[1].area = {150, 20, 100, 90};
    frame.panes[1].layer.picture = share(filled({64, 64}, {0, 255, 0, 255}));
    frame.background = {1, 1, 1};
    while (!renderer_->draw(frame)) {
    }
    expect_pixels(target.read(), {0, 0, 300, 200}, 0, [&](int x, int y) -> Rgb {
        for (const Pane& pane : frame.panes) {
            if (!pane.area.contains(Point{x, y})) continue;
            const Rect picture{pane.area.x + 18, pane.area.y + 13, 64, 64};
            if (!picture.contains(Point{x, y})) return {255, 255, 255};
            return &pane == &frame.panes[0] ? Rgb{255, 0, 0} : Rgb{0, 255, 0};
        }
        return {0, 0, 255};
    });
}

TEST_F(Canvas, IsTheSameInAWindow) {
    const ImageRef picture = share(noise({500, 400}, image::kRgb8, 8));
    const Image rgba = image::convert(picture->view(), image::kRgba8);
    CanvasFrame frame = at_corner(kWindow, picture, 1, {-30, -40});
    frame.panes[0].area = {20, 10, 250, 200};
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glClearColor(1, 1, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    while (!renderer_->draw(frame)) {
    }
    Image up(kWindow, image::kRgba8), drawn(kWindow, image::kRgba8);
    glReadPixels(0, 0, kWindow.width, kWindow.height, GL_RGBA, GL_UNSIGNED_BYTE, up.bytes().data());
    for (int y = 0; y < kWindow.height; ++y)
        image::copy_pixels(up.view().sub({0, kWindow.height - 1 - y, kWindow.width, 1}),
                           drawn.span().sub({0, y, kWindow.width, 1}));
    const PointF o = drawn_origin(frame.panes[0].view, frame.panes[0].area);
    expect_pixels(drawn, drawn.rect(), 0, [&](int x, int y) -> Rgb {
        if (!frame.panes[0].area.contains(Point{x, y})) return {255, 255, 0};
        return rgb_at(rgba.view(), x - int(o.x), y - int(o.y));
    });
}

TEST_F(Canvas, StaysWithinItsBudget) {
    constexpr std::size_t kBudget = 6u << 20;
    use_budget(kBudget);
    const ImageRef picture = share(noise({5000, 700}, image::kRgba8, 1));
    for (int x = 0; x > -4400; x -= 370) {
        const Image drawn = draw(at_corner({600, 500}, picture, 1, {double(x), -100}));
        EXPECT_LE(renderer_->texture_bytes(), kBudget);
        expect_pixels(drawn, drawn.rect(), 0,
                      [&](int i, int j) { return rgb_at(picture->view(), i - x, j + 100); });
    }
    EXPECT_GT(renderer_->texture_bytes(), kBudget / 2);
}

TEST_F(Canvas, ShowsSomethingWhenTheScreenAloneExceedsTheBudget) {
    use_budget(1u << 20);
    const ImageRef picture = share(filled({3000, 2000}, {10, 200, 30, 255}));
    const Image drawn = draw(at_corner({1920, 1080}, picture, 1));
    EXPECT_LT(frames_, 100);
    EXPECT_LE(renderer_->texture_bytes(), std::size_t{1} << 20);
    expect_pixels(drawn, drawn.rect(), 0, [](int, int) -> Rgb { return {10, 200, 30}; });
}

TEST_F(Canvas, KeepsThePicturesThatLiveAndNoOthers) {
    ImageRef first = share(noise({800, 600}, image::kRgb8, 2));
    draw(at_corner({640, 480}, first, 1));
    const std::size_t once = renderer_->texture_bytes();
    EXPECT_GT(once, 0u);
    draw(at_corner({640, 480}, first, 1));
    EXPECT_EQ(renderer_->texture_bytes(), once);
    EXPECT_EQ(frames_, 1);
    EXPECT_EQ(pixels_redrawn_, 0);
    first.reset();
    draw(at_corner({640, 480}, nullptr, 1));
    EXPECT_EQ(renderer_->texture_bytes(), 0u);
}

TEST_F(Canvas, IsNotFooledByAnAddressUsedAgain) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const ImageRef picture = share(noise({100, 80}, image::kRgba8, seed));
        expect_pixels(draw(at_corner({100, 80}, picture, 1)), picture->rect(), 0,
                      [&](int x, int y) { return rgb_at(picture->view(), x, y); });
    }
}

TEST_F(Canvas, CoversALargePictureFromTheFirstFrame) {
    const ImageRef picture = share(Image({9000, 8000}, image::kGray8)); // black
    CanvasFrame frame =
        one_pane({900, 800}, picture, fitted({9000, 8000}, {0, 0, 900, 800}, 0).zoom, {4500, 4000});
    frame.background = {1, 1, 1};
    const Target target(frame.framebuffer);
    target.bind();
    renderer_->draw(frame);
    expect_pixels(target.read(), {0, 0, 900, 800}, 0, [](int, int) -> Rgb { return {0, 0, 0}; });
}

TEST_F(Canvas, StandsInWithWhatThereIsAndGetsExact) {
    // Every step of the way something is shown, and the end is the same whatever came before.
    const ImageRef picture = share(noise({4096, 3072}, image::kRgb8, 3));
    std::vector<Image> direct;
    const std::vector<double> zooms{0.11, 0.25, 0.4, 1, 3, 0.3, 0.06, 1.4};
    for (const double zoom : zooms) {
        use_budget(512u << 20);
        direct.push_back(draw(one_pane({500, 400}, picture, zoom, {2048, 1536})));
    }
    use_budget(512u << 20);
    for (std::size_t i = 0; i < zooms.size(); ++i)
        EXPECT_TRUE(image::identical(
            draw(one_pane({500, 400}, picture, zooms[i], {2048, 1536})).view(), direct[i].view()))
            << zooms[i];
}

TEST_F(Canvas, WipeShowsEachSideOfItsLine) {
    const ImageRef b = share(filled({500, 400}, {200, 10, 10, 255}));
    const ImageRef a = share(filled({500, 400}, {10, 10, 200, 255}));
    for (const double angle : {0.0, 30.0, 90.0, 135.0, 180.0, 251.0, 270.0}) {
        SCOPED_TRACE(angle);
        CanvasFrame frame = at_corner({420, 320}, b, 1);
        frame.panes[0].area = {10, 20, 400, 300};
        frame.panes[0].view.center = {250, 200};
        frame.panes[0].wipe_layer = Layer{a, nullptr, {}};
        frame.panes[0].wipe.point = {0.4, 0.55};
        frame.panes[0].wipe.angle_degrees = angle;
        const Image drawn = draw(frame);
        int on_line = 0;
        expect_pixels(drawn, frame.panes[0].area, 0, [&](int x, int y) -> Rgb {
            const double turn = angle * M_PI / 180;
            const double side = -std::sin(turn) * (x + 0.5 - 10 - 0.4 * 400) +
                                std::cos(turn) * (y + 0.5 - 20 - 0.55 * 300);
            if (std::abs(side) < 0.01) { // either will do, but one of them
                ++on_line;
                return rgb_at(drawn.view(), x, y)[0] > 100 ? Rgb{200, 10, 10} : Rgb{10, 10, 200};
            }
            return side > 0 ? Rgb{10, 10, 200} : Rgb{200, 10, 10};
        });
        EXPECT_LT(on_line, 500);
    }
}

} // namespace
} // namespace mw::render::test
