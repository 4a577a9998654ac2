#include "app/window.h"

// clang-format off
#include <glad/gl.h>
#include <GLFW/glfw3.h>
// clang-format on

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mw::app {
namespace {

Window& of(GLFWwindow* handle) {
    return *static_cast<Window*>(glfwGetWindowUserPointer(handle));
}

std::string glfw_reason() {
    const char* words = nullptr;
    glfwGetError(&words);
    return words != nullptr ? words : "no reason was given";
}

// Where the pointer was when it was last reported: a press belongs there, wherever the hand is by
// the time it is heard of.
PointF cursor(GLFWwindow* handle) {
    if (const auto& known = of(handle).events().pointer_at) return *known;
    PointF at;
    glfwGetCursorPos(handle, &at.x, &at.y);
    return at;
}

ui::PointerEvent event_at(GLFWwindow* handle, ui::PointerKind kind, int mods, PointF at) {
    ui::PointerEvent e;
    e.kind = kind;
    e.at = at;
    e.ctrl = (mods & GLFW_MOD_CONTROL) != 0;
    e.shift = (mods & GLFW_MOD_SHIFT) != 0;
    e.alt = (mods & GLFW_MOD_ALT) != 0;
    e.time = glfwGetTime();
    e.pressure = of(handle).pressure(e.at);
    return e;
}

void on_move(GLFWwindow* handle, double x, double y) {
    of(handle).events().pointer_at = PointF{x, y};
    of(handle).events().pointer.push_back(event_at(handle, ui::PointerKind::move, 0, {x, y}));
    of(handle).events().any = true;
}

void on_button(GLFWwindow* handle, int button, int action, int mods) {
    ui::PointerEvent e =
        event_at(handle, action == GLFW_PRESS ? ui::PointerKind::down : ui::PointerKind::up, mods,
                 cursor(handle));
    e.button = button;
    of(handle).events().pointer.push_back(e);
    of(handle).events().any = true;
}

void on_scroll(GLFWwindow* handle, double, double y) {
    ui::PointerEvent e = event_at(handle, ui::PointerKind::wheel, 0, cursor(handle));
    e.wheel = y;
    of(handle).events().pointer.push_back(e);
    of(handle).events().any = true;
}

void on_drop(GLFWwindow* handle, int count, const char** paths) {
    for (int i = 0; i < count; ++i)
        of(handle).events().dropped.emplace_back(paths[i]);
    of(handle).events().any = true;
}

void set_callbacks(GLFWwindow* h) {
    glfwSetCursorPosCallback(h, on_move);
    glfwSetMouseButtonCallback(h, on_button);
    glfwSetScrollCallback(h, on_scroll);
    glfwSetDropCallback(h, on_drop);
    glfwSetKeyCallback(h, [](GLFWwindow* w, int, int, int, int) { of(w).events().any = true; });
    glfwSetCharCallback(h, [](GLFWwindow* w, unsigned) { of(w).events().any = true; });
    glfwSetCursorEnterCallback(h, [](GLFWwindow* w, int) { of(w).events().any = true; });
    glfwSetWindowFocusCallback(h, [](GLFWwindow* w, int) { of(w).events().any = true; });
    glfwSetWindowRefreshCallback(h, [](GLFWwindow* w) { of(w).events().any = true; });
    glfwSetFramebufferSizeCallback(h, [](GLFWwindow* w, int, int) { of(w).events().any = true; });
    glfwSetWindowCloseCallback(h, [](GLFWwindow* w) { of(w).events().any = true; });
    glfwSetWindowContentScaleCallback(
        h, [](GLFWwindow* w, float, float) { of(w).events().any = true; });
}

// Most of the monitor's work area, no more than asked for.
Size sensible(Size wanted) {
    int x = 0, y = 0, width = 0, height = 0;
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    if (monitor != nullptr) glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
    if (!wanted.empty()) return wanted;
    float scale = 1;
    if (monitor != nullptr) glfwGetMonitorContentScale(monitor, &scale, nullptr);
    const Size usual{static_cast<int>(1440 * scale), static_cast<int>(900 * scale)};
    if (width <= 0 || height <= 0) return usual;
    return {std::min(usual.width, width), std::min(usual.height, height)};
}

} // namespace

Result<std::unique_ptr<Window>> Window::open(Size size, const char* title) {
    if (glfwInit() == GLFW_FALSE)
        return fail(ErrorCode::engine,
                    fmt::format("No window can be opened here ({}); on a machine without a display "
                                "use the verbs, see maskwright --help.",
                                glfw_reason()));
    std::unique_ptr<Window> window(new Window(title));
    if (Status made = window->create(sensible(size), nullptr); !made)
        return tl::unexpected(made.error());
    return window;
}

Status Window::create(Size size, const Place* place) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    // Where the driver has it: a reset of the device is told, and only our context is lost.
    glfwWindowHint(GLFW_CONTEXT_ROBUSTNESS, GLFW_LOSE_CONTEXT_ON_RESET);
    glfwWindowHint(GLFW_VISIBLE, place == nullptr ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_MAXIMIZED, place != nullptr && place->maximized ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "maskwright");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "maskwright");
    handle_ = glfwCreateWindow(size.width, size.height, title_.c_str(), nullptr, nullptr);
    if (handle_ == nullptr)
        return fail(ErrorCode::engine,
                    fmt::format("The window needs OpenGL 3.3, which this display does not offer "
                                "({}); update the graphics driver, or try "
                                "LIBGL_ALWAYS_SOFTWARE=1, or use the verbs.",
                                glfw_reason()));
    glfwSetWindowUserPointer(handle_, this);
    glfwSetWindowSizeLimits(handle_, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(handle_);
    glfwSwapInterval(1);
    set_callbacks(handle_);
    if (place != nullptr) {
        glfwSetWindowPos(handle_, place->x, place->y);
        glfwShowWindow(handle_);
    }
    pen_ = Pen::listen(handle_);
    reset_status_ = nullptr;
    for (const std::string kind : {"KHR", "ARB"}) {
        if (glfwExtensionSupported(("GL_" + kind + "_robustness").c_str()) == GLFW_FALSE) continue;
        reset_status_ = reinterpret_cast<unsigned (*)()>(
            glfwGetProcAddress(("glGetGraphicsResetStatus" + kind).c_str()));
        if (reset_status_ != nullptr) break;
    }
    return {};
}

