#include "app/pen.h"

#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>
#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>

namespace mw::app {
namespace {

bool hear_of_devices(Display* display) {
    unsigned char devices[XIMaskLen(XI_LASTEVENT)] = {};
    XISetMask(devices, XI_HierarchyChanged);
    XIEventMask on_root{XIAllDevices, sizeof devices, devices};
    return XISelectEvents(display, DefaultRootWindow(display), &on_root, 1) == Success;
}

// Of one pen or mouse, not of the master pointer: whoever hears the master's motion on a window
// takes it from the clients that wait for the core event, which is how the window's own toolkit
// listens.
void hear_motion(Display* display, unsigned long window, int device) {
    unsigned char motion[XIMaskLen(XI_LASTEVENT)] = {};
    XISetMask(motion, XI_Motion);
    XIEventMask on_window{device, sizeof motion, motion};
    XISelectEvents(display, window, &on_window, 1);
}

} // namespace

unsigned long x11_window(GLFWwindow* window) {
    return glfwGetX11Window(window);
}

std::unique_ptr<Pen> Pen::listen(GLFWwindow* window) {
    const unsigned long x11_window = glfwGetX11Window(window);
    Display* display = x11_window != 0 ? XOpenDisplay(nullptr) : nullptr;
    if (display == nullptr) return nullptr;
    int opcode = 0, event = 0, error = 0, major = 2, minor = 2;
    std::unique_ptr<Pen> pen(new Pen(display, 0));
    if (!XQueryExtension(display, "XInputExtension", &opcode, &event, &error) ||
        XIQueryVersion(display, &major, &minor) != Success || !hear_of_devices(display))
        return nullptr;
    pen->opcode_ = opcode;
    pen->window_ = x11_window;
    pen->learn_devices();
    XFlush(display);
    return pen;
}

Pen::~Pen() {
    XCloseDisplay(display_);
}

void Pen::learn_devices() {
    axes_.clear();
    const Atom pressure = XInternAtom(display_, "Abs Pressure", False);
    int count = 0;
    XIDeviceInfo* devices = XIQueryDevice(display_, XIAllDevices, &count);
    for (int i = 0; i < count; ++i) {
        if (devices[i].use != XISlavePointer) continue;
        hear_motion(display_, window_, devices[i].deviceid);
        for (int c = 0; c < devices[i].num_classes; ++c) {
            if (devices[i].classes[c]->type != XIValuatorClass) continue;
            const auto* axis = reinterpret_cast<const XIValuatorClassInfo*>(devices[i].classes[c]);
            if (axis->label != pressure) continue;
            axes_[devices[i].deviceid] = {axis->number, {axis->min, axis->max}, axis->value};
        }
    }
    if (devices != nullptr) XIFreeDeviceInfo(devices);
}

void Pen::take_reports() {
    while (XPending(display_) > 0) {
        XEvent event;
        XNextEvent(display_, &event);
        XGenericEventCookie& cookie = event.xcookie;
        if (cookie.type != GenericEvent || cookie.extension != opcode_ ||
            !XGetEventData(display_, &cookie))
            continue;
        if (cookie.evtype == XI_HierarchyChanged) {
            learn_devices();
        } else if (cookie.evtype == XI_Motion) {
            const auto& report = *static_cast<const XIDeviceEvent*>(cookie.data);
            double pressure = 1;
            if (const auto it = axes_.find(report.sourceid); it != axes_.end()) {
                const double* value = report.valuators.values;
                for (int n = 0; n < report.valuators.mask_len * 8; ++n) {
                    if (!XIMaskIsSet(report.valuators.mask, n)) continue;
                    if (n == it->second.number) it->second.last = *value;
                    ++value;
                }
                pressure = it->second.range.share(it->second.last);
            }
            track_.add({report.event_x, report.event_y}, pressure);
        }
        XFreeEventData(display_, &cookie);
    }
}

double Pen::pressure(PointF at) {
    take_reports();
    return track_.at(at);
}

} // namespace mw::app
