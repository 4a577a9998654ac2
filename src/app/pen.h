// Pen pressure from XInput 2, where the window is an X11 one and the tablet has it.
#pragma once

#include <map>
#include <memory>

#include "app/pressure_track.h"

struct GLFWwindow;
struct _XDisplay;

namespace mw::app {

// Its number on the X server; 0: this is no X11 window.
unsigned long x11_window(GLFWwindow* window);

// Listens on a connection of its own, so that GLFW's is left as it is. UI thread only.
class Pen {
  public:
    // Null where there is no X server or no XInput 2.2: then every pressure is 1.
    static std::unique_ptr<Pen> listen(GLFWwindow* window);
    ~Pen();
    Pen(const Pen&) = delete;
    Pen& operator=(const Pen&) = delete;

    // 0..1 for a pointer event at `at` (window coordinates); takes in what has come since. Never
    // waits.
    double pressure(PointF at);

  private:
    struct Axis {
        int number = 0;
        PressureAxis range;
        double last = 0; // a report leaves out an axis that did not change
    };

    Pen(_XDisplay* display, int opcode) : display_(display), opcode_(opcode) {}
    void learn_devices();
    void take_reports();

    _XDisplay* display_;
    unsigned long window_ = 0;
    int opcode_;               // of the extension
    std::map<int, Axis> axes_; // by source device, those with pressure
    PressureTrack track_;
};

} // namespace mw::app