bool Window::context_lost() const {
    return reset_status_ != nullptr && reset_status_() != GL_NO_ERROR;
}

Status Window::reopen() {
    if (handle_ != nullptr) {
        glfwGetWindowPos(handle_, &place_.x, &place_.y);
        glfwGetWindowSize(handle_, &place_.size.width, &place_.size.height);
        place_.maximized = glfwGetWindowAttrib(handle_, GLFW_MAXIMIZED) != GLFW_FALSE;
        pen_.reset();
        glfwDestroyWindow(std::exchange(handle_, nullptr));
    }
    return create(place_.size, &place_);
}

Window::~Window() {
    pen_.reset();
    if (handle_ != nullptr) glfwDestroyWindow(handle_);
    glfwTerminate();
}

Size Window::framebuffer() const {
    Size size;
    glfwGetFramebufferSize(handle_, &size.width, &size.height);
    return size;
}

double Window::content_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(handle_, &x, &y);
    return static_cast<double>(x);
}

void Window::set_title(const std::string& title) {
    title_ = title;
    glfwSetWindowTitle(handle_, title.c_str());
}
bool Window::close_asked() const {
    return glfwWindowShouldClose(handle_) != 0;
}
void Window::keep_open() {
    glfwSetWindowShouldClose(handle_, GLFW_FALSE);
}
void Window::swap() {
    glfwSwapBuffers(handle_);
}
bool Window::focused() const {
    return glfwGetWindowAttrib(handle_, GLFW_FOCUSED) != 0;
}
void Window::hide() {
    glfwHideWindow(handle_);
}
void Window::raise() {
    glfwRestoreWindow(handle_);
    glfwFocusWindow(handle_);
}
void Window::wake() {
    glfwPostEmptyEvent();
}
void Window::poll() {
    glfwPollEvents();
}
void Window::wait(double seconds) {
    if (std::isinf(seconds))
        glfwWaitEvents();
    else
        glfwWaitEventsTimeout(std::max(seconds, 0.001));
}

} // namespace mw::app
