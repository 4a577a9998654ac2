// What a frame of a comparison costs while the picture is panned: of a 16384 x 16384 pair beside a
// 2048 x 2048 one, in the same window. Seconds of CPU of all threads (llvmpipe draws with several),
// best of several turns. Both begin with no tile made, so that making what comes into sight counts.
#include <cstdio>
#include <ctime>
#include <limits>

#include "render/canvas.h"

// clang-format off
#include <glad/gl.h>
#include <GLFW/glfw3.h>
// clang-format on

namespace {

using namespace mw;
using render::CanvasFrame;
using render::PairMath;

constexpr Size kWindow{1280, 720};
constexpr int kFrames = 40, kStep = 18, kTurns = 3;

image::ImageRef picture(int side, int seed) {
    auto out = std::make_shared<image::Image>(Size{side, side}, image::kRgb8);
    for (int y = 0; y < side; ++y) {
        auto* p = out->span().row<std::uint8_t>(y);
        for (int x = 0; x < side; ++x, p += 3) {
            p[0] = static_cast<std::uint8_t>(x * 3 + y + seed);
            p[1] = static_cast<std::uint8_t>((x ^ y) + seed * 5);
            p[2] = static_cast<std::uint8_t>(x + 2 * y);
        }
    }
    return out;
}

struct Way {
    const char* name;
    std::optional<PairMath> math;
    bool wipe = false, flip = false;
};
constexpr Way kWays[] = {{"one picture", {}},
                         {"wipe", {}, true},
                         {"flip", {}, false, true},
                         {"onion skin", PairMath::onion},
                         {"difference", PairMath::difference},
                         {"heat, absolute", PairMath::absolute},
                         {"heat, CIEDE2000", PairMath::delta_e}};

CanvasFrame frame_of(const Way& way, const image::ImageRef& a, const image::ImageRef& b,
                     double zoom, int step) {
    CanvasFrame frame;
    frame.framebuffer = kWindow;
    render::Pane pane;
    pane.area = Rect::of(kWindow);
    const double x = kWindow.width / 2.0 / zoom + 8 + step * kStep / zoom;
    pane.view = {{x, kWindow.height / 2.0 / zoom + 8 + step * kStep / zoom}, zoom};
    const bool shows_a = way.flip && step % 8 < 4;
    pane.layer.picture = shows_a ? a : b;
    if (way.wipe) pane.wipe_layer = render::Layer{a, nullptr, {}};
    if (way.math) pane.pairing = render::Pairing{{a, nullptr, {}}, *way.math, 8};
    frame.panes.push_back(std::move(pane));
    return frame;
}

// Milliseconds a frame; negative when the canvas cannot be made.
double cost(const Way& way, const image::ImageRef& a, const image::ImageRef& b, double zoom) {
    double best = std::numeric_limits<double>::infinity();
    for (int turn = 0; turn < kTurns; ++turn) {
        auto renderer = render::CanvasRenderer::create();
        if (!renderer) return -1;
        glFinish();
        const std::clock_t start = std::clock();
        for (int step = 0; step < kFrames; ++step) {
            const CanvasFrame frame = frame_of(way, a, b, zoom, step);
            while (!(*renderer)->draw(frame)) { // the whole of it, not a coarser one
            }
            glFinish();
        }
        best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC * 1000 / kFrames);
    }
    return best;
}

} // namespace

int main() {
    if (!glfwInit())
        return std::fputs("no display; run it under tests/support/with_xvfb.sh\n", stderr), 1;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    GLFWwindow* window = glfwCreateWindow(kWindow.width, kWindow.height, "pan", nullptr, nullptr);
    if (window == nullptr) return std::fputs("no OpenGL 3.3\n", stderr), 1;
    glfwMakeContextCurrent(window);
    if (!render::load_gl(
            [](const char* n) { return reinterpret_cast<void*>(glfwGetProcAddress(n)); }))
        return 1;
    std::printf("%s, %d x %d, ms of CPU a frame\n", glGetString(GL_RENDERER), kWindow.width,
                kWindow.height);
    const image::ImageRef a2 = picture(2048, 1), b2 = picture(2048, 9);
    const image::ImageRef a16 = picture(16384, 1), b16 = picture(16384, 9);
    std::printf("%-18s %6s %10s %10s %7s\n", "", "zoom", "2048", "16384", "ratio");
    for (const Way& way : kWays)
        for (const double zoom : {1.0, 0.75}) {
            const double small = cost(way, a2, b2, zoom), large = cost(way, a16, b16, zoom);
            std::printf("%-18s %6.2f %10.2f %10.2f %7.2f\n", way.name, zoom, small, large,
                        large / small);
        }
    glfwTerminate();
}
