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
};

class Window {
  public:
    // `size` in design pixels for scale 1; empty: as large as is sensible. Errors: engine (no
    // display, no OpenGL 3.3), with the way out.
    static Result<std::unique_ptr<Window>> open(Size size, const char* title);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // The driver reset the device: every GL object of the context is gone, and nothing more can be
    // drawn with it. Asked between frames.
    bool context_lost() const;
    // Another window in the place of this one, with a context of its own, which is current
    // afterwards; handle() changes. Before it, whatever belongs to the old context must have been
    // given back. Errors: engine; then there is no window, and it may be tried again.
    Status reopen();

    GLFWwindow* handle() const { return handle_; }
    WindowEvents& events() { return events_; }
    double pressure(PointF at) { return pen_ ? pen_->pressure(at) : 1; }
    Size framebuffer() const;
    double content_scale() const; // of the monitor it is on
    void set_title(const std::string& title);
    bool close_asked() const;
    void keep_open(); // takes back the wish to close
    void swap();
    bool focused() const;
    void hide();
    void raise(); // asks for the artist's eye

    // From any thread: wakes a wait for events.
    static void wake();
    // Until an event, or at most `seconds` (infinity: however long).
    static void wait(double seconds);
    static void poll();

  private:
    struct Place {
        int x = 0, y = 0;
        Size size;
        bool maximized = false;
    };
    explicit Window(std::string title) : title_(std::move(title)) {}
    Status create(Size size, const Place* place);

    GLFWwindow* handle_ = nullptr;
    Place place_; // where the last one stood
    std::string title_;
    WindowEvents events_;
    unsigned (*reset_status_)() = nullptr; // null: this driver does not tell
    std::unique_ptr<Pen> pen_;             // null: no pen pressure here
};

} // namespace mw::app
