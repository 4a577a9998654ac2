// Which pressure a pointer event had: pen reports come on a connection of their own, a little
// before or after the window's, and meet it by place.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "base/geometry.h"

namespace mw::app {

// The axis of a device that tells how hard the pen is pressed.
struct PressureAxis {
    double min = 0, max = 1;
    // 0..1; a device whose range is empty counts as always pressed.
    double share(double value) const {
        return max > min ? std::clamp((value - min) / (max - min), 0.0, 1.0) : 1.0;
    }
};

// The latest reports of whatever moves the pointer; a mouse reports 1.
class PressureTrack {
  public:
    void add(PointF at, double pressure) {
        last_ = (last_ + 1) % reports_.size();
        reports_[last_] = {at, pressure};
        count_ = std::min(count_ + 1, reports_.size());
    }

    // Of the newest report at this place (within a pixel: one connection rounds, the other does
    // not), else of the newest one; 1 before any.
    double at(PointF place) const {
        for (std::size_t i = 0; i < count_; ++i) {
            const Report& r = reports_[(last_ + reports_.size() - i) % reports_.size()];
            if (std::abs(r.at.x - place.x) <= 1 && std::abs(r.at.y - place.y) <= 1)
                return r.pressure;
        }
        return count_ > 0 ? reports_[last_].pressure : 1.0;
    }

  private:
    struct Report {
        PointF at;
        double pressure = 1;
    };
    std::array<Report, 128> reports_{};
    std::size_t last_ = 0, count_ = 0;
};

} // namespace mw::app
