// Mask: how much is covered, and what changes it as a whole.
#pragma once

#include "ui/mask_slots.h"
#include "ui/refine_panel.h"

namespace mw::ui {

struct MaskPanelState {
    RefinePanelState refine;
    MaskSlotsState slots;
};

void draw_mask_panel(const session::SessionView& view, MaskPanelState& state,
                     session::Actions& out);

} // namespace mw::ui
