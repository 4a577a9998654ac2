// A GL context in a window, a framebuffer to draw into, and pictures to draw.
#pragma once

#include <glad/gl.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>

#include "image/image.h"
#include "image/resample.h"
#include "render/canvas.h"

namespace mw::render::test {

using image::Image;
using image::ImageRef;

// The window's size.
inline constexpr Size kWindow{320, 240};

// Offscreen, RGBA8, y down when read.
class Target {
  public:
    explicit Target(Size size);
    ~Target();
    Size size() const { return size_; }
    void bind() const;
    Image read() const; // kRgba8

  private:
    Size size_;
    unsigned framebuffer_ = 0, color_ = 0;
};

class GlTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite();
    void SetUp() override;
    // Draws until the renderer has nothing more to bring, and reads the result.
    Image draw(const CanvasFrame& frame);
    void use_budget(std::size_t bytes);

    std::unique_ptr<CanvasRenderer> renderer_;
    // Of all the frames that the last draw took.
    int frames_ = 0;
    std::size_t mask_texels_ = 0;
    std::int64_t pixels_redrawn_ = 0;
};

ImageRef share(Image image);
// The same for a seed; alpha, where there is one, is opaque.
Image noise(Size size, image::PixelFormat format, unsigned seed);
Image filled(Size size, std::array<std::uint8_t, 4> rgba);

// One pane that fills the framebuffer, with `center` in its middle.
CanvasFrame one_pane(Size framebuffer, ImageRef picture, double zoom, PointF center);
// The picture's corner is `corner` pixels right of and below the pane's.
CanvasFrame at_corner(Size framebuffer, ImageRef picture, double zoom, PointF corner = {});

// Each RGB value of `drawn` within `tolerance` of expected(x, y)[c], for `area`.
using Expected = std::function<std::array<double, 3>(int x, int y)>;
void expect_pixels(const Image& drawn, const Rect& area, double tolerance,
                   const Expected& expected);
// The picture as RGB 0..255.
std::array<double, 3> rgb_at(image::ImageView rgba8, int x, int y);

} // namespace mw::render::test
