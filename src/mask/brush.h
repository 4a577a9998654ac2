// A stroke is the sweep of a disc along a path: coverage is a function of the distance to the path,
// so there is no scalloping, no build-up within a stroke, and no dependence on how often the device
// reports.
#pragma once

#include <vector>

#include "mask/mask.h"

namespace mw::mask {

struct Brush {
    double radius_px = 40; // 0.5 .. 4096, image pixels
    double hardness = 0.8; // 0 .. 1: the share of the radius with full coverage before the fall-off
    double opacity = 1;    // 0 .. 1
    bool erase = false;    // subtract instead of add
    // What pressure scales; a pen without pressure reports 1.
    bool pressure_radius = true, pressure_opacity = false;
    // 0 .. 1: how calmly the brush follows the pointer. 0 is at once; otherwise as if drawn along
    // by a spring with a time constant of up to a quarter of a second. A stroke still ends at the
    // pointer.
    double stabiliser = 0;
    bool operator==(const Brush&) const = default;
};

// A pointer event in image pixels. NaN and infinite coordinates are ignored, far ones are clipped.
struct StrokeSample {
    double x = 0, y = 0;
    double pressure = 1; // 0 .. 1
    double t = 0;        // seconds, any origin; for the stabiliser alone
};

// One stroke from pen down to pen up. Holds the mask as it was and paints over it, so that
// overlapping parts of one stroke do not add up. Cost of a sample is in proportion to the area it
// sweeps, not to the mask.
class StrokePainter {
  public:
    // `base` is the mask before the stroke. Brush values out of range are clamped.
    StrokePainter(Mask base, const Brush& brush);
    // Painting held to a selection of the same size: nowhere has the stroke more than it.
    StrokePainter(Mask base, const Brush& brush, Mask within);
    ~StrokePainter();
    StrokePainter(StrokePainter&&) noexcept;
    StrokePainter& operator=(StrokePainter&&) noexcept;

    // Extends the stroke; the first sample alone paints a disc. Returns the pixels that may have
    // changed.
    Rect extend(const StrokeSample& sample);
    // Base and stroke together, as of the last sample. Valid until the next extend.
    const Mask& mask() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The whole stroke at once.
Mask paint_stroke(const Mask& base, const Brush& brush, const std::vector<StrokeSample>& samples);

} // namespace mw::mask
