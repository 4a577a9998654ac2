#include "mask/stabiliser.h"

#include <algorithm>
#include <cmath>

namespace mw::mask {

Stabiliser::Stabiliser(double strength) {
    const double s = strength > 0 ? std::min(strength, 1.0) : 0;
    time_constant_ = s * s / 4;
}

StrokeSample Stabiliser::follow(const StrokeSample& pointer) {
    if (!active() || !started_) {
        started_ = true;
        return pointer_ = here_ = pointer;
    }
    const double passed = pointer.t - pointer_.t;
    const double dt = passed > 0 && passed < 1e6 ? passed : 1.0 / 120;
    // y' = (x - y) / T with x going straight from x0 to x1: y lags behind x by T x', apart from
    // what is left of the old lag.
    const double decay = std::exp(-dt / time_constant_), lag = time_constant_ / dt;
    const auto towards = [&](double y0, double x0, double x1) {
        const double steady = lag * (x1 - x0);
        return x1 - steady + (y0 - x0 + steady) * decay;
    };
    here_ = {towards(here_.x, pointer_.x, pointer.x), towards(here_.y, pointer_.y, pointer.y),
             std::clamp(towards(here_.pressure, pointer_.pressure, pointer.pressure), 0.0, 1.0),
             pointer.t};
    pointer_ = pointer;
    return here_;
}

} // namespace mw::mask
