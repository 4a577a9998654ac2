// Two layers shown as one: each is drawn on a canvas of its own, at the screen's resolution, and a
// shader makes one pixel of two. The cost is the window's, never the picture's.
#pragma once

#include <array>

#include "render/backing.h"
#include "render/canvas.h"
#include "render/placement.h"

namespace mw::render {

enum class PairSide { a, b };

class PairPainter {
  public:
    // Errors: engine, with the driver's log.
    static Result<PairPainter> create();

    // Where a side is drawn, bound: a canvas as large as the one that is drawn to, whose scissor
    // and viewport hold here too. False when the driver has no memory for it.
    bool bind(PairSide side, Size canvas);
    // Lays what was drawn into the bound framebuffer, within `picture` as placed and the clip.
    // Vertex array and clip distance are the caller's; scissor on.
    void paint(const Pairing& pairing, const Placement& at, Size picture);
    // Gives back the canvases.
    void release() { sides_ = {}; }

  private:
    struct PairProgram {
        Program program;
        GLint amount = -1;
    };
    std::array<PairProgram, 4> programs_; // by PairMath
    Sampler nearest_;
    Texture ramp_; // 256 x 1
    std::array<Backing, 2> sides_;
};

} // namespace mw::render
