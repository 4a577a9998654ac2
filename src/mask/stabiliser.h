// A steadier hand: what a stroke follows instead of the pointer.
#pragma once

#include "mask/brush.h"

namespace mw::mask {

// The pointer's path through an exponential filter in time, of time constant strength^2 / 4
// seconds, exact for a pointer that moves straight between samples: so the result does not depend
// on how often the device reports. Samples out of order or without times count as 1/120 s apart.
class Stabiliser {
  public:
    explicit Stabiliser(double strength); // 0 .. 1
    bool active() const { return time_constant_ > 0; }
    // Finite coordinates in, finite coordinates out. The first sample is kept.
    StrokeSample follow(const StrokeSample& pointer);

  private:
    double time_constant_;
    bool started_ = false;
    StrokeSample pointer_, here_;
};

} // namespace mw::mask
