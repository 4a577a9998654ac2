// Dear ImGui on a window: context, fonts for its scale, textures for the panels.
#pragma once

#include "app/window.h"
#include "ui/look.h"

namespace mw::app {

class Gui {
  public:
    explicit Gui(Window& window);
    ~Gui();
    Gui(const Gui&) = delete;
    Gui& operator=(const Gui&) = delete;

    ui::Look& look() { return look_; }
    // Fonts and style for `scale` (device pixels per design pixel); cheap when it is the same.
    void set_scale(double scale);
    double scale() const { return scale_; }
    void begin_frame(bool keyboard_navigation);
    void end_frame(); // draws into the bound framebuffer
    // Round Window::reopen: gives back what belongs to the window and its context; and takes it up
    // again with the new one.
    void leave_window();
    void enter_window();
    // Input that ImGui keeps for its next frame.
    static bool input_waits();

  private:
    Window& window_;
    ui::Look look_;
    double scale_ = 0;
    bool entered_ = false;
};

} // namespace mw::app
