// The figures of a comparison: of the pair on the canvas, and of all candidates.
#pragma once

#include <optional>

#include "compare/readout.h"
#include "session/action.h"

namespace mw::ui {

struct CanvasState;

// What the table of candidates is sorted by.
enum class CandidateColumn { id, outside, delta_e, p99, psnr, ssim, flip, seconds };

struct ComparePanelState {
    bool histogram = true, spots = true, profile = false, pixel = true, table = true; // open
    bool histogram_of_flip = false; // else of Delta E
    CandidateColumn sorted_by = CandidateColumn::id;
    bool falling = false;
    // The profile on hand and what it is of.
    std::optional<compare::LineProfile> profile_made;
    std::pair<Point, Point> profile_of;
    std::pair<image::ImageRef, image::ImageRef> profile_pictures;
    Point profile_nudge;
};

void draw_compare_panel(const session::SessionView& view, CanvasState& canvas,
                        ComparePanelState& state, session::Actions& out);

// The rows in the order the panel shows them; those not judged yet last.
std::vector<session::CandidateRow> sorted_candidates(const session::SessionView& view,
                                                     CandidateColumn by, bool falling);

} // namespace mw::ui
