#include "gl_fixture.h"

#include <GLFW/glfw3.h>

#include <cmath>

namespace mw::render::test {

Target::Target(Size size) : size_(size) {
    glGenTextures(1, &color_);
    glBindTexture(GL_TEXTURE_2D, color_);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, size.width, size.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 nullptr);
    glGenFramebuffers(1, &framebuffer_);
    bind();
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, color_, 0);
    EXPECT_EQ(glCheckFramebufferStatus(GL_FRAMEBUFFER), GLenum(GL_FRAMEBUFFER_COMPLETE));
}

Target::~Target() {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteFramebuffers(1, &framebuffer_);
    glDeleteTextures(1, &color_);
}

void Target::bind() const {
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
}

Image Target::read() const {
    bind();
    Image up(size_, image::kRgba8), down(size_, image::kRgba8);
    glReadPixels(0, 0, size_.width, size_.height, GL_RGBA, GL_UNSIGNED_BYTE, up.bytes().data());
    for (int y = 0; y < size_.height; ++y)
        std::memcpy(down.span().row_bytes(y), up.view().row_bytes(size_.height - 1 - y),
                    static_cast<std::size_t>(up.stride()));
    return down;
}

void GlTest::SetUpTestSuite() {
    static GLFWwindow* window = nullptr;
    if (window) return;
    ASSERT_TRUE(glfwInit()) << "no display; run it under tests/support/with_xvfb.sh";
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_TRUE);
    window = glfwCreateWindow(kWindow.width, kWindow.height, "gl tests", nullptr, nullptr);
    ASSERT_NE(window, nullptr);
    glfwMakeContextCurrent(window);
    ASSERT_TRUE(load_gl(
        [](const char* name) { return reinterpret_cast<void*>(glfwGetProcAddress(name)); }));
}

void GlTest::SetUp() {
    use_budget(512u << 20);
}

void GlTest::use_budget(std::size_t bytes) {
    renderer_.reset();
    auto made = CanvasRenderer::create(bytes);
    ASSERT_TRUE(made) << made.error().message;
    renderer_ = std::move(*made);
}

Image GlTest::draw(const CanvasFrame& frame) {
    const Target target(frame.framebuffer);
    target.bind();
    frames_ = 0;
    mask_texels_ = 0;
    pixels_redrawn_ = 0;
    for (bool complete = false; !complete; ++frames_) {
        complete = renderer_->draw(frame);
        mask_texels_ += renderer_->mask_texels_uploaded();
        pixels_redrawn_ += renderer_->pixels_redrawn();
        if (frames_ > 2000) {
            ADD_FAILURE() << "never complete";
            break;
        }
    }
    EXPECT_EQ(glGetError(), GLenum(GL_NO_ERROR));
    return target.read();
}

ImageRef share(Image image) {
    return std::make_shared<const Image>(std::move(image));
}

Image noise(Size size, image::PixelFormat format, unsigned seed) {
    Image out(size, format);
    std::minstd_rand random(seed);
    const int n = format.channels;
    for (int y = 0; y < size.height; ++y)
        for (int i = 0; i < size.width * n; ++i) {
            const bool alpha = format.has_alpha() && i % n == n - 1;
            const auto v = static_cast<unsigned>(random()) >> 8;
            switch (format.type) {
                case image::SampleType::u8:
                    out.span().row<std::uint8_t>(y)[i] = alpha ? 255 : std::uint8_t(v);
                    break;
                case image::SampleType::u16:
                    out.span().row<std::uint16_t>(y)[i] = alpha ? 65535 : std::uint16_t(v);
                    break;
                case image::SampleType::f32:
                    out.span().row<float>(y)[i] = alpha ? 1.0f : float(v % 1000) / 999.0f;
                    break;
            }
        }
    return out;
}

Image filled(Size size, std::array<std::uint8_t, 4> rgba) {
    Image out(size, image::kRgba8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::copy(rgba.begin(), rgba.end(), out.span().pixel<std::uint8_t>(x, y));
    return out;
}

CanvasFrame one_pane(Size framebuffer, ImageRef picture, double zoom, PointF center) {
    CanvasFrame frame;
    frame.framebuffer = framebuffer;
    Pane pane;
    pane.area = Rect::of(framebuffer);
    pane.view = {center, zoom};
    pane.layer.picture = std::move(picture);
    frame.panes.push_back(std::move(pane));
    return frame;
}

CanvasFrame at_corner(Size framebuffer, ImageRef picture, double zoom, PointF corner) {
    return one_pane(framebuffer, std::move(picture), zoom,
                    {(framebuffer.width / 2.0 - corner.x) / zoom,
                     (framebuffer.height / 2.0 - corner.y) / zoom});
}

void expect_pixels(const Image& drawn, const Rect& area, double tolerance,
                   const Expected& expected) {
    int wrong = 0;
    for (int y = area.y; y < area.bottom(); ++y)
        for (int x = area.x; x < area.right(); ++x) {
            const auto want = expected(x, y), got = rgb_at(drawn.view(), x, y);
            for (std::size_t c = 0; c < 3; ++c)
                if (std::abs(want[c] - got[c]) > tolerance && ++wrong <= 5)
                    ADD_FAILURE() << "channel " << c << " at " << x << "," << y << ": " << got[c]
                                  << ", not " << want[c];
        }
    EXPECT_EQ(wrong, 0) << "values off in " << area.area() << " pixels";
}

std::array<double, 3> rgb_at(image::ImageView rgba8, int x, int y) {
    const auto* p = rgba8.pixel<std::uint8_t>(x, y);
    return {double(p[0]), double(p[1]), double(p[2])};
}

} // namespace mw::render::test
