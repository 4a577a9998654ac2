// A window with an OpenGL 3.3 core context, and what happens to it as plain values.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/pen.h"
#include "base/result.h"
#include "ui/pointer.h"

struct GLFWwindow;

namespace mw::app {

// Filled by GLFW's callbacks while events are polled.
struct WindowEvents {
    std::vector<ui::PointerEvent> pointer;
    std::optional<PointF> pointer_at; // as last reported, window coordinates
    std::vector<std::filesystem::path> dropped;
    bool any = false; // something that may change what is drawn
    bool scale_changed = false;
};

class Window {
  public:
    // `size` in design pixels for scale 1; empty: as large as is sensible. Errors: engine (no
    // display, no OpenGL 3.3), with the way out.
    static Result<std::unique_ptr<Window>> open(Size size, const char* title);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    GLFWwindow* handle() const { return handle_; }
    WindowEvents& events() { return events_; }
    double pressure(PointF at) { return pen_ ? pen_->pressure(at) : 1; }
    Size framebuffer() const;
    double content_scale() const; // of the monitor it is on
    void set_title(const std::string& title);
    bool close_asked() const;
    void keep_open(); // takes back the wish to close
    void swap();

    // From any thread: wakes a wait for events.
    static void wake();
    // Until an event, or at most `seconds` (infinity: however long).
    static void wait(double seconds);
    static void poll();

  private:
    explicit Window(GLFWwindow* handle);
    GLFWwindow* handle_;
    WindowEvents events_;
    std::unique_ptr<Pen> pen_; // null: no pen pressure here
};

} // namespace mw::app
