// The canvas is kept between frames: what it shows must never differ from a canvas drawn anew.
#include <cmath>

#include "gl_fixture.h"

namespace mw::render::test {
namespace {

class KeptCanvas : public GlTest {
  protected:
    // Another renderer, which has seen nothing.
    static Image draw_anew(const CanvasFrame& frame) {
        auto fresh = CanvasRenderer::create();
        const Target target(frame.framebuffer);
        target.bind();
        while (!(*fresh)->draw(frame)) {
        }
        return target.read();
    }
};

void dab(mask::Mask& mask, Point at, int radius, int value) {
    Image coverage({2 * radius, 2 * radius}, image::kGray8);
    std::fill(coverage.bytes().begin(), coverage.bytes().end(), std::byte(value));
    mask.write({at.x - radius, at.y - radius, 2 * radius, 2 * radius}, coverage.view());
}

TEST_F(KeptCanvas, EqualsOneDrawnAnew) {
    const Size size{1500, 1200};
    const std::array pictures{share(noise(size, image::kRgb8, 1)),
                              share(noise(size, {4, image::SampleType::u16}, 2)), ImageRef{}};
    const std::array patches{share(noise({200, 150}, image::kRgb8, 3)),
                             share(noise({31, 400}, image::kRgba8, 4)), ImageRef{}};
    mask::Mask mask(size), undo = mask;
    CanvasFrame frame = one_pane({500, 400}, pictures[0], 1, {700, 600});
    frame.panes[0].area = {0, 0, 260, 400};
    frame.panes.push_back(frame.panes[0]);
    frame.panes[1].area = {260, 10, 240, 380};
    frame.panes[0].overlay.mask = &mask;
    frame.panes[1].overlay.mask = &mask;
    std::minstd_rand random(5);
    const auto any = [&](int n) { return int((random() >> 8) % unsigned(n)); };
    for (int step = 0; step < 150; ++step) {
        Pane& pane = frame.panes[std::size_t(any(2))];
        switch (any(12)) {
            case 0:
                pane.view = panned(pane.view, {double(any(99) - 49), double(any(99) - 49)});
                break;
            case 1:
                pane.view =
                    zoomed_at(pane.view, pane.area, {200, 100},
                              next_zoom_step(pane.view.zoom, any(2) * 2 - 1) / pane.view.zoom);
                if (pane.view.zoom < 0.1 || pane.view.zoom > 8) pane.view = {{700, 600}, 0.7};
                break;
            case 2:
                pane.layer.picture = pictures[std::size_t(any(3))];
                break;
            case 3:
                pane.layer.patch = patches[std::size_t(any(3))];
                pane.layer.patch_at = {any(1000), any(1000)};
                break;
            case 4:
                pane.wipe_layer =
                    any(2) ? std::optional(Layer{pictures[1], nullptr, {}}) : std::nullopt;
                break;
            case 5:
                pane.wipe = {{any(100) / 100.0, 0.5}, 15.0 * any(24)};
                break;
            case 6:
                pane.overlay.color[3] = float(any(3)) / 2;
                break;
            case 7:
                frame.background[0] = float(any(10)) / 10;
                break;
            case 8:
                std::swap(mask, undo);
                break;
            case 9:
                pane.overlay.mask = any(3) ? &mask : nullptr;
                break;
            default:
                dab(mask, {any(1500), any(1200)}, 1 + any(150), any(3) * 127);
        }
        ASSERT_TRUE(image::identical(draw(frame).view(), draw_anew(frame).view()))
            << "step " << step;
    }
}

TEST_F(KeptCanvas, BothPanesGetTheTilesOfAPictureTheyShare) {
    const ImageRef picture = share(noise({4096, 2400}, image::kRgba8, 8));
    CanvasFrame frame = one_pane({2000, 1200}, picture, 0.51, {2048, 1200});
    frame.panes[0].area = {0, 0, 1000, 1200};
    frame.panes[0].view.center.x = 1000;
    frame.panes.push_back(frame.panes[0]);
    frame.panes[1].area = {1000, 0, 1000, 1200};
    // Known, so that what comes now takes several frames' bytes.
    draw(one_pane({20, 20}, picture, 4, {0, 0}));
    const Image kept = draw(frame);
    EXPECT_GT(frames_, 1);
    EXPECT_TRUE(image::identical(kept.view(), draw_anew(frame).view()));
}

TEST_F(KeptCanvas, RedrawsNothingWhenNothingChanged) {
    mask::Mask mask({800, 600});
    dab(mask, {300, 300}, 50, 200);
    CanvasFrame frame =
        one_pane({640, 480}, share(noise({800, 600}, image::kRgb8, 6)), 1, {400, 300});
    frame.panes[0].overlay.mask = &mask;
    const Image first = draw(frame);
    EXPECT_GE(pixels_redrawn_, 640 * 480);
    EXPECT_TRUE(image::identical(draw(frame).view(), first.view()));
    EXPECT_EQ(pixels_redrawn_, 0);
}

TEST_F(KeptCanvas, PaintingRedrawsItsTilesOnly) {
    mask::Mask mask({4000, 3000});
    CanvasFrame frame =
        one_pane({1280, 960}, share(filled({4000, 3000}, {9, 9, 9, 255})), 1, {2000, 1500});
    frame.panes[0].overlay.mask = &mask;
    draw(frame);
    for (int i = 0; i < 30; ++i) {
        dab(mask, {1900 + 5 * i, 1500}, 10, 255);
        draw(frame);
        EXPECT_LE(pixels_redrawn_, 4 * 132 * 132);
    }
}

// The driver's answers, made worse for a while.
int failures_left = 0;
PFNGLGETERRORPROC real_get_error = nullptr;
PFNGLTEXIMAGE2DPROC real_tex_image = nullptr;
bool just_failed = false;

void GLAD_API_PTR fail_to_allocate(GLenum target, GLint level, GLint internal, GLsizei width,
                                   GLsizei height, GLint border, GLenum format, GLenum type,
                                   const void* pixels) {
    if (failures_left > 0) {
        --failures_left;
        just_failed = true;
        return;
    }
    real_tex_image(target, level, internal, width, height, border, format, type, pixels);
}

GLenum GLAD_API_PTR out_of_memory() {
    if (just_failed) {
        just_failed = false;
        return GL_OUT_OF_MEMORY;
    }
    return real_get_error();
}

TEST_F(KeptCanvas, GoesOnWhenTheDriverIsOutOfMemory) {
    real_get_error = glad_glGetError;
    real_tex_image = glad_glTexImage2D;
    const ImageRef picture = share(noise({1500, 1200}, image::kRgb8, 7));
    mask::Mask mask = mask::Mask::full({1500, 1200});
    CanvasFrame frame = one_pane({640, 480}, picture, 1, {700, 600});
    frame.panes[0].overlay.mask = &mask;
    const Image good = draw(frame);
    for (const int failures : {1, 2, 5, 9}) {
        use_budget(512u << 20);
        const Target target(frame.framebuffer);
        target.bind();
        failures_left = failures;
        glad_glTexImage2D = fail_to_allocate;
        glad_glGetError = out_of_memory;
        for (int i = 0; i < 50 && !renderer_->draw(frame); ++i) {
        }
        glad_glTexImage2D = real_tex_image;
        glad_glGetError = real_get_error;
        failures_left = 0;
        // What could not be had then is had later.
        frame.panes[0].view = panned(frame.panes[0].view, {300, 200});
        draw(frame);
        frame.panes[0].view = panned(frame.panes[0].view, {-300, -200});
        EXPECT_TRUE(image::identical(draw(frame).view(), good.view())) << failures;
    }
}

} // namespace
} // namespace mw::render::test
