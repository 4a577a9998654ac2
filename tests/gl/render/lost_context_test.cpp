// When the driver resets the device, every GL object is gone. What the canvas shows lives
// elsewhere.
#include <GLFW/glfw3.h>

#include "gl_fixture.h"

namespace mw::render::test {
namespace {

class LostContext : public GlTest {
  protected:
    static bool load() {
        return load_gl(
            [](const char* name) { return reinterpret_cast<void*>(glfwGetProcAddress(name)); });
    }
};

TEST_F(LostContext, AnotherOneShowsTheSameFromLessMemory) {
    const ImageRef picture = share(noise({1500, 1200}, image::kRgba8, 3));
    mask::Mask mask = mask::Mask::full({1500, 1200});
    CanvasFrame frame = one_pane({640, 480}, picture, 1, {700, 600});
    frame.panes[0].overlay.mask = &mask;
    frame.panes.push_back(frame.panes[0]);
    frame.panes[0].area = {0, 0, 320, 480};
    frame.panes[1].area = {320, 0, 320, 480};
    frame.panes[1].view = {{500, 500}, 0.4, {30, true}};
    const Image before = draw(frame);
    ASSERT_EQ(renderer_->texture_budget(), std::size_t{512} << 20);

    GLFWwindow* const old = glfwGetCurrentContext();
    renderer_.reset();
    GLFWwindow* const next =
        glfwCreateWindow(kWindow.width, kWindow.height, "next", nullptr, nullptr);
    ASSERT_NE(next, nullptr);
    glfwMakeContextCurrent(next);
    ASSERT_TRUE(load());
    use_budget(16u << 20);
    EXPECT_TRUE(image::identical(draw(frame).view(), before.view()));
    EXPECT_LE(renderer_->texture_bytes(), std::size_t{16} << 20);

    // And back, for the tests that follow.
    renderer_.reset();
    glfwDestroyWindow(next);
    glfwMakeContextCurrent(old);
    ASSERT_TRUE(load());
    use_budget(8u << 20);
    EXPECT_TRUE(image::identical(draw(frame).view(), before.view()));
}

} // namespace
} // namespace mw::render::test
