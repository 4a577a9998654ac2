// A pane whose view is turned or mirrored: drawn upright on a canvas of its own, then laid into the
// window turned.
#pragma once

#include <vector>

#include "render/backing.h"
#include "render/canvas.h"
#include "render/placement.h"

namespace mw::render {

// The pane as it is drawn before the turn: a square canvas, from (0, 0), that holds every turn of
// the pane's area; zoom, layers and overlay are the pane's, the wipe's line is turned back.
Pane upright(const Pane& pane);

class TurnPainter {
  public:
    static Result<TurnPainter> create();

    void begin_frame(std::size_t panes) { backings_.resize(panes); }
    // Where upright(pane) is drawn, bound and with GL's viewport set. False when the driver has no
    // memory for it. `fresh` when what was there is lost.
    bool bind(std::size_t index, Size canvas, bool& fresh);
    // Gives back what a pane that is no longer turned had.
    void release(std::size_t index) { backings_[index] = {}; }
    // Lays the pane into the bound framebuffer of `canvas` pixels, top row first. Vertex array and
    // clip distance are the caller's; scissor on.
    void paint(std::size_t index, const Pane& pane, Size canvas);

  private:
    Program program_;
    Sampler nearest_, linear_;
    std::vector<Backing> backings_;
};

} // namespace mw::render
