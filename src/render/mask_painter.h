// Draws mask overlays, one window on the mask for each pane.
#pragma once

#include <vector>

#include "render/canvas.h"
#include "render/mask_window.h"
#include "render/placement.h"

namespace mw::render {

class MaskPainter {
  public:
    static Result<MaskPainter> create();

    void begin_frame(std::size_t panes);
    // Uploads what changed for the clip and appends its canvas pixels to `changed`. False when the
    // budget was spent first. Without memory for the window a coarser one does.
    bool prepare(std::size_t pane, const MaskOverlay& overlay, const Placement& at,
                 FrameBudget& budget, std::vector<Rect>& changed);
    // Draws what there is, after prepare for the same pane in the same frame.
    void paint(std::size_t pane, const MaskOverlay& overlay, const Placement& at);

    std::size_t bytes() const;
    std::size_t texels_uploaded() const { return uploaded_; }

  private:
    struct PaneMask {
        MaskWindow window;
        int level = 0;
        Rect tiles; // prepared, of the level; empty: nothing to draw
    };
    std::array<Program, 4> programs_; // by MaskLook
    Sampler nearest_, linear_;        // wrap round
    std::vector<PaneMask> panes_;
    std::size_t uploaded_ = 0;
};

// Whether there is anything to look at.
bool shows(const MaskOverlay& overlay);

} // namespace mw::render
