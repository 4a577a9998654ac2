// Mask: how much is covered, and what changes it as a whole.
#pragma once

#include "session/action.h"

namespace mw::ui {

struct MaskPanelState {
    float amount_px = 8;
    bool painting = false; // set by the shell: counting waits for the end of the stroke
    std::uint64_t counted_revision = ~0ull;
    Rect bounds;
    std::int64_t pixels = 0;
};

// Brings bounds and pixels up to date, unless a stroke is being painted.
void count_mask(const session::SessionView& view, MaskPanelState& state);
void draw_mask_panel(const session::SessionView& view, MaskPanelState& state,
                     session::Actions& out);

} // namespace mw::ui
