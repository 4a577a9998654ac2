// Intelligent scissors: a line that follows edges from an anchor to the pointer.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "mask/mask.h"

namespace mw::select {

// Live-wire (Mortensen & Barrett, "Intelligent scissors for image composition", SIGGRAPH 1995): the
// cheapest 8-connected way, where a step costs 0.43 for no zero crossing of the Laplacian, 0.43 for
// turning off the edge's direction and 0.14 for a weak gradient, times its length. Taken on the
// picture's encoded colours, lightly smoothed; the gradient is that of the channel where it is
// strongest. Features are computed, and ways searched, only as far as the pointer goes.
class Scissors {
  public:
    // `picture` (any format, not empty) must outlive the object. Not for two threads at a time.
    explicit Scissors(image::ImageView picture);
    ~Scissors();
    Scissors(Scissors&&) noexcept;
    Scissors& operator=(Scissors&&) noexcept;

    // Begins a new stretch. Points outside are moved to the nearest pixel.
    void set_anchor(Point anchor);

    // The pixels from the anchor to `target` (moved likewise), both included. The search goes on
    // from where earlier targets left it. Errors: invalid_argument (no anchor), cancelled: what was
    // found so far is kept for the next call.
    Result<std::vector<Point>> path_to(Point target, std::stop_token stop = {});

    // Pixels whose cheapest way is known: what the search has cost so far.
    std::int64_t settled() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// What a closed line through pixel centres encloses, antialiased; where it crosses itself even-odd.
// The last point is joined with the first; fewer than three enclose nothing.
mask::Mask enclosed(Size size, std::span<const Point> line);

// A freehand lasso in image pixels, likewise. Points that are not finite are left out; up to
// millions are taken.
mask::Mask lasso(Size size, std::span<const PointF> line);

} // namespace mw::select
